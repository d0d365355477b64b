using Akka.Actor;
using Akka.Configuration;
using Akka.Coordination;
using Akka.Event;

namespace Akka.Cluster.Tools.Singleton;

/// <summary>
/// Runs one instance of an actor in the whole cluster, on its oldest member (with a role). Start it under the same
/// name on every member: each manager watches the membership, and the one on the oldest has the singleton as its
/// child.
/// </summary>
/// <remarks>The rules are in <see cref="SingletonState"/>; this only performs them.</remarks>
public sealed class ClusterSingletonManager : UntypedActor
{
    private readonly Props _singletonProps;
    private readonly object _terminationMessage;
    private readonly ClusterSingletonManagerSettings _settings;
    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly OldestMember _oldest;
    private readonly TimeSpan _ownPauseTolerance =
        Context.System.Settings.Config.GetTimeSpan("akka.cluster.embedded.own-pause-tolerance", TimeSpan.Zero);

    private readonly TaskCompletionSource<Done> _stopped = new();
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private SingletonState? _state;
    private readonly SingletonLease? _lease;
    private IActorRef? _singleton;

    /// <summary>For its Props.</summary>
    public ClusterSingletonManager(
        Props singletonProps, object terminationMessage, ClusterSingletonManagerSettings settings)
    {
        _singletonProps = singletonProps;
        _terminationMessage = terminationMessage;
        _settings = settings;
        _oldest = new OldestMember(settings.Role, settings.ConsiderAppVersion);
        if (settings.Role is { } role && !_cluster.SelfRoles.Contains(role))
        {
            throw new ArgumentException(
                $"This member [{_cluster.SelfAddress}] does not have the role [{role}], and would never have the singleton.");
        }

        if (settings.LeaseSettings is { } lease) _lease = new SingletonLease(Context, lease, _cluster.SelfAddress);
    }

    /// <summary>The singleton is stopped by a <see cref="PoisonPill"/> when it has to go elsewhere.</summary>
    public static Props Props(Props singletonProps, ClusterSingletonManagerSettings settings) =>
        Props(singletonProps, PoisonPill.Instance, settings);

    /// <param name="singletonProps">How to make the singleton.</param>
    /// <param name="terminationMessage">What it is told when it has to go elsewhere; it must then stop itself.</param>
    /// <param name="settings">Its name, the role, the patience.</param>
    public static Props Props(
        Props singletonProps, object terminationMessage, ClusterSingletonManagerSettings settings) =>
        Actor.Props.Create(() => new ClusterSingletonManager(singletonProps, terminationMessage, settings))
            .WithDispatcher(Dispatch.Dispatchers.InternalDispatcherId)
            .WithDeploy(Deploy.Local);

    /// <summary>The defaults of this package.</summary>
    public static Config DefaultConfig() => SingletonDefaults.Config;

    private TimeSpan RemovalMargin => _settings.RemovalMargin > TimeSpan.Zero
        ? _settings.RemovalMargin
        : _cluster.DowningProvider.DownRemovalMargin;

    protected override void PreStart()
    {
        if (_cluster.IsTerminated)
            throw new InvalidOperationException($"The cluster of [{_cluster.SelfAddress}] has ended: no singleton any more.");
        _cluster.Subscribe(Self, typeof(ClusterEvent.IMemberEvent));
        IActorRef self = Self;
        // The node may go when its singleton is where it will be next, or stopped at least.
        CoordinatedShutdown.Get(Context.System).AddTask(
            CoordinatedShutdown.PhaseClusterExiting, $"singleton-exiting {Self.Path.Name}", () =>
            {
                if (_cluster.IsTerminated || _cluster.SelfMember.Status == MemberStatus.Down)
                    return Task.FromResult(Done.Instance);
                self.Tell(NodeExits.Instance, ActorRefs.NoSender);
                return _stopped.Task;
            });
    }

