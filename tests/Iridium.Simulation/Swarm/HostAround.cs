using System.Buffers;
using System.Net;
using Akka.Engine;

namespace Iridium.Simulation.Swarm;

/// <summary>A host that is another one but for what a planted bug overrides.</summary>
internal class HostAround(EngineHost inner) : EngineHost
{
    public override TimeProvider Time => inner.Time;

    public override IExecutor Executor => inner.Executor;

    public override INetwork Network => inner.Network;

    public override TextWriter LogSink => inner.LogSink;

    public override ITimerSource CreateTimers(TimeSpan tick) => inner.CreateTimers(tick);

    public override Random CreateRandom(string stream) => inner.CreateRandom(stream);

    public override void FillSecret(Span<byte> bytes) => inner.FillSecret(bytes);

    public override string? EnvironmentVariable(string name) => inner.EnvironmentVariable(name);

    public override IExecutor CreatePinnedExecutor(string name) => inner.CreatePinnedExecutor(name);
}

/// <summary>
/// A network that hands everything a process writes to a bug, frame by frame. Each write of the engine brings whole
/// frames.
/// </summary>
/// <param name="tampering">Makes what stands between the writer and one connection: called with each write, it answers
/// with the bytes to write instead.</param>
internal sealed class TamperedNetwork(INetwork inner, Func<Func<byte[], byte[]>> tampering) : INetwork
{
    public bool ReachesOthers(string host) => inner.ReachesOthers(host);

    public IListener Listen(string host, int port, Func<IConnection, IConnectionHandler?> accept) =>
        inner.Listen(host, port, connection =>
        {
            var tampered = new Tampered(connection, tampering());
            return accept(tampered) is { } handler ? new Handler(tampered, handler) : null;
        });

    public IConnection Connect(string host, int port, IConnectionHandler handler)
    {
        var tampered = new Tampered(null, tampering());
        tampered.Inner = inner.Connect(host, port, new Handler(tampered, handler));
        return tampered;
    }

    private sealed class Tampered(IConnection? connection, Func<byte[], byte[]> tamper) : IConnection
    {
        public IConnection Inner { get; set; } = connection!;

        public EndPoint? RemoteEndPoint => Inner.RemoteEndPoint;

        public long QueuedBytes => Inner.QueuedBytes;

        public void Write(ReadOnlySpan<byte> bytes) => Inner.Write(tamper(bytes.ToArray()));

        public void WriteUrgent(ReadOnlySpan<byte> bytes) => Inner.WriteUrgent(tamper(bytes.ToArray()));

        public void Pause() => Inner.Pause();

        public void Resume() => Inner.Resume();

        public void Close() => Inner.Close();

        public void Abort() => Inner.Abort();
    }

    private sealed class Handler(Tampered tampered, IConnectionHandler handler) : IConnectionHandler
    {
        public void OnOpened(IConnection connection) => handler.OnOpened(tampered);

        public SequencePosition OnReceived(IConnection connection, ReadOnlySequence<byte> bytes) =>
            handler.OnReceived(tampered, bytes);

        public void OnClosed(IConnection connection, CloseReason reason, string detail) =>
            handler.OnClosed(tampered, reason, detail);
    }
}
