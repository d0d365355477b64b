using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.Event;
using Akka.Remote;

namespace Akka.Interop.Node;

/// <summary>Says what the cluster, remoting and the log have to tell.</summary>
internal sealed class Watcher : ReceiveActor
{
    public Watcher(Action<string[]> say)
    {
        Receive<ClusterEvent.IMemberEvent>(e => say(["member", e.Member.Address.ToString(), e.Member.Status.ToString(),
            e is ClusterEvent.MemberRemoved removed ? removed.PreviousStatus.ToString() : "",
            e.Member.UniqueAddress.Uid.ToString(), string.Join(' ', e.Member.Roles.Order()), e.Member.AppVersion.ToString()]));
        Receive<ClusterEvent.UnreachableMember>(e => say(["unreachable", e.Member.Address.ToString()]));
        Receive<ClusterEvent.ReachableMember>(e => say(["reachable", e.Member.Address.ToString()]));
        Receive<ClusterEvent.LeaderChanged>(e => say(["leader", e.Leader?.ToString() ?? "nobody"]));
        Receive<QuarantinedEvent>(e => say(["quarantined", e.Address.ToString(), e.Uid.ToString()]));
        Receive<ThisActorSystemQuarantinedEvent>(e => say(["quarantined by", e.RemoteAddress.ToString()]));
        Receive<LogEvent>(e => say(["log", e.LogLevel().ToString(), e.LogSource, e.ToString() ?? ""]));
    }

    protected override void PreStart()
    {
        Cluster.Cluster.Get(Context.System).Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents,
            typeof(ClusterEvent.IMemberEvent), typeof(ClusterEvent.UnreachableMember), typeof(ClusterEvent.ReachableMember),
            typeof(ClusterEvent.LeaderChanged));
        Type[] more = [typeof(QuarantinedEvent), typeof(ThisActorSystemQuarantinedEvent), typeof(Warning), typeof(Error)];
        foreach (Type type in more) Context.System.EventStream.Subscribe(Self, type);
    }
}

/// <summary>Says what it is sent, and what becomes of whom it follows.</summary>
internal sealed class Ear : ReceiveActor
{
    public sealed record Follow(string Path);

    public sealed record Forget(string Path);

    public sealed record Flood(string Path, int Count);

    public Ear(Action<string[]> say)
    {
        ReceiveAsync<Follow>(async follow =>
        {
            IActorRef actor = await Context.ActorSelection(follow.Path).ResolveOne(TimeSpan.FromSeconds(10));
            Context.Watch(actor);
            say(["watching", actor.Path.ToString()]);
        });
        ReceiveAsync<Forget>(async forget =>
        {
            IActorRef actor = await Context.ActorSelection(forget.Path).ResolveOne(TimeSpan.FromSeconds(10));
            Context.Unwatch(actor);
            say(["unwatched", actor.Path.ToString()]);
        });
        ReceiveAsync<Flood>(async flood =>
        {
            IActorRef actor = await Context.ActorSelection(flood.Path).ResolveOne(TimeSpan.FromSeconds(10));
            for (int i = 0; i < flood.Count; i++) actor.Tell((long)i);
        });
        Receive<Terminated>(end => say(["ended", end.ActorRef.Path.ToString(), end.ExistenceConfirmed.ToString(),
            end.AddressTerminated.ToString()]));
        Receive<SubscribeAck>(ack => say(["subscribed", ack.Subscribe.Topic]));
        Receive<UnsubscribeAck>(ack => say(["unsubscribed", ack.Unsubscribe.Topic]));
        Receive<CurrentTopics>(topics => say(["topics", string.Join(' ', topics.Topics.Order(StringComparer.Ordinal))]));
        ReceiveAny(message => say(["got", Messages.Say(message), Sender.Path.ToStringWithoutAddress(), Self.Path.Name]));
    }
}

/// <summary>Sends back what it is sent.</summary>
internal sealed class Echo : ReceiveActor
{
    public Echo() => ReceiveAny(message => Sender.Tell(message));
}

/// <summary>Says whether numbers come one after the other.</summary>
internal sealed class Counter : ReceiveActor
{
    public Counter(Action<string[]> say)
    {
        long next = 0;
        Receive<long>(number =>
        {
            if (number != next) say(["disorder", next.ToString(), number.ToString()]);
            next = number + 1;
            if (next == 10_000) say(["counted", next.ToString()]);
        });
    }
}

/// <summary>The one in the whole cluster: says where it is, to whoever asks.</summary>
internal sealed class Single : ReceiveActor
{
    public sealed record End;

    private readonly Action<string[]> _say;

    public Single(Action<string[]> say)
    {
        _say = say;
        Receive<End>(_ => Context.Stop(Self));
        ReceiveAny(_ => Sender.Tell($"single at {Cluster.Cluster.Get(Context.System).SelfAddress}"));
    }

    protected override void PreStart() => _say(["single starts"]);

    protected override void PostStop() => _say(["single ends"]);
}