    protected override void PostStop()
    {
        _cluster.Unsubscribe(Self);
        _lease?.ReleaseAtEnd();
        _stopped.TrySetResult(Done.Instance);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ClusterEvent.CurrentClusterState state: OnSnapshot(state); break;
            case ClusterEvent.IMemberEvent change: OnMember(change); break;
            case IClusterSingletonMessage said: OnMessage(said, Sender.Path.Address); break;
            case Terminated dead when dead.ActorRef.Equals(_singleton): OnSingletonStopped(); break;
            case Removed removed: OnMarginOver(removed); break;
            case AskAgain: Take(_state?.OnRetry()); break;
            case SingletonLease.Answer answer: OnLease(answer); break;
            case SingletonLease.Lost lost: OnLeaseLost(lost); break;
            case SingletonLease.Released released: OnLeaseReleased(released); break;
            case SingletonLease.AskAgain again: Take(_state?.OnLeaseRetry(again.Question)); break;
            case NodeExits: Take(_state?.OnSelfExiting()); break;
            default: Unhandled(message); break;
        }
    }

    private void OnSnapshot(ClusterEvent.CurrentClusterState state)
    {
        foreach (Member member in state.Members) _oldest.See(member);
        var rules = new SingletonRules(_settings.MinNumberOfHandOverRetries, UsesLease: _lease is not null);
        UniqueAddress self = _cluster.SelfUniqueAddress;
        _state = SingletonState.Start(self, _oldest.Node, rules) with
        {
            // Who went before this manager was made may have it still.
            Previous = [.. state.Members.Where(_oldest.IsGoing).Select(each => each.UniqueAddress).Where(each => each != self)],
        };
        Take(_state.OnOldest(_oldest.Node));
    }

    private void OnMember(ClusterEvent.IMemberEvent change)
    {
        _oldest.See(change.Member);
        bool isSelf = change.Member.UniqueAddress == _cluster.SelfUniqueAddress;
        if (change is ClusterEvent.MemberExited && isSelf) Take(_state?.OnSelfExiting());
        Take(_state?.OnOldest(_oldest.Node));
        if (change is not ClusterEvent.MemberRemoved removed) return;
        UniqueAddress gone = removed.Member.UniqueAddress;
        if (isSelf || RemovalMargin <= TimeSpan.Zero) Take(_state?.OnRemoved(gone));
        else AwaitMargin(gone);
    }

    private void AwaitMargin(UniqueAddress gone)
    {
        IScheduler scheduler = Context.System.Scheduler;
        var removed = new Removed(gone, scheduler.MonotonicClock + RemovalMargin);
        scheduler.ScheduleTellOnce(RemovalMargin, Self, removed, Self);
    }

    /// <summary>
    /// Not in Akka.NET: a process that was held up itself may have been removed meanwhile, and its timers are quicker than
    /// the news of that. What it waited for, it waits for anew.
    /// </summary>
    private void OnMarginOver(Removed removed)
    {
        TimeSpan late = Context.System.Scheduler.MonotonicClock - removed.DueAt;
        if (_ownPauseTolerance > TimeSpan.Zero && late > _ownPauseTolerance) AwaitMargin(removed.Node);
        else Take(_state?.OnRemoved(removed.Node));
    }

    private void OnMessage(IClusterSingletonMessage said, Address from) =>
        Take(_state?.OnMessage(said, from, _oldest.At(from)));

    private void OnLease(SingletonLease.Answer answer)
    {
        if (answer.Error is { } error) _log.Warning("Cannot find out whose the singleton's lease is: {0}", error.Message);
        Take(_state?.OnLease(answer.Question, answer.Granted));
    }

    private void OnLeaseLost(SingletonLease.Lost lost)
    {
        _log.Warning("The singleton's lease is lost ({0}): it stops until the lease is taken again.",
            lost.Error?.Message ?? "no reason is given");
        Take(_state?.OnLeaseLost());
    }

    private void OnLeaseReleased(SingletonLease.Released released)
    {
        if (!released.Done)
        {
            _log.Warning("The singleton's lease could not be given back ({0}): nobody may have it until it times out.",
                released.Error?.Message ?? "it was refused");
        }

        Take(_state?.OnLeaseReleased(released.Release));
    }

    private void OnSingletonStopped()
    {
        _singleton = null;
        Take(_state?.OnSingletonStopped());
    }

    private void Take(SingletonStep? step)
    {
        if (step is null) return;
        if (_state!.Phase != step.State.Phase)
            _log.Info("ClusterSingletonManager state change [{0} -> {1}]", _state.Phase, step.State.Phase);
        _state = step.State;
        foreach (SingletonEffect effect in step.Effects) Perform(effect);
    }

    private void Perform(SingletonEffect effect)
    {
        switch (effect)
        {
            case SingletonEffect.Send send: ManagerOn(send.To).Tell(send.Message, Self); break;
            case SingletonEffect.Reply reply: Sender.Tell(reply.Message, Self); break;
            case SingletonEffect.StartSingleton:
                _singleton = Context.Watch(Context.ActorOf(_singletonProps, _settings.SingletonName));
                break;
            case SingletonEffect.StopSingleton when _singleton is null: OnSingletonStopped(); break;
            case SingletonEffect.StopSingleton: _singleton.Tell(_terminationMessage, Self); break;
            case SingletonEffect.Retry:
                Context.System.Scheduler.ScheduleTellOnce(
                    _settings.HandOverRetryInterval, Self, AskAgain.Instance, Self);
                break;
            case SingletonEffect.AcquireLease acquire: _lease!.Acquire(acquire.Question); break;
            case SingletonEffect.RetryLease retry: _lease!.AskLater(retry.Question); break;
            case SingletonEffect.ReleaseLease release: _lease!.Release(release.Release); break;
            case SingletonEffect.StopManager: Context.Stop(Self); break;
        }
    }

    private ActorSelection ManagerOn(Address address) =>
        Context.ActorSelection(new RootActorPath(address) / Self.Path.Elements);

    /// <param name="DueAt">On the scheduler's monotonic clock.</param>
    private sealed record Removed(UniqueAddress Node, TimeSpan DueAt) : INoSerializationVerificationNeeded;

    private sealed class AskAgain
    {
        public static readonly AskAgain Instance = new();
    }

    private sealed class NodeExits
    {
        public static readonly NodeExits Instance = new();
    }
}
