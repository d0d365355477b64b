using Iridium.Simulation.Virtual;

namespace Iridium.Simulation.Network;

/// <summary>
/// One direction of a byte stream, as the kernels and the network between two processes treat it: batches are sent
/// while the window has room, arrive in order, and must be acknowledged over the way back. A batch or an
/// acknowledgement that is lost stops the pipe until a retransmission gets through; those come 0.2 s later, then 0.4 s,
/// 0.8 s and so on. That is why a stream is silent much longer than the fault it met.
/// </summary>
internal sealed class Pipe(World world, SimConnection writer, SimConnection reader, Link forward, Link backward)
{
    /// <summary>What may be under way and unread: a receive buffer of Linux's default size.</summary>
    public const int WindowBytes = 128 * 1024;

    private static readonly long FirstRetry = TimeSpan.FromMilliseconds(200).Ticks;
    private static readonly long LongestRetry = TimeSpan.FromSeconds(120).Ticks;

    private readonly SendQueue _unsent = new();
    private long _underWay;
    private long _lastArrival;
    private bool _flushPlanned;
    private bool _endWanted;
    private bool _endSent;
    private bool _dead;
    private bool _recovering;
    private int _retries;
    private Batch? _lost;

    /// <summary>What was written and not yet read by the peer's process.</summary>
    public long QueuedBytes => _dead ? 0 : _unsent.Count + _underWay + reader.KernelBytes;

    /// <summary>All that was written is under way, and the end of the stream behind it.</summary>
    public bool EndSent => _endSent;

    public void Write(ReadOnlySpan<byte> bytes, bool urgent)
    {
        if (_dead || _endWanted) return;
        _unsent.Add(bytes, urgent);
        PlanFlush(0);
    }

    /// <summary>Sends what is written, then the end of the stream.</summary>
    public void End()
    {
        if (_dead || _endWanted) return;
        _endWanted = true;
        PlanFlush(0);
    }

    /// <summary>Nothing more leaves. What is under way still arrives.</summary>
    public void Die()
    {
        _dead = true;
        _unsent.Clear();
        _lost = null;
    }

    /// <summary>The writer is gone: tells the reader, once. A reset that gets lost is not repeated.</summary>
    public void Reset()
    {
        Die();
        if (!forward.TryPass(40, out long arrival)) return;
        world.Plan(After(arrival), null, new ResetArrives(this));
    }

    /// <summary>The reader took bytes, so the window may have opened.</summary>
    public void OnDrained()
    {
        if (_unsent.Count > 0) PlanFlush(backward.Latency.Ticks);
    }

    private void PlanFlush(long delay)
    {
        if (_flushPlanned || _recovering) return;
        _flushPlanned = true;
        world.Plan(world.Now + delay + 10, null, new Flush(this));
    }

    private void OnFlush()
    {
        _flushPlanned = false;
        while (!_dead && !_recovering)
        {
            long room = WindowBytes - _underWay - reader.KernelBytes;
            int size = (int)Math.Min(_unsent.Count, room);
            if (size > 0)
            {
                Send(new Batch(this, _unsent.Take(size), false));
                if (_unsent.Count == 0) writer.OnAllSent();
            }
            else if (_unsent.Count == 0 && _endWanted && !_endSent) SendEnd();
            else return;
        }
    }

    private void SendEnd()
    {
        _endSent = true;
        Send(new Batch(this, [], true));
        writer.OnEndSent();
    }

    private void Send(Batch batch)
    {
        if (!TrySend(batch)) Recover(batch);
        else if (!backward.TryPass(40, out _)) Recover(null);
    }

    private bool TrySend(Batch batch)
    {
        if (!forward.TryPass(batch.Bytes.Length + 40, out long arrival)) return false;
        _underWay += batch.Bytes.Length;
        world.Plan(After(arrival), null, batch);
        return true;
    }

    private long After(long arrival) => _lastArrival = Math.Max(arrival, _lastArrival + 1);

    private void Recover(Batch? lost)
    {
        _recovering = true;
        _lost = lost;
        _retries = 0;
        PlanRetry();
    }

    private void PlanRetry()
    {
        long pause = Math.Min(FirstRetry << Math.Min(_retries++, 12), LongestRetry);
        world.Plan(world.Now + pause + forward.Latency.Ticks + backward.Latency.Ticks, null, new Retry(this));
    }

    private void OnRetry()
    {
        if (_dead) return;
        if (_lost is { } lost)
        {
            if (!TrySend(lost))
            {
                PlanRetry();
                return;
            }
            _lost = null;
        }
        else if (!forward.TryPass(40, out _))
        {
            PlanRetry();
            return;
        }
        if (!backward.TryPass(40, out _))
        {
            PlanRetry();
            return;
        }
        _recovering = false;
        PlanFlush(0);
    }

    private void OnArrive(Batch batch)
    {
        _underWay -= batch.Bytes.Length;
        if (!reader.Process.Machine.Powered)
        {
            // Nobody acknowledges. Should the machine come back, the retransmission meets a stranger.
            if (!_recovering && !_dead) Recover(batch);
            else _lost ??= _dead ? null : batch;
            return;
        }
        if (!reader.TryTake(batch.Bytes, batch.IsEnd)) reader.Refuse();
    }

    private sealed class Batch(Pipe pipe, byte[] bytes, bool isEnd) : IHappening
    {
        public byte[] Bytes => bytes;

        public bool IsEnd => isEnd;

        public char Letter => isEnd ? 'e' : 'd';

        public void Happen() => pipe.OnArrive(this);
    }

    private sealed class Flush(Pipe pipe) : IHappening
    {
        public char Letter => 'w';

        public void Happen() => pipe.OnFlush();
    }

    private sealed class Retry(Pipe pipe) : IHappening
    {
        public char Letter => 'y';

        public void Happen() => pipe.OnRetry();
    }

    private sealed class ResetArrives(Pipe pipe) : IHappening
    {
        public char Letter => 'x';

        public void Happen() => pipe.Reader.OnReset();
    }

    private SimConnection Reader => reader;
}
