using Iridium.Benchmarks.Actors;

namespace Akka.Tests.Specs;

/// <summary>A little of everything at once: crashes, restarts, watches, stops and new actors under many senders.</summary>
public sealed class SoakSpec
{
    [EmbeddedFact("in one run of four, one of some 600,000 messages of Akka.NET was neither received nor a dead letter")]
    public void Nothing_is_lost_doubled_or_out_of_order()
    {
        Soak.Outcome outcome = Soak.Run(actors: 2_000, senders: 4, TimeSpan.FromSeconds(2), seed: 1, judgesMemory: false);
        Assert.True(outcome.Sent > 0);
        Assert.True(outcome.Restarts > 0);
        Assert.True(outcome.Deaths > 0);
    }
}
