using System.Collections.Immutable;
using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Cluster.Daemon;
using Akka.Configuration;
using Akka.Event;
using Akka.Remote;

namespace Akka.Cluster;

/// <summary>
/// This actor system as a node of a cluster: the handle to join, leave, look at the members and hear of their changes.
/// All its methods may be called from any thread; what they ask for happens in the node's own time.
/// </summary>
public sealed class Cluster : IExtension
{
    private readonly IActorRef _guardian;
    private readonly ILoggingAdapter _log;
    private readonly ClusterView _view;

    internal Cluster(ActorSystemImpl system)
    {
        if (system.Provider is not ClusterActorRefProvider provider)
        {
            throw new ConfigurationException(
                $"ActorSystem [{system}] needs to have a 'IClusterActorRefProvider' enabled in the configuration, " +
                $"currently uses [{system.Provider.GetType()}]. Set akka.actor.provider = cluster.");
        }

        System = system;
        _log = Logging.GetLogger(system, "cluster");
        Settings = new ClusterSettings(system.Settings.Config, system.Name);
        SelfUniqueAddress = new UniqueAddress(provider.DefaultAddress, provider.Uid);
        FailureDetector = new DefaultFailureDetectorRegistry<Address>(
            () => FailureDetectorLoader.Load(Settings.FailureDetectorConfig, system));
        _view = new ClusterView(SelfUniqueAddress, Settings);
        LogInfo("Starting up...");
        DowningProvider = CreateDowningProvider();
        _guardian = system.SystemActorOf(ClusterGuardian.Props(this), "cluster");
        ClusterShutdown.AddTasks(this);
        LogInfo("Started up successfully");
    }

    public ExtendedActorSystem System { get; }

    public ClusterSettings Settings { get; }

    public UniqueAddress SelfUniqueAddress { get; }

    public Address SelfAddress => SelfUniqueAddress.Address;

    public ImmutableHashSet<string> SelfRoles => Settings.Roles;

    /// <summary>Itself as the cluster knows it; Removed before it joined and after it is gone.</summary>
    public Member SelfMember => _view.SelfMember;

    /// <summary>The members as this node sees them at this moment.</summary>
    public ClusterEvent.CurrentClusterState State => _view.State;

    /// <summary>True when this node is no part of the cluster any more and never will be again.</summary>
    public bool IsTerminated => _view.IsTerminated;

    public bool IsUp => SelfMember.Status == MemberStatus.Up;

    public IDowningProvider DowningProvider { get; }

    /// <summary>Judges from heartbeats which members live.</summary>
    public DefaultFailureDetectorRegistry<Address> FailureDetector { get; }

    internal ClusterView View => _view;

    /// <summary>Completed when the cluster's actors are gone.</summary>
    internal TaskCompletionSource<Done> Stopped { get; } = new();

    /// <summary>How long subscribers may take to hear of the end; tests take longer.</summary>
    internal TimeSpan LastWordsPatience { get; set; } = Daemon.LastWords.Patience;

    /// <summary>From the end of the membership actor on: completed when its subscribers have heard of it.</summary>
    internal Task LastWordsHeard { get; set; } = Task.CompletedTask;

    /// <summary>The cluster that this system is a node of; the first call starts it.</summary>
    /// <exception cref="ConfigurationException">The system's provider is not the cluster's.</exception>
    public static Cluster Get(ActorSystem system) => system.WithExtension<Cluster, ClusterExtension>();

    /// <summary>Subscribes to events of these types; the first message is a <see
    /// cref="ClusterEvent.CurrentClusterState"/>.
    /// </summary>
    public void Subscribe(IActorRef subscriber, params Type[] to) =>
        Subscribe(subscriber, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsSnapshot, to);

