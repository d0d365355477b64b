using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe.Internal;
using Akka.Configuration;
using Akka.Event;
using Akka.Routing;

namespace Akka.Cluster.Tools.PublishSubscribe;

/// <summary>
/// One node's desk for publish and subscribe. It knows from gossip which node has subscribers of what and sends there
/// directly; a topic's or a group's subscribers on this node are kept by a child that bears its name.
/// </summary>
/// <remarks>
/// The actor of a topic that nobody subscribes to any more stays, but is taken out of the registry: to stop it would
/// lose whoever subscribes in that moment.
/// </remarks>
public sealed class DistributedPubSubMediator : UntypedActor
{
    // Between topic and group in the name of a child: escaping leaves no such character in either.
    private const char GroupMark = '$';

    /// <summary>Of a frame, for what is around a message: mainly the paths of two mediators.</summary>
    private const int FrameRoom = 4_000;

    /// <summary>Remoting takes no smaller ones.</summary>
    private const int SmallestFrame = 32_000;

    private readonly DistributedPubSubSettings _settings;
    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly IActorRefProvider _provider = ((ExtendedActorSystem)Context.System).Provider;
    // By address the numbers of the lives there: until a former one is removed, the next may be a member beside it.
    private readonly SortedDictionary<Address, HashSet<int>> _members = [];
    private readonly HashSet<Address> _going = [];
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Random _chance;
    private readonly string _prefix = $"{Context.Self.Path.ToStringWithoutAddress()}/";
    private readonly int _deltaBytes = DeltaBytes(Context.System.Settings.Config);
    private TopicRegistry _registry;
    private ICancelable? _ticking;

    /// <summary>For its Props.</summary>
    public DistributedPubSubMediator(DistributedPubSubSettings settings)
    {
        _settings = settings;
        _registry = TopicRegistry.Of(_cluster.SelfAddress);
        _chance = new Random(_cluster.SelfUniqueAddress.Uid);
    }

    private long NowMilliseconds => Context.System.Scheduler.Now.UtcTicks / TimeSpan.TicksPerMillisecond;

    public static Props Props(DistributedPubSubSettings settings) =>
        Actor.Props.Create(() => new DistributedPubSubMediator(settings)).WithDeploy(Deploy.Local);

    protected override void PreStart()
    {
        _cluster.Subscribe(Self, typeof(ClusterEvent.IMemberEvent));
        _ticking = Context.System.Scheduler.ScheduleTellRepeatedlyCancelable(
            _settings.GossipInterval, _settings.GossipInterval, Self, GossipTick.Instance, Self);
    }

    protected override void PostStop()
    {
        _ticking?.Cancel();
        _cluster.Unsubscribe(Self);
    }

    protected override void OnReceive(object message)
    {
        try
        {
            Handle(message);
        }
        catch (Exception error)
        {
            // Started anew it would have forgotten all who subscribe here, and nobody would tell them.
            _log.Error(error, "Lost a {0}: {1}", message.GetType().Name, error.Message);
        }
    }

    private void Handle(object message)
    {
        switch (message)
        {
            case Publish publish: OnPublish(publish); break;
            case Send send: OnSend(send); break;
            case SendToAll send: OnSendToAll(send); break;
            case Subscribe subscribe: TopicOf(subscribe.Topic, subscribe.Group).Forward(subscribe); break;
            case Unsubscribe unsubscribe: OnUnsubscribe(unsubscribe); break;
            case CountSubscribers count: OnCount(count); break;
            case Topic.Joined joined: OnJoined(joined); break;
            case Topic.Empty empty: Take(empty.Topic); break;
            case Put put: OnPut(put.Ref); break;
            case Remove remove: OnRemove(remove.Path); break;
            case GetTopics: Sender.Tell(new CurrentTopics(Topics()), Self); break;
            case Status status: OnStatus(status); break;
            case Delta delta: OnDelta(delta); break;
            case GossipTick: OnTick(); break;
            case Terminated dead: Take(dead.ActorRef); break;
            case ClusterEvent.CurrentClusterState state: foreach (Member each in state.Members) See(each); break;
            case ClusterEvent.IMemberEvent change: See(change.Member); break;
            default: Unhandled(message); break;
        }
    }

