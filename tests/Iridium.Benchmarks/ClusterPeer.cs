using System.Diagnostics;
using Akka.Actor;
using Akka.Cluster;

namespace Iridium.Benchmarks;

/// <summary>The node that is harmed: <c>cluster-peer --filter SEED</c> joins and waits for its standard input to
/// end.</summary>
internal sealed class ClusterPeer : IBenchmark
{
    public string Verb => "cluster-peer";

    public string Summary => "(started by `cluster`)";

    public IEnumerable<Figure> Run(BenchmarkOptions options)
    {
        ActorSystem system = ActorSystem.Create("bench", ClusterBenchmark.Settings);
        Cluster.Get(system).JoinSeedNodes([Address.Parse(options.Filter!)]);
        while (Console.In.ReadLine() is not null) continue;
        return [];
    }

    /// <summary>This program once more, joining that node.</summary>
    public static Process Start(Address seed) => StartSelf("cluster-peer", seed.ToString());

    /// <summary>This program once more, with its streams in the caller's hands.</summary>
    public static Process StartSelf(string verb, string filter)
    {
        ProcessStartInfo start =
            new(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };
        bool isHost = Path.GetFileNameWithoutExtension(start.FileName).Equals("dotnet", StringComparison.Ordinal);
        if (isHost) start.ArgumentList.Add(typeof(ClusterPeer).Assembly.Location);
        foreach (string argument in (string[])[verb, "--filter", filter]) start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }
}
