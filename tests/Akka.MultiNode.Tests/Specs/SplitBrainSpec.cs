using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;
using Akka.MultiNode.TestAdapter;
using Akka.Remote;
using Akka.Remote.TestKit;
using Akka.Remote.Transport;

namespace Akka.MultiNode.Tests.Specs;

using Cluster = Akka.Cluster.Cluster;

public class SplitBrainConfig() : ThreeNodesConfig(special: "", testTransport: true);

/// <summary>
/// A network that is cut in two, with one node on one side and two on the other: which side goes on is the strategy's
/// decision. For each strategy there is a cluster of its own, one node of it in each process; they all suffer the same
/// cut.
/// </summary>
public class SplitBrainSpec : MultiNodeClusterSpec
{
    // The first node founds every cluster, and so is the oldest.
    private static readonly string[] _one = ["first"];
    private static readonly string[] _two = ["second", "third"];
    private static readonly string[] _nobody = [];

    private static readonly (string Strategy, string[] WhoStays)[] _table =
    [
        ("active-strategy = keep-majority", _two),
        ("active-strategy = static-quorum, static-quorum.quorum-size = 2", _two),
        ("active-strategy = keep-oldest, keep-oldest.down-if-alone = off", _one),
        ("active-strategy = keep-oldest, keep-oldest.down-if-alone = on", _two),
        ("active-strategy = down-all", _nobody),
        ("active-strategy = lease-majority, lease-majority.lease-implementation = file-lease", _two),
    ];

    private readonly SplitBrainConfig _config;

    public SplitBrainSpec()
        : this(new SplitBrainConfig())
    {
    }

    protected SplitBrainSpec(SplitBrainConfig config)
        : base(config, typeof(SplitBrainSpec)) => _config = config;

    [MultiNodeFact]
    public void Of_a_cluster_that_is_split_the_side_goes_on_that_the_strategy_wants_and_no_other()
    {
        RoleName[] others = [_config.Second, _config.Third];
        string leases = IsNode(_config.First) ? Directory.CreateTempSubdirectory("leases-").FullName : "";
        RunOn(() => Tell(leases, others), _config.First);
        RunOn(() => leases = ExpectMsg<string>(), others);
        Cluster[] nodes = [.. _table.Select(row => StartNode(row.Strategy, leases))];
        RunOn(() => Tell(string.Join(' ', nodes.Select(node => node.SelfAddress)), others), _config.First);
        Address[] founders = IsNode(_config.First)
            ? [.. nodes.Select(node => node.SelfAddress)]
            : [.. ExpectMsg<string>().Split(' ').Select(Address.Parse)];
        for (int row = 0; row < nodes.Length; row++) nodes[row].Join(founders[row]);
        foreach (Cluster node in nodes)
            Eventually(() => Assert.Equal(3, node.State.Members.Count(member => member.Status == MemberStatus.Up)));
        EnterBarrier("all-up");

        RunOn(
            () =>
            {
                foreach (Cluster node in nodes) CutOff(node);
            },
            _config.First);
        EnterBarrier("cut");

        for (int row = 0; row < nodes.Length; row++) AwaitDecision(nodes[row], founders[row], _table[row]);
        EnterBarrier("decided");
        Task.WaitAll([.. nodes.Select(node => node.System.Terminate())], Patience);
        EnterBarrier("ended");
        RunOn(() => Directory.Delete(leases, recursive: true), _config.First);
    }

    private Cluster StartNode(string strategy, string leases)
    {
        Config special = ConfigurationFactory.ParseString($$"""
            akka.cluster.split-brain-resolver { {{strategy}} }
            file-lease { lease-class = "{{typeof(FileLease).AssemblyQualifiedName}}", directory = "{{leases.Replace('\\', '/')}}" }
            """);
        return Cluster.Get(ActorSystem.Create(Sys.Name, special.WithFallback(Sys.Settings.Config)));
    }

    private static void CutOff(Cluster node)
    {
        var provider = (RemoteActorRefProvider)((ExtendedActorSystem)node.System).Provider;
        foreach (Address other in node.State.Members.Select(member => member.Address).Where(a => a != node.SelfAddress))
        {
            SetThrottle hole = new(other, ThrottleTransportAdapter.Direction.Both, Blackhole.Instance);
            Assert.True(provider.Transport.ManagementCommand(hole).Result);
        }
    }

    private void AwaitDecision(Cluster node, Address founder, (string Strategy, string[] WhoStays) row)
    {
        bool stays = row.WhoStays.Contains(Myself.Name);
        int survivors = row.WhoStays.Length;
        Eventually(() => Assert.Equal(
            stays ? $"{row.Strategy}: {survivors} members" : $"{row.Strategy}: out",
            node.IsTerminated ? $"{row.Strategy}: out" : $"{row.Strategy}: {node.State.Members.Count} members"));
        if (stays)
            Assert.Equal(row.WhoStays == _one, node.State.Members.Any(member => member.Address == founder));
    }
}
