using System.Diagnostics;
using Akka.Actor;
using Akka.Configuration;

namespace Iridium.Benchmarks.Actors;

/// <summary>
/// What a message, an ask, a spawn and an idle actor cost, through the public API, beside a bare channel loop of .NET
/// and, where it is installed, Erlang.
/// </summary>
internal sealed class ActorBenchmark : IBenchmark
{
    private const string Quiet = "akka { loglevel = OFF, stdout-loglevel = OFF, log-dead-letters = off }";

    public string Verb => "actors";

    public string Summary => "messages, asks, spawns and memory of actors in one process";

    public IEnumerable<Figure> Run(BenchmarkOptions options)
    {
        ActorSystem system = ActorSystem.Create("bench", ConfigurationFactory.ParseString(Quiet));
        foreach (Figure figure in Messages(system, options)) yield return figure;
        foreach (Figure figure in Lives(system, options)) yield return figure;
        system.Terminate().Wait();
    }

    private static IEnumerable<Figure> Messages(ActorSystem system, BenchmarkOptions options)
    {
        foreach (Scenario scenario in Scenario.All)
        {
            if (!options.Wants(scenario.Name)) continue;
            List<(string, Func<double>)> others = [];
            if (scenario.Channels is { } channels) others.Add(("Channel<T>", () => Rate(channels, scenario.Count)));
            if (scenario.Erlang is { } erlang && ErlangYardstick.IsThere)
                others.Add(("Erlang", () => ErlangYardstick.Rate(erlang)));
            double cpu = 0;
            IEnumerable<Figure> figures = Duel.Run(scenario.Name, "1/s", options.Rounds, () =>
            {
                TimeSpan before = Cpu();
                double rate = Rate(() => scenario.Actors(system), scenario.Count);
                cpu = (Cpu() - before).TotalNanoseconds / scenario.Count;
                return rate;
            }, null, [.. others]);
            foreach (Figure figure in figures) yield return figure;
            yield return new Figure(scenario.Name + ", CPU each", cpu, "ns", null, null, 0, scenario.CpuTarget);
            double bytes = Allocated(() => scenario.Actors(system)) / (double)scenario.Count;
            yield return new Figure(scenario.Name + ", allocated each", bytes, "bytes", null, null, 0,
                scenario.BytesTarget);
        }
    }

    private static IEnumerable<Figure> Lives(ActorSystem system, BenchmarkOptions options)
    {
        if (options.Wants("idle actor"))
        {
            foreach ((string name, Props props, string? target) in new[]
                     {
                         ("idle actor, untyped, of 1,000,000", Props.Create<IdleUntyped>(), "<= 600"),
                         ("idle actor, ReceiveActor", Props.Create<IdleReceive>(), null),
                     })
            {
                yield return new Figure(name, Idle(system, props), "bytes", null, null, 0, target);
            }
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

    private static double Rate(Action run, int count)
    {
        long start = Stopwatch.GetTimestamp();
        run();
        return count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static TimeSpan Cpu() => Process.GetCurrentProcess().TotalProcessorTime;

    private static long Allocated(Action run)
    {
        long before = GC.GetTotalAllocatedBytes(precise: true);
        run();
        return GC.GetTotalAllocatedBytes(precise: true) - before;
    }
}
