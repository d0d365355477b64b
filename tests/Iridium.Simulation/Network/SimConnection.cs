using System.Buffers;
using System.Net;
using Akka.Engine;
using Iridium.Simulation.Virtual;

namespace Iridium.Simulation.Network;

/// <summary>
/// One end of a byte stream: what the process sees of it, and the little that its kernel keeps for it. Calls of the
/// handler are happenings of the process, so a paused process hears them late and a dead one never.
/// </summary>
internal sealed class SimConnection : IConnection
{
    private static readonly long _longestFarewell = TimeSpan.FromSeconds(2).Ticks;

    private readonly World _world;
    private readonly SeedRandom _chance;
    private readonly ByteStore _kernel = new();
    private readonly ByteStore _shown = new();
    private readonly SendQueue _early = new();
    private IConnectionHandler? _handler;
    private Pipe? _out;
    private SimConnection? _peer;
    private bool _open;
    private bool _closing;
    private bool _closed;
    private bool _endArrived;
    private bool _resetArrived;
    private bool _readPlanned;
    private bool _paused;
    private bool _showAgain;
    private bool _told;
    private Action? _drained;

    public SimConnection(SimProcess process, string remoteHost, int remotePort, IConnectionHandler? handler)
    {
        Process = process;
        RemoteEndPoint = new DnsEndPoint(remoteHost, remotePort);
        _world = process.World;
        _chance = _world.Fabric.Chance;
        _handler = handler;
        process.Opened(this);
    }

    public SimProcess Process { get; }

    public EndPoint? RemoteEndPoint { get; }

    /// <summary>What has arrived and was not read yet.</summary>
    public int KernelBytes => _kernel.Count;

    public long QueuedBytes => _early.Count + (_out?.QueuedBytes ?? 0);

    /// <summary>The handler has heard its last word, or will hear nothing more.</summary>
    public bool IsClosed => _closed;

    public void Write(ReadOnlySpan<byte> bytes) => Write(bytes, urgent: false);

    public void WriteUrgent(ReadOnlySpan<byte> bytes) => Write(bytes, urgent: true);

    public bool TryTellDrained(Action drained)
    {
        _drained = drained;
        return true;
    }

    public void Pause() => _paused = true;

    public void Resume()
    {
        if (!_paused) return;
        _paused = false;
        PlanRead();
    }

    public void Close()
    {
        if (_closing || _closed) return;
        _closing = true;
        if (_open) _out!.End();
        else Abort();
    }

    public void Abort()
    {
        if (_closed) return;
        _closing = true;
        _out?.Reset();
        Finish(CloseReason.Local, "aborted");
    }

    /// <summary>Joins the two ends of a stream that the kernels have agreed on.</summary>
    internal static void Join(SimConnection dialler, SimConnection acceptor)
    {
        Fabric fabric = dialler._world.Fabric;
        Link there = fabric[dialler.Process.Machine, acceptor.Process.Machine];
        Link back = fabric[acceptor.Process.Machine, dialler.Process.Machine];
        dialler._peer = acceptor;
        acceptor._peer = dialler;
        dialler._out = new Pipe(dialler._world, dialler, acceptor, there, back);
        acceptor._out = new Pipe(dialler._world, acceptor, dialler, back, there);
    }

    /// <summary>Whether the other end is on that machine.</summary>
    internal bool LeadsTo(Machine machine) => _peer?.Process.Machine == machine;

    /// <summary>Something between the two ends resets both.</summary>
    internal void BreakBothWays()
    {
        if (_closed || _peer is not { } peer) return;
        OnReset();
        if (!peer._closed) peer.OnReset();
    }

    internal bool IsJoined => _out is not null;

    /// <summary>The process learns that the stream is open.</summary>
    internal void Open(IConnectionHandler? handler)
    {
        if (_closed || _closing) return;
        _handler = handler ?? _handler;
        _open = true;
        _world.Note('o', Process, $"open to {Name(RemoteEndPoint)}");
        while (_early.TryTakeWrite(out byte[]? bytes, out bool urgent)) _out!.Write(bytes, urgent);
        _handler?.OnOpened(this);
        PlanRead();
    }

    internal void FailToConnect(string detail)
    {
        if (!_closed) Finish(CloseReason.ConnectFailed, detail);
    }

    /// <summary>The kernel takes bytes from the network; false if nobody is there to read them.</summary>
    internal bool TryTake(byte[] bytes, bool isEnd)
    {
        if (_closed) return isEnd && Process.Alive;
        _kernel.Add(bytes);
        _endArrived |= isEnd;
        PlanRead();
        return true;
    }

    /// <summary>Bytes came for an end that is gone: the kernel answers with a reset.</summary>
    internal void Refuse() => _out?.Reset();

    internal void OnReset()
    {
        _resetArrived = true;
        _out?.Die();
        // A reset overtakes what was not read yet, or not.
        if (_chance.OneIn(2)) _kernel.Clear();
        PlanRead();
    }

