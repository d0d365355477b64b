using Akka.Actor;
using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Remote;

/// <summary>
/// Watches actors of other nodes on behalf of all actors of this one. It sends one Watch per watchee, hears of deaths
/// and fans the news out; and it listens for the heartbeats of the nodes the watchees live on, because a node that is
/// gone reports no deaths.
/// <code>
///   local watcher --WatchRemote--> here --Watch--> watchee                  watchee --DeathWatchNotification--> here
///   here --RWHB, each second--> /system/remote-watcher of the node --RWHR--> here
///   no answer for too long: the node is quarantined, and whoever watches somebody there is told
/// </code>
/// </summary>
internal class RemoteWatcher : UntypedActor
{
    private readonly IFailureDetectorRegistry<Address> _detectors;
    private readonly RemoteWatcherSettings _settings;
    private readonly SortedDictionary<Address, SortedSet<IInternalActorRef>> _watcheesByNode = [];
    private readonly Dictionary<IInternalActorRef, SortedSet<IInternalActorRef>> _watchersByWatchee = [];
    private readonly HashSet<Address> _unreachable = [];
    private readonly Dictionary<Address, int> _uids = [];
    private readonly List<ICancelable> _timers = [];
    private TimeSpan? _reapedAt;

    public RemoteWatcher(IFailureDetectorRegistry<Address> detectors, RemoteWatcherSettings settings)
    {
        _detectors = detectors;
        _settings = settings;
    }

    protected ILoggingAdapter Log { get; } = Context.GetLogger();

    protected RemoteActorRefProvider Provider { get; } =
        (RemoteActorRefProvider)((ExtendedActorSystem)Context.System).Provider;

    /// <summary>Nodes whose heartbeats failed; they are not asked again until somebody there is watched anew.</summary>
    protected IReadOnlySet<Address> Unreachable => _unreachable;

    /// <summary>All that is watched, in order.</summary>
    protected IEnumerable<IInternalActorRef> Watchees => _watchersByWatchee.Keys.Order();

    public static Props Props(IFailureDetectorRegistry<Address> detectors, RemoteWatcherSettings settings) =>
        Actor.Props.Create(() => new RemoteWatcher(detectors, settings)).WithDeploy(Deploy.Local);

    protected override void PreStart()
    {
        _timers.Add(Every(_settings.HeartbeatInterval, HeartbeatTick.Instance));
        _timers.Add(Every(_settings.ReapInterval, ReapUnreachableTick.Instance));
    }

