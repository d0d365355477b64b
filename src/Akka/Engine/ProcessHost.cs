using System.Security.Cryptography;

namespace Akka.Engine;

/// <summary>The real machine: the process's clock, thread pool, sockets, environment and standard output.</summary>
internal sealed class ProcessHost : EngineHost
{
    public static readonly ProcessHost Instance = new();

    private static readonly TimeSpan ThreadPatience = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Random _seeds = new();

    private ProcessHost() => Network = new SocketNetwork(Executor, SocketDriver.OfThisMachine);

    public override TimeProvider Time => TimeProvider.System;

    public override IExecutor Executor { get; } = new ThreadPoolExecutor();

    public override INetwork Network { get; }

    // Opened now: when a process has run out of descriptors, the first use of the console would throw.
    public override TextWriter LogSink { get; } = Console.Out;

    public override ITimerSource CreateTimers(TimeSpan tick) => new WheelTimers(Time, tick);

    public override Random CreateRandom(string stream)
    {
        lock (_lock) return new Random(_seeds.Next());
    }

    public override void FillSecret(Span<byte> bytes) => RandomNumberGenerator.Fill(bytes);

    public override string? EnvironmentVariable(string name) => Environment.GetEnvironmentVariable(name);

    public override IExecutor CreatePinnedExecutor(string name) => new PinnedExecutor(name);

    public override IExecutor CreateThreads(string name, int threads) =>
        new ThreadsExecutor(name, threads, ThreadPatience);
}