    /// <param name="subscriber">Who is told; it is forgotten when it dies.</param>
    /// <param name="initialStateMode">How the present state is told.</param>
    /// <param name="to">Types of events, <see cref="ClusterEvent.IClusterDomainEvent"/> or narrower.</param>
    /// <exception cref="ArgumentException">No type, or one that is no event of the cluster.</exception>
    public void Subscribe(
        IActorRef subscriber, ClusterEvent.SubscriptionInitialStateMode initialStateMode, params Type[] to)
    {
        if (to.Length == 0)
            throw new ArgumentException("Name at least one type of event to subscribe to.", nameof(to));
        if (Array.Find(to, type => !typeof(ClusterEvent.IClusterDomainEvent).IsAssignableFrom(type)) is { } wrong)
        {
            throw new ArgumentException(
                $"Subscribe to ClusterEvent.IClusterDomainEvent or subclasses; [{wrong}] is none.", nameof(to));
        }

        Tell(new ClusterRequest.Subscribe(subscriber, initialStateMode, [.. to]));
    }

    /// <summary>Ends all subscriptions of this actor.</summary>
    public void Unsubscribe(IActorRef subscriber) => Unsubscribe(subscriber, null);

    /// <summary>Ends one subscription of this actor.</summary>
    public void Unsubscribe(IActorRef subscriber, Type? to) =>
        Tell(new ClusterRequest.Unsubscribe(subscriber, to));

    /// <summary>Sends one <see cref="ClusterEvent.CurrentClusterState"/> to this actor.</summary>
    public void SendCurrentClusterState(IActorRef receiver) =>
        Tell(new ClusterRequest.SendState(receiver));

    /// <summary>Joins the cluster of the node at this address; the own address founds one.</summary>
    public void Join(Address address) =>
        Tell(new Membership.JoinTo(FillLocal(address)));

    /// <summary>As <see cref="Join"/>, and completes when this node is Up.</summary>
    /// <exception cref="ClusterJoinFailedException">The node was shut down or removed before that.</exception>
    public Task JoinAsync(Address address, CancellationToken token = default)
    {
        Task joined = UpOrGone($"Node has not managed to join the cluster using provided address: {address}", token);
        Join(address);
        return joined;
    }

    /// <summary>Joins the cluster that one of these nodes knows of. If this node stands first, it founds one when
    /// none of the others knows any.</summary>
    public void JoinSeedNodes(IEnumerable<Address> seedNodes) =>
        Tell(new Membership.JoinSeedNodes([.. seedNodes.Select(FillLocal)]));

    /// <summary>As <see cref="JoinSeedNodes"/>, and completes when this node is Up.</summary>
    /// <exception cref="ClusterJoinFailedException">The node was shut down or removed before that.</exception>
    public Task JoinSeedNodesAsync(IEnumerable<Address> seedNodes, CancellationToken token = default)
    {
        Address[] seeds = [.. seedNodes];
        Task joined = UpOrGone(
            "Node has not managed to join the cluster using provided seed nodes: " + string.Join<Address>(", ", seeds),
            token);
        JoinSeedNodes(seeds);
        return joined;
    }

    /// <summary>Lets the member at this address go in good order.</summary>
    public void Leave(Address address)
    {
        Tell(new Membership.Leave(FillLocal(address)));
    }

    /// <summary>Leaves the cluster in good order; completes when this node has been removed from it, at once if nobody
    /// has told it to join any.</summary>
    public Task LeaveAsync() => LeaveAsync(CancellationToken.None);

    /// <inheritdoc cref="LeaveAsync()"/>
    public Task LeaveAsync(CancellationToken cancellationToken)
    {
        var left = new Completion<Done>(System);
        RegisterOnMemberRemoved(() => left.TryAnswer(Done.Instance));
        Leave(SelfAddress);
        Tell(new ClusterRequest.IfOutside(() => left.TryAnswer(Done.Instance)));
        return Cancellable(left, cancellationToken);
    }

    /// <summary>Declares the member at this address dead. Wrong for one that lives: it will have to restart.</summary>
    public void Down(Address address) => Tell(new Membership.Down(FillLocal(address)));