    private static int DeltaBytes(Config config)
    {
        long frame = config.GetByteSize("akka.remote.dot-netty.tcp.maximum-frame-size", null) ?? SmallestFrame;
        return (int)Math.Min(frame, int.MaxValue) - FrameRoom;
    }

    private static string Escape(string name) => Uri.EscapeDataString(name);

    private void OnPublish(Publish publish)
    {
        string key = _prefix + Escape(publish.Topic);
        bool told = publish.SendOneMessageToEachGroup
            ? TellGroups(key, new SendToOneSubscriber(publish.Message))
            : TellAll(key, publish.Message, _ => true);
        if (!told) Miss(publish.Message);
    }

    private void OnSend(Send send)
    {
        if (!TellOne(send.Path, send.Message, send.LocalAffinity)) Miss(send.Message);
    }

    private void OnSendToAll(SendToAll send)
    {
        Predicate<Address> wanted = owner => !send.ExcludeSelf || !owner.Equals(_cluster.SelfAddress);
        if (!TellAll(send.Path, send.Message, wanted)) Miss(send.Message);
    }

    private bool TellGroups(string topicKey, SendToOneSubscriber message)
    {
        bool told = false;
        foreach (string group in _registry.KeysBelow(topicKey + "/"))
            told |= TellOne(group, message, preferLocal: false);
        return told;
    }

    private bool TellAll(string key, object message, Predicate<Address> wanted)
    {
        bool told = false;
        foreach ((Address owner, string reference) in _registry.Find(key))
        {
            if (!wanted(owner)) continue;
            _provider.ResolveActorRef(reference).Forward(message);
            told = true;
        }

        return told;
    }

    private bool TellOne(string key, object message, bool preferLocal)
    {
        (Address Owner, string Ref)[] found = [.. _registry.Find(key)];
        if (found.Length == 0) return false;
        // What goes to one only should not go to one that is about to end, if there is another.
        (Address Owner, string Ref)[] staying = [.. found.Where(each => !_going.Contains(each.Owner))];
        if (staying.Length > 0) found = staying;
        int local = preferLocal ? Array.FindIndex(found, each => each.Owner.Equals(_cluster.SelfAddress)) : -1;
        if (local >= 0 || _settings.RoutingLogic is not { } logic)
        {
            int chosen = local >= 0 ? local : _chance.Next(found.Length);
            _provider.ResolveActorRef(found[chosen].Ref).Forward(message);
            return true;
        }

        Routee[] routees = [.. found.Select(each => new ActorRefRoutee(_provider.ResolveActorRef(each.Ref)))];
        logic.Select(message, routees).Send(message, Sender);
        return true;
    }

    private void Miss(object message)
    {
        if (_settings.SendToDeadLettersWhenNoSubscribers)
            Context.System.DeadLetters.Tell(new DeadLetter(message, Sender, Self), Sender);
    }

    // Who never subscribed needs no actor to be told that it does not.
    private void OnUnsubscribe(Unsubscribe unsubscribe)
    {
        IActorRef known = Context.Child(NameOf(unsubscribe.Topic, unsubscribe.Group));
        if (known.IsNobody()) Sender.Tell(new UnsubscribeAck(unsubscribe), Self);
        else known.Forward(unsubscribe);
    }

    private void OnCount(CountSubscribers count)
    {
        IActorRef known = Context.Child(NameOf(count.Topic, null));
        if (known.IsNobody()) Sender.Tell(0, Self);
        else known.Forward(count);
    }

    private void OnPut(IActorRef actor)
    {
        if (actor.Path.Address.HasGlobalScope) _log.Warning("Registered actor must be local: [{0}]", actor);
        else Register(Context.Watch(actor), actor.Path.ToStringWithoutAddress());
    }

    // A group is a child of its own: its key is that of the topic, a slash and its name.
    private IActorRef TopicOf(string topic, string? group)
    {
        string name = NameOf(topic, group);
        IActorRef known = Context.Child(name);
        return known.IsNobody() ? Context.ActorOf(Actor.Props.Create(() => new Topic()), name) : known;
    }

    private static string NameOf(string topic, string? group) =>
        group is null ? Escape(topic) : $"{Escape(topic)}{GroupMark}{Escape(group)}";