    /// <summary>All that was written is on its way.</summary>
    internal void OnAllSent()
    {
        if (_drained is not null) _world.Plan(_world.Now, Process, new Drained(this));
    }

    /// <summary>What was written is on its way. The stream ends when the peer ends it too, or after a while
    /// without.</summary>
    internal void OnEndSent()
    {
        if (!_closing || _closed) return;
        PlanRead();
        _world.Plan(_world.Now + _longestFarewell, Process, new Farewell(this, CloseReason.Local, "closed"));
    }

    /// <summary>What a kernel does for a process that ended: unread bytes make the farewell a reset.</summary>
    internal void OnProcessEnded(bool silent)
    {
        _closed = true;
        if (silent) _out?.Die();
        else if (_kernel.Count > 0 || _chance.OneIn(4)) _out?.Reset();
        else _out?.End();
    }

    private void Write(ReadOnlySpan<byte> bytes, bool urgent)
    {
        if (_closing || _closed || bytes.IsEmpty) return;
        if (_open) _out!.Write(bytes, urgent);
        else _early.Add(bytes, urgent);
    }

    private void PlanRead()
    {
        if (_readPlanned || !_open || _closed || !HasNews) return;
        _readPlanned = true;
        _world.Plan(_world.Now + _chance.Between(5, 50), Process, new Read(this));
    }

    // A pause holds back bytes and the end of the stream behind them, but not a reset.
    private bool HasNews =>
        _resetArrived || ((!_paused || _closing) && (_kernel.Count > 0 || _showAgain || _endArrived));

    private void OnRead()
    {
        _readPlanned = false;
        if (_closed || !HasNews) return;
        if (_closing) Discard();
        else if (!_paused && (_kernel.Count > 0 || _showAgain)) Show();
        if (_closed) return;
        if (_resetArrived && (_paused || _kernel.Count == 0)) HearEnd(CloseReason.Reset, "reset by the peer");
        else if (_endArrived && (!_paused || _closing) && _kernel.Count == 0) HearEnd(CloseReason.EndOfStream, "closed by the peer");
        else PlanRead();
    }

    private void Discard()
    {
        _kernel.Clear();
        _peer?._out?.OnDrained();
    }

    private void Show()
    {
        int count = _kernel.Count;
        if (count > 1 && _chance.OneIn(_world.Rules.PartialReadOneIn)) count = 1 + _chance.Next(count - 1);
        ReadOnlySpan<byte> fresh = _kernel.Span[..count];
        _world.Stir(fresh);
        if (_world.Trace is not null) _world.Note('r', Process, $"{count} bytes from {Name(RemoteEndPoint)}");
        _shown.Add(fresh);
        _kernel.Drop(count);
        _showAgain = false;
        if (count > 0) _peer?._out?.OnDrained();

        int split = _chance.OneIn(8) ? _chance.Next(_shown.Count) : 0;
        ReadOnlySequence<byte> shown = _shown.Show(split);
        SequencePosition consumed = _handler!.OnReceived(this, shown);
        _shown.Drop((int)(shown.Length - shown.Slice(consumed).Length));
        _showAgain |= _paused && _shown.Count > 0;
    }

    private void HearEnd(CloseReason reason, string detail)
    {
        // A peer that closed reads no more, so what is still unsent has no reader.
        if (reason == CloseReason.EndOfStream) _out?.End();
        else _out?.Die();
        Forget();
        Tell(_closing ? CloseReason.Local : reason, detail);
    }

    private void Finish(CloseReason reason, string detail)
    {
        Forget();
        _world.Plan(_world.Now, Process, new Farewell(this, reason, detail));
    }

    private void Forget()
    {
        _closed = true;
        _kernel.Clear();
        Process.Closed(this);
    }

    private void OnFarewell(CloseReason reason, string detail)
    {
        if (_told) return;
        if (!_closed) Forget();
        Tell(reason, detail);
    }

    private void Tell(CloseReason reason, string detail)
    {
        _told = true;
        _world.Note('c', Process, $"{reason} from {Name(RemoteEndPoint)}: {detail}");
        _handler?.OnClosed(this, reason, detail);
    }

    private static string Name(EndPoint? end) => end is DnsEndPoint point ? $"{point.Host}:{point.Port}" : "nowhere";

    private sealed class Read(SimConnection connection) : IHappening
    {
        public char Letter => 'r';

        public void Happen() => connection.OnRead();
    }

    private sealed class Drained(SimConnection connection) : IHappening
    {
        public char Letter => 'a';

        public void Happen()
        {
            if (!connection._closed) connection._drained!();
        }
    }

    private sealed class Farewell(SimConnection connection, CloseReason reason, string detail) : IHappening
    {
        public char Letter => 'c';

        public void Happen() => connection.OnFarewell(reason, detail);
    }
}