    /// <summary>Runs the callback once, as soon as this node is Up; at once if it is.</summary>
    public void RegisterOnMemberUp(Action callback) =>
        Tell(new ClusterRequest.OnUp(callback));

    /// <summary>Runs the callback once, as soon as this node is no part of the cluster any more; at once if it was
    /// removed already.</summary>
    public void RegisterOnMemberRemoved(Action callback)
    {
        if (IsTerminated)
        {
            callback();
            return;
        }

        // The membership actor may stop before it reads this: then the end of the cluster's actors says the same.
        var gone = new TaskCompletionSource();
        Then(gone.Task, () => Call(callback));
        Then(Stopped.Task, () => gone.TrySetResult());
        Tell(new ClusterRequest.OnRemoved(() => gone.TrySetResult()));
    }

    /// <summary>The path of a local actor as other nodes name it.</summary>
    public ActorPath RemotePathOf(IActorRef actorRef)
    {
        ActorPath path = actorRef.Path;
        return string.IsNullOrEmpty(path.Address.Host)
            ? new RootActorPath(SelfAddress) / path.Elements
            : path;
    }

    internal void Tell(object request) => _guardian.Tell(request, ActorRefs.NoSender);

    /// <summary>Stops the cluster's actors. The node cannot join again; only a restart of the system can.</summary>
    internal void Shutdown()
    {
        if (IsTerminated) return;
        LogInfo("Shutting down...");
        System.Stop(_guardian);
    }

    /// <summary>The callback is the user's; what it throws must not take the node out of the cluster.</summary>
    internal void Call(Action callback)
    {
        try
        {
            callback();
        }
        catch (Exception error)
        {
            Log(LogLevel.ErrorLevel, $"A callback registered with the cluster failed: {error}");
        }
    }

    internal void LogInfo(string text)
    {
        if (Settings.LogInfo) _log.Info("Cluster Node [{0}] - {1}", SelfAddress, text);
    }

    internal void Log(LogLevel level, string text)
    {
        if (level == LogLevel.InfoLevel) LogInfo(text);
        else _log.Log(level, "Cluster Node [{0}] - {1}", SelfAddress, text);
    }

    private static void Then(Task first, Action next) => first.ContinueWith(
        _ => next(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    // What the caller does next must not run on the thread of the cluster's actors: it might wait there for something
    // that they have to do.
    private static Task Cancellable(Completion<Done> source, CancellationToken token)
    {
        if (token.CanBeCanceled)
        {
            CancellationTokenRegistration registration =
                token.Register(() => source.TryFail(new OperationCanceledException(token)));
            source.Task.ContinueWith(
                _ => registration.Dispose(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }

        return source.Task;
    }

    private Task UpOrGone(string failure, CancellationToken token)
    {
        var joined = new Completion<Done>(System);
        RegisterOnMemberUp(() => joined.TryAnswer(Done.Instance));
        RegisterOnMemberRemoved(() => joined.TryFail(new ClusterJoinFailedException(failure)));
        return Cancellable(joined, token);
    }

    private Address FillLocal(Address address) => address.HasLocalScope ? SelfAddress : address;

    private IDowningProvider CreateDowningProvider()
    {
        Type type = Settings.DowningProviderType;
        if (type == typeof(SBR.SplitBrainResolverProvider)) return new SBR.SplitBrainResolverProvider(System, this);
        if (type.GetConstructor([typeof(ActorSystem), typeof(Cluster)]) is { } full)
            return (IDowningProvider)full.Invoke([System, this]);
        if (type.GetConstructor([typeof(ActorSystem)]) is { } plain) return (IDowningProvider)plain.Invoke([System]);
        throw new ConfigurationException(
            $"The downing provider [{type}] needs a constructor of (ActorSystem) or (ActorSystem, Cluster).");
    }
}
