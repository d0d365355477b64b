using Akka.Engine;
using Iridium.Simulation.Network;

namespace Iridium.Simulation.Virtual;

/// <summary>The engine's host inside a simulation: the world as one process sees it.</summary>
internal sealed class SimHost(SimProcess process) : EngineHost
{
    // One stream for all: the same name would give the same bytes again.
    private readonly SeedRandom _secrets = process.Random.Split("secrets");

    public override TimeProvider Time { get; } = new SimTime(process);

    public override IExecutor Executor => process.Executor;

    public override INetwork Network { get; } = new SimNetwork(process);

    public override TextWriter LogSink { get; } =
        process.World.Trace is null ? TextWriter.Null : new TraceWriter(process);

    public override ITimerSource CreateTimers(TimeSpan tick) => new SimTimers(process);

    public override Random CreateRandom(string stream) => process.Random.Split(stream);

    public override void FillSecret(Span<byte> bytes) => _secrets.NextBytes(bytes);

    public override string? EnvironmentVariable(string name) => null;

    public override IExecutor CreatePinnedExecutor(string name) => process.Executor;

    /// <summary>Log lines of a process, each one line of the trace.</summary>
    private sealed class TraceWriter(SimProcess process) : StringWriter
    {
        public override void WriteLine(string? value) => process.World.Note('L', process, value ?? "");
    }
}
