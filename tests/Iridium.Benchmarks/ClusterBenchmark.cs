using System.Diagnostics;
using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;

namespace Iridium.Benchmarks;

/// <summary>
/// How fast a cluster forms, lets in and notices a death, with default settings. Nodes are actor systems in this
/// process; who is killed is this program again, with the verb <c>cluster-peer</c>.
/// </summary>
internal sealed class ClusterBenchmark : IBenchmark
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);

    public string Verb => "cluster";

    public string Summary => "until nodes are Up, until a newcomer is, until a killed process is unreachable; rest";

    internal static Config Settings => ConfigurationFactory.ParseString("""
        akka {
          loglevel = ERROR
          stdout-loglevel = ERROR
          actor.provider = cluster
          remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
        }
        """);

    public IEnumerable<Figure> Run(BenchmarkOptions options)
    {
        (string Name, Func<double> Measure, string Target)[] figures =
        [
            ("2 nodes started together to Up", () => Form(2), "0.8; Akka.NET 1.3"),
            ("10 nodes in one process to Up", () => Form(10), "1.5; Akka.NET 1.8"),
            ("50 nodes in one process to Up", () => Form(50), ""),
            ("join of a cluster of 10 to Up", JoinRunning, "0.5; Akka.NET 1.3"),
            ("kill -9 to unreachable", KillToUnreachable, "1; Akka.NET 4.6"),
            ("graceful leave to removed", LeaveToRemoved, ""),
        ];
        foreach ((string name, Func<double> measure, string target) in figures.Where(each => options.Wants(each.Name)))
        {
            foreach (Figure figure in Duel.Run(name, "s", options.Rounds, measure, target)) yield return figure;
        }

        if (!options.Wants("CPU of 10 nodes at rest")) yield break;
        foreach (Figure figure in Duel.Run("CPU of 10 nodes at rest", "% of a core", 1, CpuAtRest, "Akka.NET 40"))
            yield return figure;
    }

    private static double Form(int count)
    {
        long start = Stopwatch.GetTimestamp();
        using var nodes = Nodes.Start(count);
        nodes.Await(count);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double JoinRunning()
    {
        using var nodes = Nodes.Start(10);
        nodes.Await(10);
        Cluster newcomer = nodes.Add();
        long start = Stopwatch.GetTimestamp();
        newcomer.JoinSeedNodes([nodes.All[3].SelfAddress]);
        nodes.Await(11);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double KillToUnreachable()
    {
        using var nodes = Nodes.Start(2);
        nodes.Await(2);
        ProcessStartInfo start = new(Environment.ProcessPath!);
        bool isHost = Path.GetFileNameWithoutExtension(start.FileName).Equals("dotnet", StringComparison.Ordinal);
        if (isHost) start.ArgumentList.Add(typeof(ClusterPeer).Assembly.Location);
        foreach (string argument in (string[])["cluster-peer", "--filter", nodes.All[0].SelfAddress.ToString()])
            start.ArgumentList.Add(argument);
        using Process peer = Process.Start(start)!;
        nodes.Await(3);
        peer.Kill();
        long killedAt = Stopwatch.GetTimestamp();
        nodes.Await(cluster => cluster.State.Unreachable.Count == 1);
        return Stopwatch.GetElapsedTime(killedAt).TotalSeconds;
    }

    private static double LeaveToRemoved()
    {
        using var nodes = Nodes.Start(3);
        nodes.Await(3);
        Cluster leaver = nodes.All[2];
        long start = Stopwatch.GetTimestamp();
        leaver.Leave(leaver.SelfAddress);
        nodes.All.Remove(leaver);
        nodes.Await(2);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double CpuAtRest()
    {
        using var nodes = Nodes.Start(10);
        nodes.Await(10);
        Thread.Sleep(TimeSpan.FromSeconds(2));
        TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
        Thread.Sleep(TimeSpan.FromSeconds(10));
        return (Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds / 10 * 100;
    }

    /// <summary>
    /// Systems that end together. They look at each other's views, not at events: an observer would cost time.
    /// </summary>
    private sealed class Nodes : IDisposable
    {
        private readonly List<ActorSystem> _systems = [];

        public List<Cluster> All { get; } = [];

        public static Nodes Start(int count)
        {
            var nodes = new Nodes();
            for (int i = 0; i < count; i++) nodes.Add();
            Address seed = nodes.All[0].SelfAddress;
            foreach (Cluster node in nodes.All) node.JoinSeedNodes([seed]);
            return nodes;
        }

        public Cluster Add()
        {
            ActorSystem system = ActorSystem.Create("bench", Settings);
            _systems.Add(system);
            All.Add(Cluster.Get(system));
            return All[^1];
        }

        public void Await(int up) => Await(cluster =>
            cluster.State.Members.Count == up
            && cluster.State.Members.All(member => member.Status == MemberStatus.Up));

        public void Await(Func<Cluster, bool> condition)
        {
            long start = Stopwatch.GetTimestamp();
            while (!All.TrueForAll(cluster => condition(cluster)))
            {
                if (Stopwatch.GetElapsedTime(start) > _patience)
                {
                    IEnumerable<string> views = All.Select(each => $"{each.SelfAddress}: {each.State}");
                    throw new TimeoutException(string.Join("\n", views));
                }

                Thread.Sleep(1);
            }
        }

        public void Dispose()
        {
            foreach (ActorSystem system in _systems) ((ExtendedActorSystem)system).Abort();
            Task.WaitAll([.. _systems.Select(system => system.WhenTerminated)], _patience);
        }
    }
}

/// <summary>The node that is killed: <c>cluster-peer --filter SEED</c> joins and waits.</summary>
internal sealed class ClusterPeer : IBenchmark
{
    public string Verb => "cluster-peer";

    public string Summary => "(started by `cluster`)";

    public IEnumerable<Figure> Run(BenchmarkOptions options)
    {
        ActorSystem system = ActorSystem.Create("bench", ClusterBenchmark.Settings);
        Cluster.Get(system).JoinSeedNodes([Address.Parse(options.Filter!)]);
        Thread.Sleep(Timeout.Infinite);
        yield break;
    }
}
