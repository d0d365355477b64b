using System.Collections.Immutable;
using System.Globalization;
using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Cluster.Membership;
using Akka.Event;
using Akka.Remote;

namespace Akka.Cluster.Daemon;

/// <summary>
/// <c>/system/cluster/core/daemon</c>: the hands of <see cref="ClusterNode"/>. It feeds what arrives into the rules,
/// does what they want done, and wakes them when they ask to be woken; it decides nothing itself.
/// </summary>
internal sealed class ClusterDaemon : UntypedActor
{
    private readonly Cluster _cluster;
    private readonly RemoteActorRefProvider _provider;
    private readonly Heartbeats _heartbeats;
    private readonly Subscriptions _subscriptions = new(Context.System.EventStream);
    private readonly List<Action> _onUp = [];
    private readonly List<Action> _onRemoved = [];
    private readonly List<ClusterRequest.WhenSelfIs> _waiting = [];
    private readonly Selections _daemons = new(Context, "core", "daemon");
    private readonly Selections _receivers = new(Context, "heartbeatReceiver");
    private readonly Dictionary<UniqueAddress, IActorRef> _askers = [];
    private readonly LeaseKeeper? _lease;
    private readonly IScheduler _scheduler = Context.System.Scheduler;
    private ClusterNodeState _state;
    private long _heartbeatNumber;
    private ImmutableArray<UniqueAddress> _probed = [];
    private ICancelable? _wake;
    private TimeSpan _wakeAt = TimeSpan.MaxValue;

    public ClusterDaemon(Cluster cluster)
    {
        _cluster = cluster;
        _provider = (RemoteActorRefProvider)cluster.System.Provider;
        var resolver = cluster.DowningProvider as SBR.SplitBrainResolverProvider;
        if (resolver?.Lease is { } lease) _lease = new LeaseKeeper(lease, cluster, Self);
        ulong seed = (ulong)((ActorSystemImpl)Context.System).Host.CreateRandom("cluster").NextInt64();
        _state = ClusterNode.Start(cluster.SelfUniqueAddress, cluster.Settings.ForNode(resolver?.Rules), seed);
        _heartbeats = new Heartbeats(
            cluster.SelfUniqueAddress, cluster.Settings.ForHeartbeats(), cluster.FailureDetector,
            Now + cluster.Settings.PeriodicTasksInitialDelay,
            cluster.Settings.TrafficCountsAsHeartbeat ? node => _provider.ReceivedFrom(node.Address, node.Uid) : null,
            node => _provider.ProbeAnswersFrom(node.Address, node.Uid),
            node => _provider.IsProvenSilent(node.Address, node.Uid),
            node => _provider.IsKin(node.Address, node.Uid));
    }

    private TimeSpan Now => _scheduler.MonotonicClock;

    private int Members => _state.Gossip.Members.Length;

