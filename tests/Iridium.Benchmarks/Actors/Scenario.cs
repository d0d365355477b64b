using Akka.Actor;

namespace Iridium.Benchmarks.Actors;

/// <summary>One thing that actors do often.</summary>
/// <param name="Count">How many of what is counted one run does.</param>
/// <param name="Actors">Runs it with actors, to the end.</param>
/// <param name="Erlang">The scenario of <c>yard.erl</c> that does the same.</param>
/// <param name="Channels">The same with bare channels, where that makes sense.</param>
/// <param name="CpuTarget">How much CPU one of what is counted may take.</param>
/// <param name="BytesTarget">How much it may allocate.</param>
/// <param name="After">Cleans up after each run, outside of the measurement.</param>
internal sealed record Scenario(
    string Name, int Count, Action<ActorSystem> Actors, string Erlang, Action? Channels = null,
    string? CpuTarget = null, string? BytesTarget = null, Action? After = null)
{
    private const int Million = 1_000_000;

    /// <summary>The message itself is there already; a little is for making the actors.</summary>
    private const string Nothing = "< 1";

    /// <summary>One node of a mailbox, where messages wait.</summary>
    private const string OneNode = "<= 42";

    public static readonly IReadOnlyList<Scenario> All =
    [
        new("ping-pong, one pair", 4 * Million, system => PingPong.Run(system, 1, 4 * Million, 1), "pingpong",
            () => ChannelLoop.PingPong(4 * Million), "<= 70", Nothing),
        new("ping-pong, 16 pairs", 8 * Million, system => PingPong.Run(system, 16, 8 * Million, 1), "pairs",
            () => ChannelLoop.Pairs(16, 8 * Million), "<= 70", Nothing),
        new("1,000 in flight, one pair", 8 * Million, system => PingPong.Run(system, 1, 8 * Million, 1000), "inflight",
            null, "<= 35", OneNode),
        new("many to one, 8 senders", 8 * Million, system => ManyToOne.Run(system, 8, Million), "manytoone",
            () => ChannelLoop.ManyToOne(8, Million), "<= 220", OneNode),
        new("ring of 1,000", 4 * Million, system => Ring.Run(system, 1000, 4 * Million), "ring", null, null, OneNode),
        new("ask", Million / 2, system => Asking.Run(system, Million / 2), "ask",
            () => ChannelLoop.Ask(16, Million / 2), "<= 500", "<= 400"),
        new("publish to 1,000", 2 * Million, system => Publishing.Run(system, 1000, 2000), "publish",
            () => ChannelLoop.Publish(1000, 2000), null, OneNode),
        new("spawn", Million / 5, system => Spawning.Raise(system, Million / 5), "spawn", null, "<= 3000", "<= 1500",
            Spawning.Clear),
        new("spawn and stop", Million / 5, system => Spawning.RaiseAndStop(system, Million / 5), "spawnstop",
            After: Spawning.Clear),
    ];
}

/// <summary>What one of what a scenario counts cost, in nanoseconds.</summary>
/// <param name="Elapsed">Time that passed.</param>
/// <param name="Cpu">Time of all processors of the process.</param>
internal readonly record struct Cost(double Elapsed, double Cpu);
