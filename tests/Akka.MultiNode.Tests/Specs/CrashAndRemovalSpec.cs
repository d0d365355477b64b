using Akka.MultiNode.TestAdapter;
using Akka.Remote.TestKit;

namespace Akka.MultiNode.Tests.Specs;

/// <summary>A process ends without a word.</summary>
public class CrashAndRemovalSpec : MultiNodeClusterSpec
{
    private readonly ThreeNodesConfig _config;

    public CrashAndRemovalSpec()
        : this(new ThreeNodesConfig())
    {
    }

    protected CrashAndRemovalSpec(ThreeNodesConfig config)
        : base(config, typeof(CrashAndRemovalSpec)) => _config = config;

    [MultiNodeFact]
    public void A_node_that_crashes_becomes_unreachable_and_is_removed()
    {
        AwaitClusterUp(_config.First, _config.Second, _config.Third);
        RoleName[] survivors = [_config.First, _config.Second];

        RunOn(() => TestConductor.Exit(_config.Third, 0).Wait(Patience), _config.First);
        RunOn(() => Sys.WhenTerminated.Wait(Patience), _config.Third);

        RunOn(() => AwaitUnreachable(_config.Third), survivors);
        EnterBarrier("unreachable");
        RunOn(() => AwaitMembersUp(survivors), survivors);
        EnterBarrier("removed");
    }
}
