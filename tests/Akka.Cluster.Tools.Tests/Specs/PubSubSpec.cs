using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.Cluster.Tools.PublishSubscribe.Internal;
using Akka.Configuration;
using Akka.Event;
using Akka.Routing;

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

    [EmbeddedFact("Akka.NET sends what does not fit into a frame")]
    public async Task More_topics_than_one_frame_holds_are_learned_in_parts()
    {
        IActorRef listener = _systems[1].ActorOf(Props.Create(() => new Listener("many", _heard)));
        for (int i = 0; i < 2_000; i++) Mediator(1).Tell(new Subscribe($"topic {i}", listener));
        await Subscribe(1, "last", "the newest");

        await PublishUntilHeard(0, new Publish("the newest", "hello"), "last: hello");

        Assert.Equal(2_001, (await Topics()).Topics.Count);
    }

    [EmbeddedFact("Akka.NET lists the names as they stand in paths")]
    public async Task A_topic_with_subscribers_is_listed_and_one_without_is_not()
    {
        IActorRef subscriber = await Subscribe(0, "a", "news & more");
        Assert.Equal(["news & more"], (await Topics()).Topics);

        Unsubscribe unsubscribe = new("news & more", subscriber);
        await Mediator(0).Ask<UnsubscribeAck>(unsubscribe, Patience);

        Assert.Empty((await Topics()).Topics);
    }

    [Fact]
    public async Task What_is_sent_goes_to_one_rather_here_and_what_is_sent_to_all_to_all()
    {
        await Put(0, "e0", "echo");
        await Put(1, "e1", "echo");
        await PublishUntilHeard(0, new SendToAll("/user/echo", "all"), "e0: all", "e1: all");

        for (int i = 0; i < 10; i++) Mediator(0).Tell(new Send("/user/echo", "here", localAffinity: true));
        Mediator(0).Tell(new SendToAll("/user/echo", "the others", excludeSelf: true));

        List<string> heard = [];
        while (!(heard.Contains("e1: the others") && heard.Count(line => line == "e0: here") == 10)
            && _heard.TryTake(out string? line, Patience)) heard.Add(line);
        Assert.Equal(10, heard.Count(line => line == "e0: here"));
        Assert.Contains("e1: the others", heard);
        Assert.DoesNotContain("e0: the others", heard);
        Assert.DoesNotContain("e1: here", heard);
    }

    [EmbeddedFact("the dead letter of Akka.NET holds the whole Send or Publish, in a DeadLetterWithNoSubscribers")]
    public async Task What_was_put_can_be_taken_away_again_and_then_reaches_nobody()
    {
        await Put(0, "e0", "echo");
        await PublishUntilHeard(0, new Send("/user/echo", "there"), "e0: there");
        var buried = new BlockingCollection<string>();
        _systems[0].EventStream.Subscribe(
            _systems[0].ActorOf(Props.Create(() => new Undertaker(buried))), typeof(DeadLetter));

        Mediator(0).Tell(new Remove("/user/echo"));
        Mediator(0).Tell(new Send("/user/echo", "gone"));
        Mediator(0).Tell(new Publish("nobody", "unheard"));

        Assert.Equal(["gone", "unheard"], [Next(), Next()]);

        string Next() => buried.TryTake(out string? letter, Patience) ? letter : "nothing";
    }

    [Fact]
    public async Task Who_dies_is_unsubscribed()
    {
        IActorRef subscriber = await Subscribe(0, "a", "news");
        await Subscribe(0, "b", "news");
        Assert.Equal(2, await Mediator(0).Ask<int>(new CountSubscribers("news"), Patience));

        await subscriber.GracefulStop(Patience);

        await PublishUntilHeard(0, new Publish("news", "hello"), "b: hello");
        Assert.Equal(1, await Mediator(0).Ask<int>(new CountSubscribers("news"), Patience));
        Assert.Equal(0, await Mediator(0).Ask<int>(new CountSubscribers("olds"), Patience));
    }

    [EmbeddedFact("Akka.NET does not answer")]
    public async Task To_unsubscribe_what_was_never_subscribed_is_no_mistake()
    {
        var unsubscribe = new Unsubscribe("nothing", _systems[0].DeadLetters, "nobody");

        Assert.Equal(unsubscribe, (await Mediator(0).Ask<UnsubscribeAck>(unsubscribe, Patience)).Unsubscribe);
        Assert.Empty((await Topics()).Topics);
    }

    [EmbeddedFact("Akka.NET lists the names as they stand in paths, and one that is null")]
    public async Task A_topic_that_only_groups_subscribe_to_is_listed()
    {
        await Subscribe(0, "a", "work/hard", "builders");
        await Subscribe(0, "b", "work/hard", "testers");

        Assert.Equal(["work/hard"], (await Topics()).Topics);
    }

    [Fact]
    public async Task What_is_sent_to_one_does_not_go_to_a_node_that_leaves()
    {
        await Put(0, "e0", "echo");
        await Put(1, "e1", "echo");
        await PublishUntilHeard(0, new SendToAll("/user/echo", "all"), "e0: all", "e1: all");
        TaskCompletionSource mayGo = new();
        CoordinatedShutdown.Get(_systems[1]).AddTask(
            CoordinatedShutdown.PhaseBeforeClusterShutdown, "hold", () => mayGo.Task.ContinueWith(_ => Done.Instance));
        var left = new BlockingCollection<object>();
        IActorRef observer = _systems[0].ActorOf(Props.Create(() => new Observer(left)));
        Cluster.Get(_systems[0]).Subscribe(
            observer, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.MemberExited));
        Task ended = _systems[1].Terminate();
        Assert.True(left.TryTake(out _, Patience));
        // The mediator subscribed before, so that it knows too.
        while (_heard.TryTake(out _)) { }

        for (int i = 0; i < 50; i++) Mediator(0).Tell(new Send("/user/echo", "one"));
        for (int i = 0; i < 50; i++) Assert.Equal("e0: one", _heard.TryTake(out string? line, Patience) ? line : "nothing");

        mayGo.SetResult();
        await ended.WaitAsync(Patience);
    }

    [EmbeddedFact("a mediator of Akka.NET restarts, and forgets its subscriptions")]
    public async Task What_goes_wrong_with_one_message_costs_no_subscription()
    {
        DistributedPubSubSettings settings =
            DistributedPubSubSettings.Create(_systems[0]).WithRoutingLogic(new BrokenLogic());
        IActorRef mediator = _systems[0].ActorOf(DistributedPubSubMediator.Props(settings));
        IActorRef listener = _systems[0].ActorOf(Props.Create(() => new Listener("a", _heard)), "broken");
        await mediator.Ask<SubscribeAck>(new Subscribe("news", listener), Patience);
        mediator.Tell(new Put(listener));

        mediator.Tell(new Send("/user/broken", "lost"));
        mediator.Tell(new Publish("news", "hello"));

        Assert.Equal("a: hello", _heard.TryTake(out string? line, Patience) ? line : "nothing");
    }

    [EmbeddedFact("Akka.NET takes some of them")]
    public void A_message_without_what_it_needs_is_refused_where_it_is_made()
    {
        IActorRef actor = _systems[0].DeadLetters;
        Action[] wrong =
        [
            () => _ = new Subscribe("", actor), () => _ = new Subscribe(null!, actor), () => _ = new Subscribe("a", null!),
            () => _ = new Unsubscribe("", actor), () => _ = new Unsubscribe("a", null!), () => _ = new Put(null!),
            () => _ = new Remove(null!), () => _ = new Publish("", "x"), () => _ = new Publish("a", null!),
            () => _ = new Send(null!, "x"), () => _ = new Send("/user/a", null!), () => _ = new SendToAll("/user/a", null!),
        ];
        Assert.All(wrong, make => Assert.ThrowsAny<ArgumentException>(make));
    }

    [Fact]
    public void Settings_are_read_and_can_be_changed_one_by_one()
    {
        DistributedPubSubSettings settings = DistributedPubSubSettings.Create(_systems[0]);
        Assert.Null(settings.Role);
        Assert.Equal(TimeSpan.FromMilliseconds(100), settings.GossipInterval);
        Assert.Equal(TimeSpan.FromSeconds(120), settings.RemovedTimeToLive);
        Assert.True(settings.SendToDeadLettersWhenNoSubscribers);

        settings = settings.WithRole("hub").WithRoutingLogic(new RoundRobinRoutingLogic()).WithMaxDeltaElements(5)
            .WithGossipInterval(TimeSpan.FromSeconds(9)).WithRemovedTimeToLive(TimeSpan.FromSeconds(8))
            .WithSendToDeadLettersWhenNoSubscribers(false);
        Assert.Equal(("hub", 5, 9.0, 8.0, false), (settings.Role, settings.MaxDeltaElements,
            settings.GossipInterval.TotalSeconds, settings.RemovedTimeToLive.TotalSeconds,
            settings.SendToDeadLettersWhenNoSubscribers));
        Assert.IsType<RoundRobinRoutingLogic>(settings.RoutingLogic);
        Assert.Null(settings.WithRole(null).Role);
    }

    private async Task Put(int node, string name, string actor)
    {
        IActorRef listener = _systems[node].ActorOf(Props.Create(() => new Listener(name, _heard)), actor);
        Mediator(node).Tell(new Put(listener));
        await Topics();
    }

    private sealed class Undertaker : ReceiveActor
    {
        public Undertaker(BlockingCollection<string> buried) =>
            Receive<DeadLetter>(letter => letter.Message is string, letter => buried.Add((string)letter.Message));
    }

    private sealed class Observer : ReceiveActor
    {
        public Observer(BlockingCollection<object> seen) => ReceiveAny(seen.Add);
    }

    private sealed class BrokenLogic : RoutingLogic
    {
        public override Routee Select(object message, Routee[] routees) => throw new InvalidOperationException("broken");
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
