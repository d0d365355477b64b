using Akka.Remote.Tests.Inside;
using Iridium.FaultLab.Hosts;

namespace Iridium.FaultLab.Nodes;

/// <summary>What the nodes of the laboratory are told beyond the defaults.</summary>
internal static class LabConfiguration
{
    public const string FileName = "lab.conf";

    /// <summary>The first three hosts are the seeds: as many as may die, and one. 7 s is the time of stillness that
    /// Akka's documentation gives for a cluster of five; its default of 20 s is for a hundred.</summary>
    public const string Text = """
        akka.loglevel = INFO
        akka.cluster {
          seed-nodes = ["akka.tcp://iridium@10.0.0.1:2254", "akka.tcp://iridium@10.0.0.2:2254"
            "akka.tcp://iridium@10.0.0.3:2254"]
          split-brain-resolver.stable-after = 7s
        }
        """;

    /// <summary>A singleton that has a lease, and the lease.</summary>
    /// <remarks>
    /// With a second between two renewals a process may stand still for eleven, wherever that begins, before the twelve
    /// of the lease are over. Who stands still for longer than about ten is removed: some two until it is unreachable,
    /// seven of stable-after, and gossip. So whoever stays a member keeps the lease. Another member begins the singleton
    /// after the removal's margin, which is as long as stable-after: never sooner than 14 s. So whoever is removed has lost
    /// the lease before another wants it, and nobody waits for it.
    /// </remarks>
    /// <param name="folder">Of the lease; all processes see it.</param>
    public static string LeasedSingleton(string folder) => $$"""
        akka.cluster.singleton { use-lease = laboratory-lease, lease-retry-interval = 1s }
        laboratory-lease {
          lease-class = "{{typeof(TermLease).FullName}}, {{typeof(TermLease).Assembly.GetName().Name}}"
          heartbeat-interval = 1s
          heartbeat-timeout = 12s
          folder = "{{folder}}"
        }
        """;

    /// <summary>The nodes listen on addresses that others reach, and so know each other by a secret.</summary>
    public const string Secret = "the secret of the laboratory";

    /// <summary>The nodes that are started from now on speak TLS, with the good certificate; the first host is their
    /// seed.</summary>
    public static Task UseTls(string folder, Certificates certificates) =>
        File.AppendAllTextAsync(Path.Combine(folder, FileName), $$"""

            akka.cluster.seed-nodes = ["akka.ssl.tcp://iridium@{{Host.IpOf(1)}}:{{LabNode.ClusterPort}}"]
            akka.remote.dot-netty.tcp { {{certificates.Hocon("good")}} }
            """);

    public static void Write(string folder) => File.WriteAllText(Path.Combine(folder, FileName), Text);
}
