using System.Buffers;
using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using Akka.Engine;
using Akka.Remote.Wire;

namespace Akka.Remote.Transport.Tls;

/// <summary>
/// A connection whose bytes are encrypted on their way into and out of another connection. To the raw connection it is
/// the handler; to the handler above it is the connection.
/// </summary>
internal sealed class TlsConnection : IConnection, IConnectionHandler, ITlsEncrypter
{
    private const int ReadBytes = 32 * 1024;
    private const int BytesRemembered = 16;

    private readonly IExecutor _executor;
    private readonly Func<SslStream, Task> _authenticate;
    private readonly TlsBytes _bytes;
    private readonly SslStream _stream;
    private readonly TlsOutbound _outbound;
    private readonly Lock _gate = new();
    private TaskCompletionSource? _resumed;
    private byte[]? _first;
    private bool _closed;
    private bool _local;

    public TlsConnection(IExecutor executor, Func<SslStream, Task> authenticate)
    {
        _executor = executor;
        _authenticate = authenticate;
        _bytes = new TlsBytes(this);
        _stream = new SslStream(_bytes, leaveInnerStreamOpen: false);
        _outbound = new TlsOutbound(this);
    }

    public IConnection Raw { get; set; } = null!;

    public IConnectionHandler Handler { get; set; } = null!;

    public EndPoint? RemoteEndPoint => Raw.RemoteEndPoint;

    bool ITlsEncrypter.IsSlow => Raw.IsSlow;

    public long QueuedBytes => _outbound.Queued + Raw.QueuedBytes;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (_stream.IsAuthenticated) _outbound.Add(bytes, urgent: false);
    }

    public void WriteUrgent(ReadOnlySpan<byte> bytes)
    {
        if (_stream.IsAuthenticated) _outbound.Add(bytes, urgent: true);
    }

    public void Pause()
    {
        lock (_gate) _resumed ??= new TaskCompletionSource();
    }

    public void Resume()
    {
        TaskCompletionSource? resumed;
        lock (_gate)
        {
            resumed = _resumed;
            _resumed = null;
        }
        if (resumed is not null) _executor.Execute(new Completion(resumed));
    }

    public void Close()
    {
        _local = true;
        _outbound.Finish();
        Resume();
    }

    public void Abort()
    {
        _local = true;
        _outbound.Release();
        Raw.Abort();
        Resume();
    }

    void ITlsEncrypter.Encrypt(ReadOnlySpan<byte> bytes) => _stream.Write(bytes);

    void ITlsEncrypter.Hurry() => Raw.Hurry();

    void ITlsEncrypter.Failed() => Raw.Abort();

    void ITlsEncrypter.Finished() => Raw.Close();

    void IConnectionHandler.OnOpened(IConnection connection)
    {
        Raw = connection;
        _outbound.IsTold = connection.TryTellDrained(_outbound.Drained);
        _ = Run();
    }

    SequencePosition IConnectionHandler.OnReceived(IConnection connection, ReadOnlySequence<byte> bytes)
    {
        if (_first is null) _first = bytes.Slice(0, Math.Min(bytes.Length, BytesRemembered)).ToArray();
        _bytes.Arrived(bytes);
        return bytes.End;
    }

    void IConnectionHandler.OnClosed(IConnection connection, CloseReason reason, string detail)
    {
        if (!_bytes.Ended(reason, detail)) End(reason, detail);
    }

    // The one loop that calls the handler. Without an await that leaves the network's thread it runs inside the raw
    // connection's own calls, so that these never overlap either.
    private async Task Run()
    {
        try
        {
            await _authenticate(_stream);
            Handler.OnOpened(this);
            await Read();
            End(_bytes.Reason, _bytes.Detail);
        }
        catch (Exception error) when (!_stream.IsAuthenticated
            || error is AuthenticationException or IOException or InvalidOperationException)
        {
            Raw.Abort();
            End(_local ? CloseReason.Local : CloseReason.Reset,
                $"TLS: {error.Message} {error.InnerException?.Message}".Trim() + Guess());
        }
    }

    // A TLS record begins with its kind, 20 to 23, and the version 3.
    private string Guess() => _first is null or [>= 20 and <= 23, 3, ..] or { Length: < 3 }
        ? ""
        : $"; {WireReport.Guess(_first)} that speaks no TLS";

    private async Task Read()
    {
        byte[] buffer = new byte[ReadBytes];
        int held = 0;
        while (true)
        {
            if (held == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
            int count = await _stream.ReadAsync(buffer.AsMemory(held));
            if (count == 0) return;
            held += count;
            held = Show(buffer, held);
            while (Paused() is { } resumed)
            {
                await resumed;
                held = Show(buffer, held);
            }
        }
    }

    private int Show(byte[] buffer, int held)
    {
        if (_local) return 0;
        ReadOnlySequence<byte> bytes = new(buffer, 0, held);
        SequencePosition consumed = Handler.OnReceived(this, bytes);
        int left = (int)bytes.Slice(consumed).Length;
        buffer.AsSpan(held - left, left).CopyTo(buffer);
        return left;
    }

    private Task? Paused()
    {
        lock (_gate) return _resumed?.Task;
    }

    private void End(CloseReason reason, string detail)
    {
        lock (_gate)
        {
            if (_closed) return;
            _closed = true;
        }
        _outbound.Release();
        Handler.OnClosed(this, reason, detail);
    }

    private sealed class Completion(TaskCompletionSource source) : IThreadPoolWorkItem
    {
        public void Execute() => source.TrySetResult();
    }
}