    private string KeyOf(IActorRef topic) => topic.Path.Parent.Equals(Self.Path)
        ? _prefix + topic.Path.Name.Replace(GroupMark, '/')
        : topic.Path.ToStringWithoutAddress();

    private void OnJoined(Topic.Joined joined)
    {
        Register(joined.Topic, KeyOf(joined.Topic));
        Sender.Tell(new SubscribeAck(joined.Subscribe), Self);
    }

    private void Register(IActorRef actor, string key)
    {
        string reference = ReferenceOf(actor);
        if (_registry.OwnOf(key) == reference) return;
        _registry = _registry.Put(key, reference, NowMilliseconds);
        int bytes = TopicRegistry.EntryBytes(key, reference);
        if (bytes > _deltaBytes)
            _log.Warning("No other node can hear of [{0}]: its name takes {1} bytes of a message", actor, bytes);
    }

    private string ReferenceOf(IActorRef actor) => actor.Path.ToSerializationFormatWithAddress(_cluster.SelfAddress);

    private void OnRemove(string path)
    {
        if (_registry.OwnOf(path) is not null) _registry = _registry.Put(path, "", NowMilliseconds);
    }

    // Its successor of the same name may have been put before the news of its end came.
    private void Take(IActorRef actor)
    {
        string key = KeyOf(actor);
        if (_registry.OwnOf(key) == ReferenceOf(actor)) OnRemove(key);
    }

    // Below the topic are its groups.
    private ImmutableHashSet<string> Topics() =>
        [.. _registry.KeysUnder(_prefix).Select(key => Uri.UnescapeDataString(key[_prefix.Length..].Split('/')[0]))];

    private void See(Member member)
    {
        bool counts = member.Status is not (MemberStatus.Joining or MemberStatus.Down or MemberStatus.Removed)
            && (_settings.Role is null || member.HasRole(_settings.Role));
        if (member.Status is MemberStatus.Leaving or MemberStatus.Exiting) _going.Add(member.Address);
        else _going.Remove(member.Address);
        if (counts) Count(member.UniqueAddress);
        else Forget(member.UniqueAddress);
        bool isSelf = member.UniqueAddress == _cluster.SelfUniqueAddress;
        if (isSelf && member.Status == MemberStatus.Removed) Context.Stop(Self);
    }

    private void Count(UniqueAddress node)
    {
        if (_members.TryGetValue(node.Address, out HashSet<int>? lives)) lives.Add(node.Uid);
        else _members.Add(node.Address, [node.Uid]);
    }

    // What the life had put is forgotten. Another one at its address says again what it has.
    private void Forget(UniqueAddress node)
    {
        if (!_members.TryGetValue(node.Address, out HashSet<int>? lives) || !lives.Remove(node.Uid)) return;
        _registry = _registry.Without(node.Address);
        if (lives.Count == 0) _members.Remove(node.Address);
    }

    private void OnTick()
    {
        _registry = _registry.Prune(NowMilliseconds - (long)_settings.RemovedTimeToLive.TotalMilliseconds);
        Address[] others = [.. _members.Keys.Where(address => !address.Equals(_cluster.SelfAddress))];
        if (others.Length == 0) return;
        Address peer = others[_chance.Next(others.Length)];
        Context.ActorSelection(new RootActorPath(peer) / Self.Path.Elements)
            .Tell(new Status(_registry.Versions, IsReplyToStatus: false), Self);
    }

    private void OnStatus(Status status)
    {
        if (!_members.ContainsKey(Sender.Path.Address)) return;
        ImmutableArray<Bucket> delta = _registry.DeltaFor(
            status.Versions, _settings.MaxDeltaElements, _deltaBytes);
        if (!delta.IsEmpty) Sender.Tell(new Delta(delta), Self);
        if (!status.IsReplyToStatus && _registry.IsBehind(status.Versions))
            Sender.Tell(new Status(_registry.Versions, IsReplyToStatus: true), Self);
    }

    private void OnDelta(Delta delta)
    {
        if (!_members.ContainsKey(Sender.Path.Address)) return;
        _registry = _registry.Merge(delta.Buckets, _members.ContainsKey);
    }

    private sealed class GossipTick
    {
        public static readonly GossipTick Instance = new();
    }
}
