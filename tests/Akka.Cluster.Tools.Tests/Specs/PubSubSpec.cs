using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.Configuration;

namespace Akka.Cluster.Tools.Tests.Specs;

/// <summary>Publish and subscribe between two nodes in one process.</summary>
public class PubSubSpec : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly List<ActorSystem> _systems = [];
    private readonly BlockingCollection<string> _heard = [];

    public async Task InitializeAsync()
    {
        for (int i = 0; i < 2; i++)
        {
            _systems.Add(ActorSystem.Create("specs", ConfigurationFactory.ParseString("""
                akka.actor.provider = cluster
                akka.loglevel = WARNING
                akka.remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
                akka.cluster.pub-sub.gossip-interval = 100ms
                """).WithFallback(DistributedPubSub.DefaultConfig())));
            await Cluster.Get(_systems[i]).JoinAsync(Cluster.Get(_systems[0]).SelfAddress).WaitAsync(Patience);
        }
    }

    public Task DisposeAsync() => Task.WhenAll(_systems.Select(system => system.Terminate())).WaitAsync(Patience);

    [Fact]
    public async Task What_is_published_reaches_the_subscribers_on_all_nodes()
    {
        await Subscribe(0, "a", "news");
        await Subscribe(1, "b", "news");

        await PublishUntilHeard(0, new Publish("news", "hello"), "a: hello", "b: hello");
    }

    [Fact]
    public async Task Of_each_group_one_gets_it()
    {
        await Subscribe(1, "b1", "work", "builders");
        await Subscribe(1, "t1", "work", "testers");

        await PublishUntilHeard(0, new Publish("work", "go", true), "b1: go", "t1: go");
    }

    [Fact]
    public async Task What_is_put_is_reached_by_its_path()
    {
        IActorRef echo = _systems[1].ActorOf(Props.Create(() => new Listener("echo", _heard)), "echo");
        Mediator(1).Tell(new Put(echo));

        await PublishUntilHeard(0, new Send("/user/echo", "you there"), "echo: you there");
    }

    [Fact]
    public async Task A_topic_with_subscribers_is_listed_and_one_without_is_not()
    {
        IActorRef subscriber = await Subscribe(0, "a", "news & more");
        Assert.Equal(["news & more"], (await Topics()).Topics);

        Unsubscribe unsubscribe = new("news & more", subscriber);
        await Mediator(0).Ask<UnsubscribeAck>(unsubscribe, Patience);

        Assert.Empty((await Topics()).Topics);
    }

    private Task<CurrentTopics> Topics() => Mediator(0).Ask<CurrentTopics>(GetTopics.Instance, Patience);

    private IActorRef Mediator(int node) => DistributedPubSub.Get(_systems[node]).Mediator;

    private async Task<IActorRef> Subscribe(int node, string name, string topic, string? group = null)
    {
        IActorRef listener = _systems[node].ActorOf(Props.Create(() => new Listener(name, _heard)));
        await Mediator(node).Ask<SubscribeAck>(new Subscribe(topic, listener, group), Patience);
        return listener;
    }

    /// <summary>
    /// The other node learns of a subscription by gossip; until then what is published does not reach it.
    /// </summary>
    private async Task PublishUntilHeard(int node, object message, params string[] expected)
    {
        var missing = new HashSet<string>(expected);
        using var patience = new CancellationTokenSource(Patience);
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (missing.Count > 0 && await tick.WaitForNextTickAsync(patience.Token))
        {
            Mediator(node).Tell(message);
            while (_heard.TryTake(out string? line)) missing.Remove(line);
        }
    }

    private sealed class Listener : ReceiveActor
    {
        public Listener(string name, BlockingCollection<string> heard) =>
            Receive<string>(text => heard.Add($"{name}: {text}"));
    }
}
