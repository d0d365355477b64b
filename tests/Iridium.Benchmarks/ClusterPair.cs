using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;

namespace Iridium.Benchmarks;

/// <summary>
/// Two processes that are started together, with default HOCON but for names and ports: from the start of the first until
/// each has said that it sees two members Up. One of the two: <c>cluster-pair --filter OWN-PORT,SEED-PORT</c>.
/// </summary>
internal sealed class ClusterPair : IBenchmark
{
    private const string Up = "up";

    public string Verb => "cluster-pair";

    public string Summary => "(started by `cluster`)";

    public IEnumerable<Figure> Run(BenchmarkOptions options)
    {
        string[] ports = options.Filter!.Split(',');
        Config config = ConfigurationFactory.ParseString($$"""
            akka.remote.dot-netty.tcp.port = {{ports[0]}}
            akka.cluster.seed-nodes = ["akka.tcp://bench@127.0.0.1:{{ports[1]}}"]
            """).WithFallback(ClusterBenchmark.Settings);
        Cluster cluster = Cluster.Get(ActorSystem.Create("bench", config));
        while (cluster.State.Members.Count(member => member.Status == MemberStatus.Up) < 2)
            Thread.Sleep(1); // The state may be read, not awaited; a millisecond is the precision of these figures.
        Console.Out.WriteLine(Up);
        while (Console.In.ReadLine() is not null) continue;
        return [];
    }

    /// <returns>Seconds.</returns>
    public static double Measure()
    {
        int[] ports = FreePorts();
        long start = Stopwatch.GetTimestamp();
        Process[] pair = [.. ports.Select(port =>
            ClusterPeer.StartSelf("cluster-pair", string.Create(CultureInfo.InvariantCulture, $"{port},{ports[0]}")))];
        try
        {
            foreach (Process one in pair)
            {
                if (one.StandardOutput.ReadLine() != Up) throw new InvalidOperationException("a node ended before it was Up");
            }

            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
        finally
        {
            foreach (Process one in pair)
            {
                one.Kill();
                one.Dispose();
            }
        }
    }

    // A seed's port has to be known before it runs. Two at once, so that they differ.
    private static int[] FreePorts()
    {
        TcpListener[] listeners = [new(IPAddress.Loopback, 0), new(IPAddress.Loopback, 0)];
        foreach (TcpListener listener in listeners) listener.Start();
        int[] ports = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        foreach (TcpListener listener in listeners) listener.Stop();
        return ports;
    }
}