    protected override void PostStop()
    {
        foreach (ICancelable timer in _timers) timer.Cancel();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case HeartbeatTick: SendHeartbeats(); break;
            case ReapUnreachableTick: ReapUnreachable(); break;
            case Heartbeat: Sender.Tell(new HeartbeatRsp(Provider.Uid), Self); break;
            case HeartbeatRsp answer: OnHeartbeatRsp(answer.AddressUid); break;
            case ExpectedFirstHeartbeat expected: OnExpectedFirstHeartbeat(expected.Node); break;
            case WatchRemote watch: AddWatch(watch.Watchee, watch.Watcher); break;
            case UnwatchRemote unwatch: RemoveWatch(unwatch.Watchee, unwatch.Watcher); break;
            case Terminated dead: OnTerminated(dead); break;
            case Stats.Ask: Sender.Tell(CountWatched(), Self); break;
            default: Unhandled(message); break;
        }
    }

    /// <summary>A watched actor's node has to be heartbeated from now on. In a cluster, members are not.</summary>
    protected virtual void WatchNode(IInternalActorRef watchee)
    {
        Address node = watchee.Path.Address;
        if (!_watcheesByNode.TryGetValue(node, out SortedSet<IInternalActorRef>? watchees))
        {
            watchees = [];
            _watcheesByNode.Add(node, watchees);
        }
        watchees.Add(watchee);
    }

    /// <summary>Somebody else (the cluster) judges this node from now on.</summary>
    protected void TakeOverResponsibility(Address node)
    {
        Log.Debug("Somebody else watches node {0} from now on", node);
        // It may be another life than the one that was asked, and nobody would find out any more.
        if (_watcheesByNode.ContainsKey(node)) Rewatch(node);
        UnwatchNode(node);
    }

    protected virtual void Quarantine(Address node, int? uid) => Provider.Quarantine(node, uid);

    protected void PublishAddressTerminated(Address node) =>
        AddressTerminatedTopic.Get(Context.System).Publish(new AddressTerminated(node));

    private void AddWatch(IInternalActorRef watchee, IInternalActorRef watcher)
    {
        if (watcher.Equals(Self)) return;
        if (!_watchersByWatchee.TryGetValue(watchee, out SortedSet<IInternalActorRef>? watchers))
        {
            watchers = [];
            _watchersByWatchee.Add(watchee, watchers);
        }
        watchers.Add(watcher);
        WatchNode(watchee);
        Context.Watch(watchee);
    }

    private void RemoveWatch(IInternalActorRef watchee, IInternalActorRef watcher)
    {
        if (!_watchersByWatchee.TryGetValue(watchee, out SortedSet<IInternalActorRef>? watchers)) return;
        watchers.Remove(watcher);
        if (watchers.Count > 0) return;
        Context.Unwatch(watchee);
        Forget(watchee);
    }

    private Stats CountWatched() =>
        new(_watchersByWatchee.Values.Sum(each => each.Count), [.. _watcheesByNode.Keys]);

    private void OnTerminated(Terminated terminated)
    {
        IInternalActorRef dead = (IInternalActorRef)terminated.ActorRef;
        // Who was watched by name alone is registered so; who dies says its number too.
        IInternalActorRef watchee = _watchersByWatchee.ContainsKey(dead) ? dead : WithoutUid(dead);
        if (!_watchersByWatchee.TryGetValue(watchee, out SortedSet<IInternalActorRef>? watchers)) return;
        // When a whole node is gone, who watched there was told already, and hears nothing twice. But some may have begun to
        // watch after that was said, and before it was read here.
        DeathWatchNotification news = new(dead, terminated.ExistenceConfirmed, terminated.AddressTerminated);
        foreach (IInternalActorRef watcher in watchers) watcher.SendSystemMessage(news);
        if (terminated.AddressTerminated) Context.Unwatch(watchee);
        Forget(watchee);
    }

    private IInternalActorRef WithoutUid(IInternalActorRef actor) =>
        (IInternalActorRef)Provider.ResolveActorRef(actor.Path.WithUid(ActorCell.UndefinedUid));

    private void Forget(IInternalActorRef watchee)
    {
        _watchersByWatchee.Remove(watchee);
        Address node = watchee.Path.Address;
        if (!_watcheesByNode.TryGetValue(node, out SortedSet<IInternalActorRef>? watchees)) return;
        watchees.Remove(watchee);
        if (watchees.Count == 0) UnwatchNode(node);
    }

    /// <summary>Nobody is watched there any more, or somebody else judges the node.</summary>
    protected virtual void UnwatchNode(Address node)
    {
        _watcheesByNode.Remove(node);
        // When somebody there is watched anew, the node gets another chance.
        _unreachable.Remove(node);
        _uids.Remove(node);
        _detectors.Remove(node);
    }

    private void SendHeartbeats()
    {
        foreach (Address node in _watcheesByNode.Keys)
        {
            if (_unreachable.Contains(node)) continue;
            if (!_detectors.IsMonitoring(node))
            {
                Context.System.Scheduler.ScheduleTellOnce(
                    _settings.ExpectedResponseAfter, Self, new ExpectedFirstHeartbeat(node), Self);
            }
            ActorPath path = new RootActorPath(node) / Self.Path.Elements;
            Context.ActorSelection(path).Tell(Heartbeat.Instance, Self);
        }
    }

    private void OnHeartbeatRsp(int uid)
    {
        Address node = Sender.Path.Address;
        if (!_watcheesByNode.ContainsKey(node) || _unreachable.Contains(node)) return;
        bool isNews = !_uids.TryGetValue(node, out int known) || known != uid;
        if (isNews || MayHaveForgotten(node)) Rewatch(node);
        _uids[node] = uid;
        _detectors.Heartbeat(node);
    }

    /// <summary>Whether this node, which has answered a heartbeat, may have forgotten meanwhile who watches from here. Asked
    /// once for each answer.</summary>
    protected virtual bool MayHaveForgotten(Address node) => false;

    // The first answer, or another life of the node: what was sent before may have met nobody.
    private void Rewatch(Address node)
    {
        foreach (IInternalActorRef watchee in _watcheesByNode[node]) Rewatch(watchee);
    }

    /// <summary>Says once more that it watches; to who knows that already, it is no news.</summary>
    protected void Rewatch(IInternalActorRef watchee) =>
        watchee.SendSystemMessage(new Watch(watchee, (IInternalActorRef)Self));

    // A node that never answers must be found out too: its detector starts as if it had answered once.
    private void OnExpectedFirstHeartbeat(Address node)
    {
        if (_watcheesByNode.ContainsKey(node) && !_unreachable.Contains(node) && !_detectors.IsMonitoring(node))
        {
            _detectors.Heartbeat(node);
        }
    }

    private void ReapUnreachable()
    {
        if (WasPausedItself()) return;
        foreach (Address node in _watcheesByNode.Keys.ToArray())
        {
            if (_unreachable.Contains(node) || _detectors.IsAvailable(node)) continue;
            Log.Warning("Node {0} is silent; who watches actors there is told they are gone", node);
            Quarantine(node, _uids.TryGetValue(node, out int uid) ? uid : null);
            PublishAddressTerminated(node);
            _unreachable.Add(node);
        }
    }

    // A tick that comes late: this process was stopped or starved, and did not hear what the others said meanwhile. They
    // get a new chance; who is accused here is quarantined, and cannot come back.
    private bool WasPausedItself()
    {
        TimeSpan now = Context.System.Scheduler.MonotonicClock;
        TimeSpan late = _reapedAt is { } before ? now - before - _settings.ReapInterval : TimeSpan.Zero;
        _reapedAt = now;
        if (_settings.OwnPauseTolerance <= TimeSpan.Zero || late <= _settings.OwnPauseTolerance) return false;
        foreach (Address node in _watcheesByNode.Keys)
        {
            if (!_unreachable.Contains(node) && _detectors.IsMonitoring(node)) _detectors.Heartbeat(node);
        }
        return true;
    }

    private ICancelable Every(TimeSpan interval, object message) =>
        Context.System.Scheduler.ScheduleTellRepeatedlyCancelable(interval, interval, Self, message, Self);

    /// <summary>From a reference of another node: this watcher wants to know of its death.</summary>
    public sealed record WatchRemote(IInternalActorRef Watchee, IInternalActorRef Watcher)
        : INoSerializationVerificationNeeded;

    /// <summary>From a reference of another node: this watcher does not want to know any more.</summary>
    public sealed record UnwatchRemote(IInternalActorRef Watchee, IInternalActorRef Watcher)
        : INoSerializationVerificationNeeded;

    /// <summary>To the remote watcher of another node: are you there?</summary>
    public sealed class Heartbeat : IDeadLetterSuppression
    {
        public static readonly Heartbeat Instance = new();

        private Heartbeat()
        {
        }
    }

    /// <summary>The answer, with the number of this life of the system.</summary>
    public sealed record HeartbeatRsp(int AddressUid) : IDeadLetterSuppression;

    /// <summary>How much is watched; for tests and for those who look after a system.</summary>
    public sealed record Stats(int Watching, IReadOnlyList<Address> Nodes)
    {
        /// <summary>Asks for <see cref="Stats"/>.</summary>
        public sealed class Ask
        {
            public static readonly Ask Instance = new();
        }
    }

    private sealed class HeartbeatTick
    {
        public static readonly HeartbeatTick Instance = new();
    }

    private sealed class ReapUnreachableTick
    {
        public static readonly ReapUnreachableTick Instance = new();
    }

    private sealed record ExpectedFirstHeartbeat(Address Node);
}

/// <summary>How often and how patiently the remote watcher asks.</summary>
internal sealed record RemoteWatcherSettings(
    TimeSpan HeartbeatInterval, TimeSpan ReapInterval, TimeSpan ExpectedResponseAfter, TimeSpan OwnPauseTolerance);
