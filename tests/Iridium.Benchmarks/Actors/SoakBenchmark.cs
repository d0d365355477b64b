
namespace Iridium.Benchmarks.Actors;

/// <summary>
/// Actors that crash, restart, watch, stop and are made anew at random under many senders, for as long as asked
/// (<c>IRIDIUM_SOAK_SECONDS</c>, 600 unless said). Ends with an exception when a promise was broken: a message lost or
/// doubled, an order changed, a death told twice or never, more restarts than allowed, memory that grew.
/// </summary>
internal sealed class SoakBenchmark : IBenchmark
{
    public string Verb => "soak";

    public string Summary =>
        "100,000 actors crash, restart, watch, stop and respawn under 8 senders (IRIDIUM_SOAK_SECONDS)";

    public IEnumerable<Figure> Run(BenchmarkOptions options)
    {
        int seconds = int.TryParse(Environment.GetEnvironmentVariable("IRIDIUM_SOAK_SECONDS"), out int given) ? given
            : 600;
        int actors = int.TryParse(Environment.GetEnvironmentVariable("IRIDIUM_SOAK_ACTORS"), out int count) ? count
            : 100_000;
        Soak.Outcome outcome = Soak.Run(actors, senders: 8, TimeSpan.FromSeconds(seconds), seed: options.Rounds);
        yield return new Figure("messages accounted for", outcome.Sent, "messages", null, null, 0);
        yield return new Figure("restarts", outcome.Restarts, "", null, null, 0);
        yield return new Figure("deaths told", outcome.Deaths, "", null, null, 0);
        yield return new Figure("memory, end over beginning", outcome.Growth, "", null, null, 0, "<= 1.2");
    }
}
