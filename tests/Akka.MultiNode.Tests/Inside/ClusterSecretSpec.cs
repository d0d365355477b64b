using Akka.Actor;
using Akka.Configuration;
using Akka.MultiNode.TestAdapter;
using Akka.MultiNode.Tests.Specs;
using Akka.Remote;
using Akka.Remote.TestKit;
using Akka.TestKit;

namespace Akka.MultiNode.Tests.Inside;

using Cluster = Akka.Cluster.Cluster;

public class ClusterSecretConfig() : ThreeNodesConfig("akka.remote.secret = \"known to the three of them\"");

/// <summary>Nodes that share a secret become a cluster, and who does not know it stays outside, whatever it tries
/// instead. Of this engine only: Akka.NET has no such secret.</summary>
public class ClusterSecretSpec : MultiNodeClusterSpec
{
    private readonly ClusterSecretConfig _config;

    public ClusterSecretSpec()
        : this(new ClusterSecretConfig())
    {
    }

    protected ClusterSecretSpec(ClusterSecretConfig config)
        : base(config, typeof(ClusterSecretSpec)) => _config = config;

    [MultiNodeFact]
    public void Who_does_not_know_the_secret_is_not_let_in_and_learns_nothing()
    {
        RoleName[] inside = [_config.First, _config.Second];
        AwaitClusterUp(inside);

        // The third process has two systems beside its own that ask first; each is told that it is not let in.
        List<ActorSystem> strangers = [];
        RunOn(
            () =>
            {
                strangers.Add(Refused("akka.remote.secret = \"guessed, and guessed wrong\""));
                strangers.Add(Refused("akka.remote.secret = off"));
            },
            _config.Third);
        EnterBarrier("strangers-were-refused");

        // Its own system is let in, and they still are not.
        RunOn(() => Cluster.Join(AddressOf(_config.First)), _config.Third);
        AwaitMembersUp(_config.First, _config.Second, _config.Third);
        RunOn(() => Assert.All(strangers, each => Assert.Empty(Cluster.Get(each).State.Members)), _config.Third);
        EnterBarrier("strangers-are-out");
        foreach (ActorSystem each in strangers) each.Terminate().Wait(Patience);
    }

    private ActorSystem Refused(string secret)
    {
        Config own = ConfigurationFactory.ParseString(secret).WithFallback(Sys.Settings.Config);
        ActorSystem stranger = ActorSystem.Create(Sys.Name, own);
        TestProbe refusals = CreateTestProbe();
        stranger.EventStream.Subscribe(refusals.Ref, typeof(AssociationErrorEvent));
        Cluster.Get(stranger).JoinSeedNodes([AddressOf(_config.First), AddressOf(_config.Second)]);
        refusals.ExpectMsg<AssociationErrorEvent>(Patience);
        return stranger;
    }
}
