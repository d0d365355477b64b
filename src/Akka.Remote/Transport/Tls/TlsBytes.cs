using System.Buffers;
using Akka.Engine;

namespace Akka.Remote.Transport.Tls;

/// <summary>The encrypted side as the stream that <see cref="System.Net.Security.SslStream"/> wants: reads wait for
/// what the raw connection brings, writes go straight into its queue.</summary>
internal sealed class TlsBytes(TlsConnection owner) : Stream
{
    private readonly Lock _gate = new();
    private readonly ArrayBufferWriter<byte> _arrived = new();
    private int _taken;
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
            foreach (ReadOnlyMemory<byte> part in bytes) _arrived.Write(part.Span);
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
            if (buffer.IsEmpty || _arrived.WrittenCount > _taken) return new(TakeLocked(buffer.Span));
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
        ReadOnlySpan<byte> left = _arrived.WrittenSpan[_taken..];
        int count = Math.Min(left.Length, target.Length);
        left[..count].CopyTo(target);
        _taken += count;
        if (_taken == _arrived.WrittenCount)
        {
            _arrived.ResetWrittenCount();
            _taken = 0;
        }
        return count;
    }
}