    public static Props Props(Cluster cluster) =>
        Actor.Props.Create(() => new ClusterDaemon(cluster))
            .WithDispatcher(cluster.Settings.UseDispatcher)
            .WithDeploy(Deploy.Local);

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(QuarantinedEvent));
        Context.System.EventStream.Subscribe(Self, typeof(ThisActorSystemQuarantinedEvent));
        Context.System.EventStream.Subscribe(Self, typeof(AssociationErrorEvent));
        Context.System.EventStream.Subscribe(Self, typeof(DisassociatedEvent));
        Context.System.EventStream.Subscribe(Self, typeof(GatedEvent));
        if (_cluster.DowningProvider.DowningActorProps is { } props) Context.ActorOf(props, "downingProvider");
        if (_cluster.Settings.SeedNodes.IsEmpty)
            _cluster.LogInfo("No seed-nodes configured, manual cluster join required");
        else Take(ClusterNode.Step(_state, new JoinSeedNodes([.. _cluster.Settings.SeedNodes]), Now));
        ScheduleWake();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case HeartbeatResponse answer:
                if (_cluster.Settings.VerboseHeartbeatLogging) Debug($"Heartbeat response from [{answer.From.Address}]");
                _heartbeats.SignOfLife(answer.From, Now);
                break;
            case IClusterMessage said:
                if (said is GossipEnvelope gossip && _cluster.Settings.VerboseGossipReceivedLogging)
                    Debug($"Receiving gossip from [{gossip.From}]: {gossip.Gossip}");
                Hear(said);
                break;
            case Wake: OnWake(); break;
            case Settle:
                Take(ClusterNode.Step(_state, Settle.Instance, Now));
                _askers.Clear();
                break;
            case IClusterCommand command: Take(ClusterNode.Step(_state, command, Now)); break;
            case ClusterRequest request: OnRequest(request); break;
            case DisassociatedEvent broken: _heartbeats.ConnectionBroke(broken.RemoteAddress, Now); break;
            case GatedEvent gated: _heartbeats.ConnectionBroke(gated.Address, Now); break;
            case QuarantinedEvent quarantined: OnQuarantined(quarantined); break;
            case AssociationErrorEvent { Cause: QuarantinedLifeException } refused:
                Take(ClusterNode.Step(_state, new QuarantinedLife(refused.RemoteAddress), Now));
                break;
            case AssociationErrorEvent: break;
            case ThisActorSystemQuarantinedEvent refused:
                _heartbeats.RefusedBy(refused.RemoteAddress);
                Take(ClusterNode.Step(_state, new QuarantinedBy(refused.RemoteAddress), Now));
                break;
            case Terminated dead: _subscriptions.Remove(dead.ActorRef, null); break;
            default: Unhandled(message); break;
        }

        ScheduleWake();
    }

    protected override void PostStop()
    {
        _wake?.Cancel();
        foreach (UniqueAddress node in _probed) _provider.EndProbing(node.Address);
        // The others remove who is Down when it is silent, and a system may well live on without its cluster.
        _provider.EndProbeAnswers();
        foreach (UniqueAddress node in _state.Gossip.Reachability.AllUnreachableFrom(_state.Self))
            _provider.Abandon(node.Address);
        Context.System.EventStream.Unsubscribe(Self);
        if (_state.Lease.Phase == SBR.LeasePhase.Held)
            _cluster.LogInfo("SBR is stopped and owns the lease. The lease will not be released until it times out.");
        _cluster.View.Terminate();
        foreach (ClusterEvent.IClusterDomainEvent news in EventDifference.Farewell(_state.Gossip, _state.Self))
            Publish(news);
        _cluster.LastWordsHeard = LastWords.HeardBy(_subscriptions.Audience(), _cluster.LastWordsPatience);
        RunAll(_onRemoved);
        foreach (ClusterRequest.WhenSelfIs waiting in _waiting) waiting.Reached.TrySetResult(Done.Instance);
        _cluster.LogInfo("Successfully shut down");
    }

    /// <summary>
    /// What a peer says costs that message at most: the rules are pure, so what they throw leaves the state as it was,
    /// and a node that stopped for it could be stopped by anybody. Where they throw is a bug all the same.
    /// </summary>
    private void Hear(IClusterMessage said)
    {
        (ClusterNodeState State, ImmutableArray<ClusterEffect> Effects) step;
        try
        {
            step = ClusterNode.Step(_state, said, Now);
        }
        catch (Exception error)
        {
            _provider.Remoting.Complain("Ignored a {0} from {1} that the rules of membership cannot take: {2}",
                said.GetType().Name, Sender, error);
            return;
        }

        Take(step);
    }

    private void OnWake()
    {
        _wake = null;
        _wakeAt = TimeSpan.MaxValue;
        if (_state.WakeAt <= Now) Take(ClusterNode.Step(_state, Wake.Instance, Now));
        if (_heartbeats.WakeAt <= Now) AdvanceHeartbeats();
    }

    private void AdvanceHeartbeats()
    {
        LocalHealth before = _heartbeats.Health;
        Advance(_heartbeats.Advance(Now));
        if (_heartbeats.Health is { Score: > 0 } doubt && doubt.Score > before.Score)
        {
            _cluster.Log(LogLevel.DebugLevel,
                $"This node's timers come late: local health {doubt.Score} of {LocalHealth.Most}, others are waited for longer.");
        }
    }

    private void OnRequest(ClusterRequest request)
    {
        switch (request)
        {
            case ClusterRequest.Subscribe subscribe: OnSubscribe(subscribe); break;
            case ClusterRequest.Unsubscribe unsubscribe: OnUnsubscribe(unsubscribe); break;
            case ClusterRequest.SendState send: send.Receiver.Tell(_cluster.State, Self); break;
            case ClusterRequest.OnUp onUp: _onUp.Add(onUp.Callback); NoticeOwnStatus(); break;
            case ClusterRequest.OnRemoved onRemoved: _onRemoved.Add(onRemoved.Callback); break;
            case ClusterRequest.IfOutside ifOutside:
                if (_state.Phase == NodePhase.Outside) ifOutside.Callback();
                break;
            case ClusterRequest.WhenSelfIs waiting: _waiting.Add(waiting); NoticeOwnStatus(); break;
            case ClusterRequest.ExitingDone done:
                Take(ClusterNode.Step(_state, ExitingCompleted.Instance, Now));
                done.Told.TrySetResult(Done.Instance);
                break;
        }
    }

    private void OnSubscribe(ClusterRequest.Subscribe subscribe)
    {
        if (subscribe.Mode == ClusterEvent.SubscriptionInitialStateMode.InitialStateAsSnapshot)
        {
            subscribe.Subscriber.Tell(_cluster.State, Self);
        }
        else
        {
            foreach (ClusterEvent.IClusterDomainEvent news in
                EventDifference.Between(Gossip.Empty, _state.Gossip, _state.Self))
            {
                if (Subscriptions.Wants(subscribe.To, news)) subscribe.Subscriber.Tell(news, Self);
            }
        }

        Context.Watch(subscribe.Subscriber);
        _subscriptions.Add(subscribe.Subscriber, subscribe.To);
    }

    private void OnUnsubscribe(ClusterRequest.Unsubscribe unsubscribe)
    {
        bool wantsNothing = _subscriptions.Remove(unsubscribe.Subscriber, unsubscribe.To);
        if (wantsNothing) Context.Unwatch(unsubscribe.Subscriber);
    }

    private void OnQuarantined(QuarantinedEvent quarantined) => Take(ClusterNode.Step(
        _state, new Quarantined(new UniqueAddress(quarantined.Address, quarantined.Uid)), Now));

    private void Take((ClusterNodeState State, ImmutableArray<ClusterEffect> Effects) step)
    {
        _state = step.State;
        foreach (ClusterEffect effect in step.Effects) Perform(effect);
    }

    private void Perform(ClusterEffect effect)
    {
        switch (effect)
        {
            case ClusterEffect.Send send: Send(send); break;
            case ClusterEffect.Reply reply: Sender.Tell(reply.Message, Self); break;
            case ClusterEffect.SettleSoon settle: SettleSoon(settle.Asker); break;
            case ClusterEffect.Answer answer: _askers[answer.To].Tell(answer.Message, Self); break;
            case ClusterEffect.Publish publish: OnPublish(publish); break;
            case ClusterEffect.Log log: Write(log); break;
            case ClusterEffect.AcquireLease acquire: _lease!.Acquire(acquire.Question); break;
            case ClusterEffect.ReleaseLease: _lease!.Release(); break;
            case ClusterEffect.RunCoordinatedShutdown run: ClusterShutdown.Run(_cluster, run.Cause); break;
            case ClusterEffect.Stop stop: ClusterShutdown.Stop(_cluster, stop.WasDown); break;
        }
    }

    /// <summary>Who asks for a way in asks until it gets one, and cannot wait for a gate after each failure.</summary>
    private void Send(ClusterEffect.Send send)
    {
        ActorSelection daemon = _daemons.Of(send.To, Members);
        IActorRef self = Self;
        if (send.Message is InitJoin or Join) _provider.WithoutGate(send.To, () => daemon.Tell(send.Message, self));
        else daemon.Tell(send.Message, self);
    }

    private void SettleSoon(UniqueAddress asker)
    {
        if (_askers.Count == 0) Self.Tell(Settle.Instance, Self);
        _askers[asker] = Sender;
    }

    private void OnPublish(ClusterEffect.Publish publish)
    {
        _cluster.View.Show(publish.Gossip);
        _heartbeats.Observe(publish.Gossip);
        foreach (ClusterEvent.IClusterDomainEvent news in publish.Events) Publish(news);
        NoticeOwnStatus();
    }

    private void Publish(ClusterEvent.IClusterDomainEvent news) => _subscriptions.Publish(news, Self);

    private void NoticeOwnStatus()
    {
        MemberStatus status = _cluster.SelfMember.Status;
        if (status == MemberStatus.Up) RunAll(_onUp);
        for (int i = _waiting.Count - 1; i >= 0; i--)
        {
            if (status != MemberStatus.Removed && !_waiting[i].Statuses.Contains(status)) continue;
            _waiting[i].Reached.TrySetResult(Done.Instance);
            _waiting.RemoveAt(i);
        }
    }

    private void RunAll(List<Action> callbacks)
    {
        Action[] due = [.. callbacks];
        callbacks.Clear();
        foreach (Action callback in due) _cluster.Call(callback);
    }

    private void Advance(HeartbeatRound round)
    {
        if (round.OwnPause is { } pause)
        {
            _cluster.Log(LogLevel.WarningLevel,
                $"This node itself was held up for {pause.TotalSeconds:F1} s; all members get a new chance.");
        }

        foreach (UniqueAddress node in round.Beats)
        {
            long number = _cluster.Settings.UseLegacyHeartbeatMessage
                ? Serialization.ClusterMessageCodec.NoSequenceNr
                : ++_heartbeatNumber;
            var beat = new Heartbeat(_state.Self.Address, number, Now.Ticks * TimeSpan.NanosecondsPerTick);
            ActorSelection receiver = _receivers.Of(node.Address, Members);
            IActorRef self = Self;
            if (_cluster.Settings.VerboseHeartbeatLogging) Debug($"Heartbeat to [{node.Address}]");
            if (round.Probes.Contains(node)) _provider.WithoutGate(node.Address, () => receiver.Tell(beat, self));
            else receiver.Tell(beat, self);
        }

        ProbeOnly(round.Unheard);
        if (round.Unavailable is { } unavailable) Take(ClusterNode.Step(_state, new Reap(unavailable), Now));
    }

    /// <summary>Asks exactly these over connections of their own, as far as they offer it.</summary>
    private void ProbeOnly(ImmutableArray<UniqueAddress> unheard)
    {
        foreach (UniqueAddress node in _probed.RemoveAll(node => unheard.Has(node))) _provider.EndProbing(node.Address);
        _probed = unheard.RemoveAll(node => !_probed.Has(node) && !_provider.BeginProbing(node.Address, node.Uid));
    }

    private void Debug(string text) => _cluster.Log(LogLevel.DebugLevel, text);

    private void Write(ClusterEffect.Log log)
    {
        string text = string.Format(CultureInfo.InvariantCulture, log.Text, [.. log.Arguments]);
        _cluster.Log(log.Level switch
        {
            NoteLevel.Debug when _cluster.Settings.LogInfoVerbose => LogLevel.InfoLevel,
            NoteLevel.Debug => LogLevel.DebugLevel,
            NoteLevel.Info => LogLevel.InfoLevel,
            NoteLevel.Warning => LogLevel.WarningLevel,
            _ => LogLevel.ErrorLevel,
        }, text);
    }

    /// <summary>
    /// One timer for everything. One that rings too early is harmless, so it is only ever moved forward.
    /// </summary>
    private void ScheduleWake()
    {
        TimeSpan next = _heartbeats.WakeAt;
        if (_state.WakeAt is { } wakeAt && wakeAt < next) next = wakeAt;
        if (next >= _wakeAt) return;
        _wake?.Cancel();
        _wakeAt = next;
        TimeSpan delay = next - Now;
        _wake = _scheduler.ScheduleTellOnceCancelable(
            delay > TimeSpan.Zero ? delay : TimeSpan.Zero, Self, Wake.Instance, Self);
    }
}
