using System.Diagnostics;
using System.Globalization;
using Akka.Cluster;
using Akka.Configuration;

namespace Iridium.Benchmarks;

/// <summary>
/// How fast a cluster forms, lets in and notices a death, with default settings, and what it costs at rest. Nodes are
/// actor systems in this process; who is harmed is this program again, with the verb <c>cluster-peer</c>.
/// </summary>
internal sealed partial class ClusterBenchmark : IBenchmark
{
    public string Verb => "cluster";

    public string Summary => "start-up, until nodes are Up, until a dead or silent one is noticed; cost at rest";

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
            ("process start to prompt", StartToPrompt, "0.35; Akka.NET 0.25 to ready"),
            ("2 processes started together to Up", ClusterPair.Measure, "0.8; Akka.NET 1.3"),
            ("2 nodes in one process to Up", () => Form(2), ""),
            ("10 nodes in one process to Up", () => Form(10), "1.5; Akka.NET 1.8"),
            ("50 nodes in one process to Up", () => Form(50), ""),
            ("join of a cluster of 10 to Up", JoinRunning, "0.5; Akka.NET 1.3"),
            ("kill -9 to unreachable", () => Harmed(peer => peer.Kill(), IsUnreachable), "1; Akka.NET 4.6"),
            ("SIGSTOP to unreachable", () => Harmed(Stop, IsUnreachable, known: 5), "4"),
            ("SIGSTOP right after Up", () => Harmed(Stop, IsUnreachable), ""),
            ("graceful leave to removed", LeaveToRemoved, ""),
        ];
        foreach ((string name, Func<double> measure, string target) in figures.Where(each => options.Wants(each.Name)))
        {
            foreach (Figure figure in Duel.Run(name, "s", options.Rounds, measure, target)) yield return figure;
        }

        const string Removed = "kill -9 to removed";
        if (options.Wants(Removed))
        {
            // Nearly all of it is stable-after, 20 s by default.
            yield return Duel.Once(Removed, "s", () => Harmed(peer => peer.Kill(), IsRemoved), "Akka.NET 25.4");
        }

        foreach (int count in (int[])[3, 10, 50])
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"{count} nodes at rest");
            if (!options.Wants(name)) continue;
            (double bytes, double cpu) = ClusterAtRest.Measure(count);
            yield return Duel.Once($"{name}, sent by each", "bytes/s", () => bytes);
            yield return Duel.Once($"{name}, each", "% of a core", () => cpu, "Akka.NET 4");
        }

        List<Figure> simulated = [];
        Converge(options, simulated);
        foreach (Figure figure in simulated) yield return figure;
    }

    /// <summary>Gossip in the simulator, which only the embedded engine has.</summary>
    static partial void Converge(BenchmarkOptions options, List<Figure> figures);

    private static double Form(int count)
    {
        long start = Stopwatch.GetTimestamp();
        using var nodes = ClusterNodes.Start(count);
        nodes.Await(count);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double JoinRunning()
    {
        using var nodes = ClusterNodes.Start(10);
        nodes.Await(10);
        Cluster newcomer = nodes.Add();
        long start = Stopwatch.GetTimestamp();
        newcomer.JoinSeedNodes([nodes.All[3].SelfAddress]);
        nodes.Await(11);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Two nodes here and one in a process of its own, to which harm is done.</summary>
    /// <param name="known">Seconds that the others have known it by then. A failure detector needs some heartbeats to
    /// learn a rhythm; this sleeps, for there is nothing to wait for but time.</param>
    private static double Harmed(Action<Process> harm, Func<Cluster, bool> noticed, double known = 0)
    {
        using var nodes = ClusterNodes.Start(2);
        nodes.Await(2);
        using Process peer = ClusterPeer.Start(nodes.All[0].SelfAddress);
        try
        {
            nodes.Await(3);
            Thread.Sleep(TimeSpan.FromSeconds(known));
            long start = Stopwatch.GetTimestamp();
            harm(peer);
            nodes.Await(noticed);
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
        finally
        {
            peer.Kill();
        }
    }

    private static bool IsUnreachable(Cluster cluster) => cluster.State.Unreachable.Count == 1;

    private static bool IsRemoved(Cluster cluster) => cluster.State.Members.Count == 2;

    private static void Stop(Process peer)
    {
        string id = peer.Id.ToString(CultureInfo.InvariantCulture);
        using Process signal = Process.Start("kill", ["-STOP", id]);
        signal.WaitForExit();
    }

    private static double LeaveToRemoved()
    {
        using var nodes = ClusterNodes.Start(3);
        nodes.Await(3);
        Cluster leaver = nodes.All[2];
        long start = Stopwatch.GetTimestamp();
        leaver.Leave(leaver.SelfAddress);
        nodes.All.Remove(leaver);
        nodes.Await(2);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>The shell's greeting is the first thing a session says, once all of the node has started.</summary>
    private static double StartToPrompt()
    {
        ProcessStartInfo start = new(Path.Combine(AppContext.BaseDirectory, "iridium"),
            ["--node-alias=bench", "--server-bind-port=0", "--pbm-port=0"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        };
        long startedAt = Stopwatch.GetTimestamp();
        using Process node = Process.Start(start)!;
        try
        {
            while (node.StandardOutput.ReadLine() is { } line)
            {
                if (line.StartsWith("Welcome", StringComparison.Ordinal))
                    return Stopwatch.GetElapsedTime(startedAt).TotalSeconds;
            }
            throw new InvalidOperationException("the node ended before it greeted");
        }
        finally
        {
            node.Kill();
        }
    }
}
