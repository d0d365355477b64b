using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.MultiNode.TestAdapter;
using Akka.Remote.TestKit;

namespace Akka.MultiNode.Tests.Specs;

public class PubSubConfig() : ThreeNodesConfig("akka.cluster.pub-sub.gossip-interval = 200ms");

/// <summary>What is published on one node reaches who subscribed on any.</summary>
public class PubSubSpec : MultiNodeClusterSpec
{
    private static readonly TimeSpan _moment = TimeSpan.FromMilliseconds(500);

    private readonly PubSubConfig _config;

    public PubSubSpec()
        : this(new PubSubConfig())
    {
    }

    protected PubSubSpec(PubSubConfig config)
        : base(config, typeof(PubSubSpec)) => _config = config;

    private IActorRef Mediator => DistributedPubSub.Get(Sys).Mediator;

    [MultiNodeFact]
    public void Subscribers_of_a_topic_and_owners_of_a_path_are_reached_on_whatever_node_they_are()
    {
        AwaitClusterUp(_config.First, _config.Second, _config.Third);
        string name = Myself.Name;
        IActorRef listener = Sys.ActorOf(Props.Create(() => new Listener(name)), "listener");
        Subscribe(new Subscribe("news", listener));
        RunOn(() => Subscribe(new Subscribe("work", listener, "crew")), _config.Second, _config.Third);
        RunOn(() => Mediator.Tell(new Put(listener)), _config.Second);
        EnterBarrier("all-subscribed");

        AwaitAnswers(new Publish("news", "hello"), "first", "second", "third");
        AwaitAnswers(new Send("/user/listener", "are you there?"), "second");
        EnterBarrier("all-reached");

        RunOn(OneOfTheCrewGetsTheWork, _config.First);
        EnterBarrier("work-done");

        RunOn(() => Cluster.Leave(Cluster.SelfAddress), _config.Third);
        RunOn(() => AwaitAnswers(new Publish("news", "goodbye"), "first", "second"), _config.First, _config.Second);
        EnterBarrier("third-is-not-missed");
    }

    private void Subscribe(Subscribe subscription)
    {
        Mediator.Tell(subscription, TestActor);
        ExpectMsg<SubscribeAck>();
    }

    private void OneOfTheCrewGetsTheWork()
    {
        string[] answers = Answers(new Publish("work", "go", true), 2);
        Assert.Contains(Assert.Single(answers), new[] { "second", "third" });
    }

    // Who has just subscribed is not known everywhere; what is published until then does not reach him.
    private void AwaitAnswers(object message, params string[] from) =>
        Eventually(() => Assert.Equal(from, Answers(message, from.Length + 1).Order()));

    private string[] Answers(object message, int atMost)
    {
        TestKit.TestProbe probe = CreateTestProbe();
        Mediator.Tell(message, probe.Ref);
        List<string> answers = [];
        while (answers.Count < atMost && probe.ReceiveOne(_moment) is string answer) answers.Add(answer);
        Sys.Stop(probe.Ref);
        return [.. answers];
    }

    /// <summary>Answers with where it is.</summary>
    private sealed class Listener : ReceiveActor
    {
        public Listener(string node) => ReceiveAny(_ => Sender.Tell(node));
    }
}
