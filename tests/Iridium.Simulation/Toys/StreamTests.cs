using Akka.Engine;
using Iridium.Simulation.Network;
using Iridium.Simulation.Virtual;

namespace Iridium.Simulation.Toys;

/// <summary>What the simulated network promises, and what its faults do.</summary>
public sealed class StreamTests
{
    private readonly World _world = new(1);
    private readonly Machine _left;
    private readonly Machine _right;
    private readonly Caller _caller = new();
    private readonly Caller _listener = new();

    public StreamTests()
    {
        _left = _world.Fabric.AddMachine("left");
        _right = _world.Fabric.AddMachine("right");
        _left.Start();
        _right.Start();
    }

    private INetwork LeftNetwork => _left.Process!.Host.Network;

    private INetwork RightNetwork => _right.Process!.Host.Network;

    private void Connect()
    {
        RightNetwork.Listen("right", 2552, _ => _listener);
        LeftNetwork.Connect("right", 2552, _caller);
        Assert.True(_world.RunUntil(() => _caller.Openings == 1 && _listener.Openings == 1, TimeSpan.FromSeconds(1)));
    }

    private bool Wait(Func<bool> condition, double seconds = 1) =>
        _world.RunUntil(condition, TimeSpan.FromSeconds(seconds));

    [Fact]
    public void Bytes_arrive_once_and_in_order_through_any_chunking()
    {
        Connect();
        for (int frame = 0; frame < 300; frame++)
        {
            _caller.Send(_caller.Connection!, frame * 7 % 1000);
            _listener.Send(_listener.Connection!, frame % 5);
        }
        Assert.True(Wait(() => _listener.Received == 300 && _caller.Received == 300));
        Assert.Empty(_listener.Complaints);
        Assert.Empty(_caller.Complaints);
    }

    [Fact]
    public void Who_hands_down_little_at_a_time_is_told_when_all_of_it_is_on_its_way()
    {
        Connect();
        int told = 0, sent = 0;
        Assert.True(_caller.Connection!.TryTellDrained(() =>
        {
            told++;
            if (sent++ < 99) _caller.Send(_caller.Connection!, 1000);
        }));
        _caller.Send(_caller.Connection!, 1000);
        Assert.Equal(0, told);
        Assert.True(Wait(() => _listener.Received == 100 && told == 100));
        Assert.Empty(_listener.Complaints);
    }

    [Fact]
    public void A_close_writes_what_is_queued_and_both_sides_hear_one_farewell()
    {
        Connect();
        for (int frame = 0; frame < 100; frame++) _caller.Send(_caller.Connection!, 4000);
        _caller.Connection!.Close();
        Assert.True(Wait(() => _listener.Farewell is not null));
        Assert.Equal(100, _listener.Received);
        Assert.Equal(CloseReason.EndOfStream, _listener.Farewell);
        Assert.Equal(CloseReason.Local, _caller.Farewell);
        Assert.Empty(_listener.Complaints);
    }

    [Fact]
    public void An_abort_is_a_reset_for_the_peer()
    {
        Connect();
        _caller.Connection!.Abort();
        Assert.True(Wait(() => _listener.Farewell is not null));
        Assert.Equal(CloseReason.Reset, _listener.Farewell);
        Assert.Equal(CloseReason.Local, _caller.Farewell);
    }

    [Fact]
    public void A_dial_to_a_port_without_listener_fails()
    {
        LeftNetwork.Connect("right", 2552, _caller);
        Assert.True(Wait(() => _caller.Farewell is not null));
        Assert.Equal(CloseReason.ConnectFailed, _caller.Farewell);
        Assert.Equal(0, _caller.Openings);
    }

    [Fact]
    public void A_dial_to_an_unknown_name_fails()
    {
        LeftNetwork.Connect("nobody", 2552, _caller);
        Assert.True(Wait(() => _caller.Farewell == CloseReason.ConnectFailed));
    }

    [Fact]
    public void A_dial_into_a_partition_is_answered_after_it_heals()
    {
        RightNetwork.Listen("right", 2552, _ => _listener);
        _world.Fabric.Part([_left], [_right]);
        LeftNetwork.Connect("right", 2552, _caller);
        Assert.False(Wait(() => _caller.Openings > 0 || _caller.Farewell is not null, 20));
        _world.Fabric.Heal();
        Assert.True(Wait(() => _caller.Openings == 1, 20));
    }

    [Fact]
    public void A_taken_port_cannot_be_bound_and_is_free_again_after_its_process_died()
    {
        RightNetwork.Listen("right", 2552, _ => _listener);
        Assert.Throws<NetworkException>(() => RightNetwork.Listen("0.0.0.0", 2552, _ => _listener));
        Assert.Throws<NetworkException>(() => RightNetwork.Listen("left", 2553, _ => _listener));
        _right.Process!.Kill();
        _right.Start();
        Assert.Equal(2552, RightNetwork.Listen("right", 2552, _ => _listener).Port);
    }

    [Fact]
    public void Port_0_is_a_free_port()
    {
        int first = RightNetwork.Listen("right", 0, _ => _listener).Port;
        int second = RightNetwork.Listen("right", 0, _ => _listener).Port;
        Assert.NotEqual(first, second);
        Assert.True(first > 0);
    }

