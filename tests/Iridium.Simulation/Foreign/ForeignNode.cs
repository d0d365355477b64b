using System.Net;
using System.Net.Sockets;

namespace Iridium.Simulation.Foreign;

/// <summary>
/// A minimal node that is not ours: real sockets around a <see cref="ForeignMind"/>. It dials and can be dialled,
/// shakes hands, acknowledges what is sequenced, and can be killed. Everything it does is said in bytes put together by
/// hand.
/// </summary>
internal sealed class ForeignNode : IDisposable
{
    private readonly object _gate = new();
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<ForeignLine> _lines = [];
    private TaskCompletionSource _change = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="host">What it advertises. Members sort by host, and the first leads: it must sort last.</param>
    public ForeignNode(string system, int uid, string host = "localhost")
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        int port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        Mind = new ForeignMind(new Being(new Place(system, host, port), uid));
        _ = AcceptAll();
    }

    public ForeignMind Mind { get; }

    /// <summary>Connects and shakes hands.</summary>
    public async Task<ForeignLine> Dial(Place peer, TimeSpan limit)
    {
        ForeignLine line = await DialSilently(peer);
        line.SendFrame(Frames.Handshake(Mind.Self));
        await Until(() => line.Peer is not null || line.Ended, limit);
        return line;
    }

    /// <summary>Connects and says nothing.</summary>
    public async Task<ForeignLine> DialSilently(Place peer)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, peer.Port);
        return Start(new ForeignLine(socket) { Dialled = true });
    }

    /// <summary>Lets the mind act, and sends what comes of it.</summary>
    public void Act(Action<ForeignMind> what)
    {
        lock (_gate)
        {
            what(Mind);
            SendAll();
        }
    }

    /// <summary>Waits until the condition holds; looks after every frame. Throws a <see cref="TimeoutException"/> that
    /// tells what this node knows.</summary>
    public async Task Until(Func<bool> condition, TimeSpan limit)
    {
        using var clock = new CancellationTokenSource(limit);
        while (true)
        {
            Task change;
            lock (_gate)
            {
                if (condition()) return;
                change = _change.Task;
            }
            try
            {
                await change.WaitAsync(clock.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"not within {limit}; {Describe()}");
            }
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        lock (_gate)
        {
            foreach (ForeignLine line in _lines) line.Dispose();
        }
    }

    private string Describe()
    {
        lock (_gate)
        {
            string members = string.Join(", ", Mind.Gossip?.Members.Select(each => $"{each.Key.Place} {each.Value}") ?? []);
            return $"members: {members}; welcomes {Mind.WelcomesHeard}, heartbeats {Mind.HeartbeatsAnswered}; "
                + string.Join("; ", Mind.Complaints);
        }
    }

    private async Task AcceptAll()
    {
        try
        {
            while (true) Start(new ForeignLine(await _listener.AcceptAsync()));
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Disposed: nobody is let in any more.
        }
    }

    private ForeignLine Start(ForeignLine line)
    {
        lock (_gate) _lines.Add(line);
        _ = line.ReadAll(OnFrame, Changed);
        return line;
    }

    private void OnFrame(ForeignLine line, byte[] body)
    {
        lock (_gate)
        {
            ProtoMessage frame = ProtoMessage.Parse(body);
            if (frame.Has(2)) OnControl(line, frame.Message(2));
            else OnContainer(line, frame.Message(1));
            SendAll();
        }
        Changed();
    }

    private void OnControl(ForeignLine line, ProtoMessage control)
    {
        switch (control.Int(1))
        {
            case Frames.Associate:
                ProtoMessage handshake = control.Message(2);
                line.Peer = new Being(Place.Read(handshake.Message(1)), (int)handshake.Number(2));
                if (handshake.Message(1).Text(4) != "tcp") Mind.Complaints.Add("the origin of a handshake must say tcp");
                if (!line.Dialled) line.SendFrame(Frames.Handshake(Mind.Self));
                break;
            case Frames.Heartbeat:
                line.SendFrame(Frames.Control(Frames.Heartbeat));
                break;
            default:
                line.Farewell = control.Int(1);
                break;
        }
    }

    private void OnContainer(ForeignLine line, ProtoMessage container)
    {
        if (!container.Has(2)) return;
        ProtoMessage envelope = container.Message(2);
        ulong sequence = envelope.Number(5);
        if (sequence != Frames.Unsequenced) line.SendFrame(Frames.Ack(sequence));
        Mind.OnEnvelope(envelope);
    }

    // A node writes on the connection it dialled; on the other one only if that is all there is.
    private void SendAll()
    {
        foreach (Outgoing outgoing in Mind.TakeOutgoing())
        {
            ForeignLine? line = _lines.Where(each => each.Peer?.Place == outgoing.To && !each.Ended)
                .OrderByDescending(each => each.Dialled).FirstOrDefault();
            line?.SendFrame(outgoing.Frame);
        }
    }

    private void Changed()
    {
        TaskCompletionSource before;
        lock (_gate)
        {
            before = _change;
            _change = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        before.SetResult();
    }
}
