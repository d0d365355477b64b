using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Configuration;
using Akka.Remote.TestKit;
using Akka.Remote.Transport;

namespace Akka.MultiNode.Tests.Inside;

/// <summary>The conductor between systems of one process, over loopback.</summary>
public sealed class ConductorTests : IAsyncLifetime
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);
    private static readonly RoleName _a = new("a");
    private static readonly RoleName _b = new("b");

    private readonly List<ActorSystem> _systems = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() =>
        Task.WhenAll(_systems.Select(system => system.Terminate())).WaitAsync(_patience);

    [Fact]
    public async Task Systems_meet_at_barriers_and_know_one_another()
    {
        (TestConductor first, TestConductor second, _) = await Meet();

        Task atBarrier = first.EnterAsync("x", "y");
        Assert.False(atBarrier.IsCompleted);
        await second.EnterAsync("x", "y");
        await atBarrier;

        Assert.Equal(second.Address, await first.GetAddressFor(_b));
        Assert.Equal([_a, _b], await first.GetNodes());
    }

    [Fact]
    public async Task A_barrier_at_which_not_all_arrive_in_time_fails_and_the_log_names_who_is_missing()
    {
        (TestConductor first, TestConductor second, _) = await Meet();

        var failure = await Assert.ThrowsAsync<TestConductorException>(
            () => first.EnterAsync(TimeSpan.FromMilliseconds(200), ["x"]));

        Assert.Contains("The barrier 'x' failed", failure.Message);
        await Assert.ThrowsAsync<TestConductorException>(() => second.EnterAsync("x"));
    }

    [Fact]
    public async Task Who_waits_for_a_node_that_ends_does_not_wait_long()
    {
        (TestConductor first, _, _) = await Meet();
        Task atBarrier = first.EnterAsync("x");
        // With its answer it is sure that the controller knows who waits: who comes when the other is gone waits for nobody.
        await first.GetAddressFor(_b);

        await _systems[1].Terminate();

        await Assert.ThrowsAsync<TestConductorException>(() => atBarrier.WaitAsync(_patience));
        await Assert.ThrowsAsync<TestConductorException>(
            () => first.Blackhole(_b, _a, ThrottleTransportAdapter.Direction.Both).WaitAsync(_patience));
    }

    [Fact]
    public async Task Who_waits_for_a_controller_that_ends_does_not_wait_long()
    {
        (_, TestConductor second, _) = await Meet();
        Task atBarrier = second.EnterAsync("x");

        await _systems[0].Terminate();

        await Assert.ThrowsAsync<TestConductorException>(() => atBarrier.WaitAsync(_patience));
    }

    [Fact]
    public async Task A_system_that_is_shut_down_by_order_is_not_missed()
    {
        (TestConductor first, _, _) = await Meet();

        await first.Shutdown(_b);

        await _systems[1].WhenTerminated.WaitAsync(_patience);
        await first.EnterAsync("x");
        Assert.Equal([_a], await first.GetNodes());
    }

    [Fact]
    public async Task What_is_blackholed_does_not_arrive_until_it_is_let_through_again()
    {
        (TestConductor first, _, _) = await Meet();
        ActorSelection echo = _systems[0].ActorSelection($"{await first.GetAddressFor(_b)}/user/echo");
        Assert.Equal("one", await echo.Ask<string>("one", _patience));

        await first.Blackhole(_a, _b, ThrottleTransportAdapter.Direction.Send);
        await Assert.ThrowsAsync<AskTimeoutException>(() => echo.Ask<string>("two", TimeSpan.FromMilliseconds(300)));
        await first.PassThrough(_a, _b, ThrottleTransportAdapter.Direction.Send);

        Assert.Equal("three", await echo.Ask<string>("three", _patience));
    }

    [Fact]
    public async Task A_second_node_of_one_role_is_refused()
    {
        (_, _, IPEndPoint controller) = await Meet();

        var failure = await Assert.ThrowsAsync<TestConductorException>(
            () => TestConductor.Get(Start()).StartClient(_b, controller).WaitAsync(_patience));

        Assert.Contains("there is a b already", failure.Message);
    }

    [Fact]
    public async Task A_controller_that_cannot_listen_says_so()
    {
        using TcpListener taken = new(IPAddress.Loopback, 0);
        taken.Start();

        var failure = await Assert.ThrowsAsync<TestConductorException>(() => TestConductor.Get(Start())
            .StartController(1, _a, (IPEndPoint)taken.LocalEndpoint).WaitAsync(_patience));

        Assert.Contains("the port is taken by another process", failure.Message);
    }

    [Fact]
    public async Task Nobody_gives_orders_but_who_runs_the_controller()
    {
        (TestConductor first, TestConductor second, IPEndPoint controller) = await Meet();

        await Assert.ThrowsAsync<InvalidOperationException>(() => second.Exit(_a, 0));
        await Assert.ThrowsAsync<InvalidOperationException>(() => first.StartController(2, _a, controller));
        await Assert.ThrowsAsync<InvalidOperationException>(() => second.StartClient(_b, controller));
    }

    [Fact]
    public async Task A_player_that_finds_no_controller_says_so()
    {
        ActorSystem system = Start("akka.testconductor { client-reconnects = 1, reconnect-backoff = 10ms }");
        using Socket taken = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));

        var failure = await Assert.ThrowsAsync<TestConductorException>(
            () => TestConductor.Get(system).StartClient(_b, (IPEndPoint)taken.LocalEndPoint!).WaitAsync(_patience));

        Assert.Contains("cannot connect", failure.Message);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n")] // its first four letters are the length of a frame far beyond the limit
    [InlineData("\u0002\0\0\0no")] // a frame, but no message
    [InlineData("")] // nothing at all, for too long
    public async Task A_stranger_is_shown_out_and_the_play_goes_on(string words)
    {
        (TestConductor first, TestConductor second, IPEndPoint controller) =
            await Meet("akka.testconductor.hello-timeout = 100ms");
        using TcpClient stranger = new();
        await stranger.ConnectAsync(controller);
        await stranger.GetStream().WriteAsync(words.Select(letter => (byte)letter).ToArray());

        int read;
        try
        {
            read = await stranger.GetStream().ReadAsync(new byte[1]).AsTask().WaitAsync(_patience);
        }
        catch (IOException)
        {
            read = 0;
        }

        Assert.Equal(0, read);
        await Task.WhenAll(first.EnterAsync("x"), second.EnterAsync("x"));
    }

    private ActorSystem Start(string config = "")
    {
        ActorSystem system = ActorSystem.Create("play", ConfigurationFactory.ParseString(config).WithFallback(
            """
            akka.actor.provider = remote
            akka.loglevel = ERROR
            akka.remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0, applied-adapters = [trttl, gremlin] }
            """));
        _systems.Add(system);
        system.ActorOf(Props.Create<Echo>(), "echo");
        return system;
    }

    private async Task<(TestConductor First, TestConductor Second, IPEndPoint Controller)> Meet(string config = "")
    {
        TestConductor first = TestConductor.Get(Start(config));
        TestConductor second = TestConductor.Get(Start(config));
        Task<IPEndPoint> started = first.StartController(2, _a, new IPEndPoint(IPAddress.Loopback, 0));
        IPEndPoint controller = await first.SockAddr();
        await second.StartClient(_b, controller);
        await started;
        return (first, second, controller);
    }

    private sealed class Echo : ReceiveActor
    {
        public Echo() => ReceiveAny(message => Sender.Tell(message));
    }
}