    [Fact]
    public void A_listener_may_turn_a_connection_away()
    {
        RightNetwork.Listen("right", 2552, _ => null);
        LeftNetwork.Connect("right", 2552, _caller);
        Assert.True(Wait(() => _caller.Farewell is not null));
    }

    [Fact]
    public void A_paused_process_is_dialled_by_its_kernel_and_its_window_fills()
    {
        RightNetwork.Listen("right", 2552, _ => _listener);
        _right.Process!.Pause();
        LeftNetwork.Connect("right", 2552, _caller);
        Assert.True(Wait(() => _caller.Openings == 1));
        for (int frame = 0; frame < 400; frame++) _caller.Send(_caller.Connection!, 1000);
        Wait(() => false);
        Assert.Equal(0, _listener.Received);
        Assert.Equal(400 * 1012, _caller.Connection!.QueuedBytes);
        _right.Process!.Resume();
        Assert.True(Wait(() => _listener.Received == 400));
        Assert.Equal(0, _caller.Connection!.QueuedBytes);
    }

    [Fact]
    public void A_handler_that_pauses_its_connection_sees_the_rest_after_resuming()
    {
        Connect();
        _listener.OnFrame = caller => caller.Connection!.Pause();
        for (int frame = 0; frame < 50; frame++) _caller.Send(_caller.Connection!, 9000);
        _caller.Connection!.Close();
        Assert.False(Wait(() => _listener.Received == 50));
        Assert.Null(_listener.Farewell);
        _listener.OnFrame = null;
        _listener.Connection!.Resume();
        Assert.True(Wait(() => _listener.Farewell == CloseReason.EndOfStream));
        Assert.Equal(50, _listener.Received);
    }

    [Fact]
    public void Urgent_frames_pass_what_is_still_queued()
    {
        RightNetwork.Listen("right", 2552, _ => _listener);
        _right.Process!.Pause();
        LeftNetwork.Connect("right", 2552, _caller);
        Assert.True(Wait(() => _caller.Openings == 1));
        for (int frame = 0; frame < 1000; frame++) _caller.Send(_caller.Connection!, 1000);
        Wait(() => false);
        byte[] probe = new byte[12];
        probe[0] = 8;
        BitConverter.TryWriteBytes(probe.AsSpan(4), 777L);
        _caller.Connection!.WriteUrgent(probe);
        _right.Process!.Resume();
        Assert.True(Wait(() => _listener.Complaints.Count > 0));
        Assert.Matches("frame 777 came as frame [0-9]{1,3}$", _listener.Complaints[0]);
    }

    [Fact]
    public void A_killed_process_is_heard_of_at_once()
    {
        Connect();
        _right.Process!.Kill();
        Assert.True(Wait(() => _caller.Farewell is CloseReason.EndOfStream or CloseReason.Reset, 0.1));
        Assert.Null(_listener.Farewell);
    }

    [Fact]
    public void A_machine_without_power_is_silent_until_it_is_back()
    {
        Connect();
        _right.PowerOff();
        _caller.Send(_caller.Connection!, 10);
        Assert.False(Wait(() => _caller.Farewell is not null, 60));
        _right.Start();
        Assert.True(Wait(() => _caller.Farewell == CloseReason.Reset, 120));
    }

    [Fact]
    public void Ten_percent_loss_delays_but_garbles_nothing()
    {
        Connect();
        _world.Fabric[_left, _right].Loss = 0.1;
        _world.Fabric[_right, _left].Loss = 0.1;
        long longest = 0;
        long heard = 0;
        _listener.OnFrame = _ =>
        {
            if (heard > 0) longest = Math.Max(longest, _world.Now - heard);
            heard = _world.Now;
        };
        for (int beat = 0; beat < 600; beat++)
        {
            _caller.Send(_caller.Connection!, 50);
            _world.RunFor(TimeSpan.FromSeconds(1));
        }
        Assert.True(Wait(() => _listener.Received == 600, 60));
        Assert.Empty(_listener.Complaints);
        Assert.InRange(new TimeSpan(longest), TimeSpan.FromSeconds(1.2), TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void A_cut_one_way_silences_the_stream_both_ways()
    {
        Connect();
        _world.Fabric.CutOneWay(_right, _left);
        _world.RunFor(TimeSpan.FromSeconds(1));
        _caller.Send(_caller.Connection!, 1);
        _world.RunFor(TimeSpan.FromSeconds(1));
        // The first frame gets there; its acknowledgement does not, so the second is not even sent.
        _caller.Send(_caller.Connection!, 1);
        _world.RunFor(TimeSpan.FromSeconds(10));
        Assert.Equal(1, _listener.Received);
        _world.Fabric.Heal();
        Assert.True(Wait(() => _listener.Received == 2, 30));
    }

    [Fact]
    public void A_slow_link_takes_its_time()
    {
        Connect();
        _world.Fabric[_left, _right].BytesPerSecond = 32_000;
        for (int frame = 0; frame < 64; frame++) _caller.Send(_caller.Connection!, 988);
        Assert.False(Wait(() => _listener.Received == 64, 1.9));
        Assert.True(Wait(() => _listener.Received == 64, 1));
    }
}
