using Akka.Actor;

namespace Iridium.Benchmarks.Actors;

/// <summary>One thing that actors do often.</summary>
/// <param name="Count">How many of what is counted one run does.</param>
/// <param name="Actors">Runs it with actors, to the end.</param>
/// <param name="Channels">The same with bare channels, where that makes sense.</param>
/// <param name="Erlang">The function of the Erlang module that does the same.</param>
internal sealed record Scenario(
    string Name, int Count, Action<ActorSystem> Actors, Action? Channels = null, string? Erlang = null,
    string? CpuTarget = null, string? BytesTarget = null)
{
    private const int Million = 1_000_000;

    public static readonly IReadOnlyList<Scenario> All =
    [
        new("ping-pong, one pair", 4 * Million, system => PingPong.Run(system, 1, 4 * Million, 1),
            () => ChannelLoop.PingPong(4 * Million), "pingpong", "<= 70", "<= 40"),
        new("ping-pong, 16 pairs", 8 * Million, system => PingPong.Run(system, 16, 8 * Million, 1), null, "pairs",
            "<= 70"),
        new("1,000 in flight, one pair", 8 * Million, system => PingPong.Run(system, 1, 8 * Million, 1000), null,
            null, "<= 35"),
        new("many to one, 8 senders", 8 * Million, system => ManyToOne.Run(system, 8, Million),
            () => ChannelLoop.ManyToOne(8, Million), "manytoone"),
        new("ring of 1,000", 4 * Million, system => Ring.Run(system, 1000, 4 * Million), null, "ring"),
        new("ask from outside", Million / 2, system => Asking.Run(system, Million / 2), null, null, "<= 500", "<= 400"),
        new("publish to 1,000 subscribers", 2 * Million, system => Publishing.Run(system, 1000, 2000)),
        new("spawn", 200_000, system => Spawning.Run(system, 200_000, stop: false), null, null, "<= 3000", "<= 1500"),
        new("spawn and stop", 200_000, system => Spawning.Run(system, 200_000, stop: true), null, "spawn"),
    ];
}
