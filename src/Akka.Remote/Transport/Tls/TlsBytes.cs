using System.Buffers;
using Akka.Engine;

namespace Akka.Remote.Transport.Tls;

/// <summary>The encrypted side as the stream that <see cref="System.Net.Security.SslStream"/> wants: reads wait for
/// what the raw connection brings, writes go straight into its queue.</summary>
internal sealed class TlsBytes(TlsConnection owner) : Stream
{
    /// <summary>More encrypted bytes than this do not wait for their reader; a read of the network brings at most
    /// 64 KiB on top.</summary>
    public const int MostWaitingBytes = 256 * 1024;

    private readonly Lock _gate = new();
    private byte[] _arrived = [];
    private int _start;
    private int _end;
    private bool _full;
    private bool _ended;
    private (Memory<byte> Target, TaskCompletionSource<int> Done)? _waiting;

    public CloseReason Reason { get; private set; } = CloseReason.EndOfStream;

    public string Detail { get; private set; } = "the peer closed the connection";

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException("A connection has no length.");

    public override long Position
    {
        get => throw new NotSupportedException("A connection has no position.");
        set => throw new NotSupportedException("A connection has no position.");
    }

    public void Arrived(ReadOnlySequence<byte> bytes)
    {
        (TaskCompletionSource<int> Done, int Count)? due = null;
        lock (_gate)
        {
            AddLocked(bytes);
            // Who reads is standing still: so must the peer, or it fills this side's memory.
            if (_end - _start > MostWaitingBytes)
            {
                _full = true;
                owner.Raw.Pause();
            }
            if (_waiting is { } waiting)
            {
                _waiting = null;
                due = (waiting.Done, TakeLocked(waiting.Target.Span));
            }
        }
        due?.Done.SetResult(due.Value.Count);
    }

    /// <returns>True when a reader will notice, now or at its next read.</returns>
    public bool Ended(CloseReason reason, string detail)
    {
        TaskCompletionSource<int>? done;
        lock (_gate)
        {
            _ended = true;
            (Reason, Detail) = (reason, detail);
            done = _waiting?.Done;
            _waiting = null;
        }
        done?.SetResult(0);
        return done is not null;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (buffer.IsEmpty || _end > _start) return new(TakeLocked(buffer.Span));
            if (_ended) return new(0);
            TaskCompletionSource<int> done = new();
            _waiting = (buffer, done);
            return new(done.Task);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(ReadOnlySpan<byte> buffer) => owner.Raw.Write(buffer);

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return default;
    }

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("A connection is read without blocking only.");

    public override long Seek(long offset, SeekOrigin origin) =>
        throw new NotSupportedException("A connection cannot seek.");

    public override void SetLength(long value) => throw new NotSupportedException("A connection has no length.");

    private int TakeLocked(Span<byte> target)
    {
        int count = Math.Min(_end - _start, target.Length);
        _arrived.AsSpan(_start, count).CopyTo(target);
        _start += count;
        if (_full && _end - _start <= MostWaitingBytes / 2)
        {
            _full = false;
            owner.Raw.Resume();
        }
        return count;
    }

    private void AddLocked(ReadOnlySequence<byte> bytes)
    {
        int added = (int)bytes.Length, left = _end - _start;
        if (_end + added > _arrived.Length)
        {
            byte[] target = left + added <= _arrived.Length ? _arrived : new byte[(left + added) * 2];
            _arrived.AsSpan(_start, left).CopyTo(target);
            (_arrived, _start, _end) = (target, 0, left);
        }
        bytes.CopyTo(_arrived.AsSpan(_end));
        _end += added;
    }
}
