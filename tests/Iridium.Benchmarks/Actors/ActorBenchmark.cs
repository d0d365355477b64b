using System.Diagnostics;
using Akka.Actor;
using Akka.Configuration;

namespace Iridium.Benchmarks.Actors;

/// <summary>
/// What a message, an ask, a spawn and an idle actor cost, through the public API, beside a bare channel loop of .NET
/// and, where it is installed, Erlang.
/// </summary>
/// <remarks>
/// On a shared machine the clock tells more of the others than of us: the figures to judge by are CPU and bytes, and
/// ratios to a yardstick that ran in the same round.
/// </remarks>
internal sealed class ActorBenchmark : IBenchmark
{
    private const string Quiet = "akka { loglevel = OFF, stdout-loglevel = OFF, log-dead-letters = off }";

    public string Verb => "actors";

    public string Summary => "messages, asks, spawns and memory of actors in one process, beside Channel<T> and Erlang";

    public IEnumerable<Figure> Run(BenchmarkOptions options)
    {
        ActorSystem system = ActorSystem.Create("bench", ConfigurationFactory.ParseString(Quiet));
        using ErlangYardstick? erlang = ErlangYardstick.TryStart(out string? why);
        Console.Error.WriteLine(erlang is null ? $"Erlang is absent: {why}." : $"Erlang/OTP {erlang.Release} beside us.");
        foreach (Scenario scenario in Scenario.All.Where(scenario => options.Wants(scenario.Name)))
            foreach (Figure figure in Measure(scenario, system, erlang, options.Rounds)) yield return figure;
        foreach (Figure figure in Lives(system, erlang, options)) yield return figure;
        system.Terminate().Wait();
    }

    private static IEnumerable<Figure> Measure(
        Scenario scenario, ActorSystem system, ErlangYardstick? erlang, int rounds)
    {
        List<(string Name, Func<Cost> Run)> yardsticks = [];
        if (scenario.Channels is { } channels)
            yardsticks.Add(("Channel<T>", () => Timed(channels, scenario.Count)));
        if (erlang is not null) yardsticks.Add(("Erlang", () => erlang.Run(scenario.Erlang)));

        // The first round of each is for the compiler.
        double bytes = double.MaxValue;
        List<Cost> ours = [];
        List<Cost>[] theirs = [.. yardsticks.Select(_ => new List<Cost>())];
        for (int round = -1; round < rounds; round++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            Cost cost = Timed(() => scenario.Actors(system), scenario.Count);
            bytes = Math.Min(bytes, (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)scenario.Count);
            scenario.After?.Invoke();
            if (round >= 0) ours.Add(cost);
            for (int index = 0; index < theirs.Length; index++)
            {
                cost = yardsticks[index].Run();
                if (round >= 0) theirs[index].Add(cost);
            }
        }

        string[] names = [.. yardsticks.Select(yardstick => yardstick.Name)];
        return
        [
            .. Compare(scenario.Name, "1/s", null, cost => 1e9 / cost.Elapsed, ours, names, theirs),
            .. Compare(scenario.Name + ", CPU", "ns", scenario.CpuTarget, cost => cost.Cpu, ours, names, theirs),
            new Figure(scenario.Name + ", allocated", bytes, "bytes", null, null, 0, scenario.BytesTarget),
        ];
    }

    private static IEnumerable<Figure> Compare(
        string name, string unit, string? target, Func<Cost, double> of, List<Cost> ours, string[] names,
        List<Cost>[] theirs)
    {
        double[] mine = [.. ours.Select(of)];
        double median = Duel.Median(mine);
        double spread = (mine.Max() - mine.Min()) / median;
        if (names.Length == 0) yield return new Figure(name, median, unit, null, null, spread, target);
        for (int index = 0; index < names.Length; index++)
        {
            double[] others = [.. theirs[index].Select(of)];
            yield return new Figure(name, median, unit, names[index], Duel.Median(others), spread, target)
            {
                PairedRatio = Duel.Median(mine.Zip(others, (one, other) => one / other)),
            };
        }
    }

    private static IEnumerable<Figure> Lives(ActorSystem system, ErlangYardstick? erlang, BenchmarkOptions options)
    {
        (string Name, Props Props, string? Target)[] kinds =
        [
            ("idle actor of a million, untyped", Props.Create<IdleUntyped>(), "<= 600"),
            ("idle actor of a million, ReceiveActor", Props.Create<IdleReceive>(), null),
        ];
        foreach ((string name, Props props, string? target) in kinds)
        {
            if (!options.Wants(name)) continue;
            double bytes = Idle(system, props);
            yield return erlang is null
                ? new Figure(name, bytes, "bytes", null, null, 0, target)
                : new Figure(name, bytes, "bytes", "Erlang", erlang.IdleBytes(), 0, target);
        }
    }

    private static double Idle(ActorSystem system, Props props)
    {
        const int count = 1_000_000;
        IActorRef nursery = system.ActorOf(Props.Create<Nursery>());
        long before = GC.GetTotalMemory(forceFullCollection: true);
        nursery.Ask<int>(new Nursery.Raise(props, count)).Wait();
        long after = GC.GetTotalMemory(forceFullCollection: true);
        nursery.GracefulStop(TimeSpan.FromMinutes(2)).Wait();
        return (after - before) / (double)count;
    }

    private static Cost Timed(Action run, int count)
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        run();
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        return new Cost(elapsed.TotalNanoseconds / count,
            (Environment.CpuUsage.TotalTime - before).TotalNanoseconds / count);
    }
}
