using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Configuration;
using Akka.Event;
using Akka.Remote.Endpoints;
using Akka.Remote.Transport;
using Akka.Remote.Wire;

namespace Akka.Remote;

/// <summary>
/// Makes and resolves the references of a system that talks to others. Everything local is the local provider's affair;
/// this one knows where the system's own addresses end and other systems begin.
/// </summary>
public class RemoteActorRefProvider : IActorRefProvider
{
    private const int LargestUid = int.MaxValue;
    private const int ShownOfTooLong = 80;

    private readonly LocalActorRefProvider _local;
    private Remoting? _remoting;
    private const string WatchPath = "akka.remote.watch-failure-detector";

    private IActorRef? _remoteWatcher;
    private Task? _terminated;

    /// <param name="systemName">Name of the actor system.</param>
    /// <param name="settings">Its settings.</param>
    /// <param name="eventStream">Where lifecycle events are published.</param>
    public RemoteActorRefProvider(string systemName, Settings settings, EventStream eventStream)
    {
        _local = new LocalActorRefProvider(systemName, settings, eventStream);
        Settings = settings;
        settings.InjectTopLevelFallback(DefaultConfig());
    }

    /// <summary>The number of this life of the system: 31 bits, drawn when it starts.</summary>
    public int Uid { get; private set; }

    public IInternalActorRef RootGuardian => _local.RootGuardian;

    public LocalActorRef Guardian => _local.Guardian;

    public LocalActorRef SystemGuardian => _local.SystemGuardian;

    public IActorRef DeadLetters => _local.DeadLetters;

    public IActorRef IgnoreRef => _local.IgnoreRef;

    public ActorPath RootPath => _local.RootPath;

    public Settings Settings { get; }

    public Deployer Deployer => _local.Deployer;

    public IInternalActorRef TempContainer => _local.TempContainer;

    public ActorSystemImpl System => _local.System;

    /// <summary>Ends when the last actor has stopped and the connections are closed.</summary>
    public Task TerminationTask => _terminated ?? _local.TerminationTask;

    public Address DefaultAddress => _remoting?.DefaultAddress ?? _local.DefaultAddress;

    /// <summary>What carries messages to other systems.</summary>
    public RemoteTransport Transport => new(Remoting);

    /// <summary>Watches remote actors for all actors of this system.</summary>
    internal IActorRef RemoteWatcher => _remoteWatcher
        ?? throw new InvalidOperationException("The actor system is not started yet: no remote actor can be watched.");

    private protected virtual bool IsClusterNode => false;

    internal Remoting Remoting => _remoting
        ?? throw new InvalidOperationException("The actor system is not started yet, so it has no remoting.");

    /// <inheritdoc />
    public virtual void Init(ActorSystemImpl system)
    {
        Uid = system.Host.CreateRandom("system-uid").Next(1, LargestUid);
        RemotingSettings settings = RemotingSettings.Read(system.Settings.Config);
        ElsewhereDeployments.Refuse(Deployer, settings.AddressOf(system.Name), IsClusterNode);
        Remoting remoting = new(system, this, settings);
        // Others may call as soon as the port is bound; the way in stays closed until the guardians stand.
        _local.Init(system);
        _remoting = remoting;
        try
        {
            remoting.Listen();
        }
        catch (Exception error) when (error is RemoteTransportException or ConfigurationException)
        {
            // Nobody will get hold of this system to end it.
            _local.Guardian.Stop();
            (system.Scheduler as IDisposable)?.Dispose();
            throw;
        }
        _terminated = CloseAfterActors(remoting);
        _local.RegisterExtraName(
            "remote",
            new RefusingDaemon(this, RootPath / "remote", system.EventStream));
        _remoteWatcher = CreateRemoteWatcher(system);
    }

    /// <summary>Ends all contact with one life of a node; without a number, only for the time of a gate.</summary>
    public void Quarantine(Address address, int? uid) => Remoting.Switchboard.PostQuarantine(address, uid);

    /// <summary>
    /// Sends although the address may be gated: for those who ask whether a node is there, again and again, and must
    /// not wait for a gate that an earlier failure closed.
    /// </summary>
    internal void WithoutGate(Address address, Action send) => Remoting.Switchboard.PostWithoutGate(address, send);

    /// <summary>How often anything came from this life of a node; two counts that differ are a sign of life.</summary>
    internal long ReceivedFrom(Address address, int uid) => Remoting.CountFrom(address, uid);

    /// <summary>What a node can do beyond Akka.NET's protocol, as it said when it was associated; none while it is
    /// not.</summary>
    internal Offers OffersOf(Address address) => Remoting.OffersOf(address);

    /// <summary>Whether this life of a node runs this engine, as it said when it was associated last.</summary>
    internal bool IsKin(Address address, int uid) => Remoting.LastOffersOf(address, uid) != Offers.None;

    /// <summary>Begins to ask a silent node over a connection of its own whether it lives, if both sides can. A node
    /// that is being asked already is asked on.</summary>
    /// <returns>False when one side cannot.</returns>
    internal bool BeginProbing(Address address, int uid)
    {
        Offers offers = OffersOf(address);
        if (Remoting.Prober is not { } prober || !offers.HasFlag(Offers.ProbeConnection)) return false;
        Remoting.Switchboard.Post(() => prober.Begin(address, uid, offers.HasFlag(Offers.ClusterSecret)));
        return true;
    }

    internal void EndProbing(Address address) =>
        Remoting.Switchboard.Post(() => Remoting.Prober?.End(address));

    /// <summary>This node hears nothing of that one any more: when its system ends, it says no farewell there and does
    /// not wait for its connections to close.</summary>
    internal void Abandon(Address address) => Remoting.Switchboard.PostAbandon(address);

    /// <summary>Answers no probe connection any more. Peers that watch this node for what has ended here find it
    /// silent, though the system lives on.</summary>
    internal void EndProbeAnswers() => Remoting.Switchboard.PostProbesEnd();

    /// <summary>How often this life of a node has answered on a probe connection while it is being asked.</summary>
    internal long ProbeAnswersFrom(Address address, int uid) => Remoting.Prober?.AnswersFrom(address, uid) ?? 0;

    /// <summary>Whether this life of a node is being asked on probe connections, and has left as many of them in a row
    /// unanswered as no node on a link that merely loses packets does.</summary>
    internal bool IsProvenSilent(Address address, int uid) => Remoting.Prober?.IsProvenSilent(address, uid) ?? false;

    /// <inheritdoc />
    /// <exception cref="ConfigurationException">The deployment asks for another node.</exception>
    public IInternalActorRef ActorOf(
        ActorSystemImpl system,
        Props props,
        IInternalActorRef supervisor,
        ActorPath path,
        bool systemService,
        Deploy? deploy,
        bool lookupDeploy,
        bool async)
    {
        Scope scope = deploy?.Scope ?? props.Deploy.Scope;
        if (scope is RemoteScope elsewhere && !IsOwn(elsewhere.Address))
        {
            throw new ConfigurationException(
                $"{path} is to be deployed at {elsewhere.Address}: remote deployment is not part of this engine. "
                + "Create the actor on its own node, and send it messages.");
        }
        return _local.ActorOf(system, props, supervisor, path, systemService, deploy, lookupDeploy, async);
    }

    /// <inheritdoc />
    public ActorPath TempPath() => _local.TempPath();

    /// <inheritdoc />
    public void RegisterTempActor(IInternalActorRef actorRef, ActorPath path) =>
        _local.RegisterTempActor(actorRef, path);

    /// <inheritdoc />
    public void UnregisterTempActor(ActorPath path) => _local.UnregisterTempActor(path);

    /// <inheritdoc />
    public IActorRef RootGuardianAt(Address address) => IsOwn(address)
        ? RootGuardian
        : Elsewhere(new RootActorPath(address));

    /// <inheritdoc />
    public Address? GetExternalAddressFor(Address address) => IsOwn(address) || address.HasLocalScope
        ? DefaultAddress
        : address.Protocol == DefaultAddress.Protocol ? DefaultAddress : null;

    /// <inheritdoc />
    public IActorRef ResolveActorRef(string path)
    {
        if (IgnoreActorRef.IsIgnoreRefPath(path)) return IgnoreRef;
        if (path.Length > NameLimits.Path && !IsOwn(path)) return TooLong(path, "its path", NameLimits.Path);
        return ActorPath.TryParse(path, out ActorPath? parsed) ? ResolveActorRef(parsed!) : DeadLetters;
    }

    /// <inheritdoc />
    public IActorRef ResolveActorRef(ActorPath actorPath) =>
        IsOwn(actorPath.Address) ? _local.ResolveLocal(actorPath) : Elsewhere(actorPath);

    /// <summary>Who a message is for, or null when the address is not this system's.</summary>
    internal IInternalActorRef? ResolveRecipient(string path)
    {
        if (!ActorPath.TryParse(path, out ActorPath? parsed) || !IsOwn(parsed!.Address)) return null;
        return _local.ResolveLocal(parsed);
    }

    /// <summary>The actor that watches remote ones; a cluster has its own, which leaves members to the
    /// cluster.</summary>
    protected virtual IActorRef CreateRemoteWatcher(ActorSystemImpl system)
    {
        Props props = Akka.Remote.RemoteWatcher.Props(CreateWatchDetectors(system), ReadWatcherSettings(system));
        return system.SystemActorOf(props, "remote-watcher");
    }

    /// <summary>How often and how patiently a remote watcher asks, from configuration.</summary>
    private protected static RemoteWatcherSettings ReadWatcherSettings(ActorSystemImpl system)
    {
        Config config = WatchSection(system);
        DetectorLimits.Check(config, WatchPath);
        return new RemoteWatcherSettings(
            config.GetTimeSpan("heartbeat-interval"),
            config.GetTimeSpan("unreachable-nodes-reaper-interval"),
            config.GetTimeSpan("expected-response-after"),
            config.GetTimeSpan("own-pause-tolerance"));
    }

    /// <summary>The failure detectors of a remote watcher, from configuration.</summary>
    private protected static IFailureDetectorRegistry<Address> CreateWatchDetectors(ActorSystemImpl system)
    {
        Config config = WatchSection(system);
        return new DefaultFailureDetectorRegistry<Address>(() => FailureDetectorLoader.Load(config, system));
    }

    private static Config WatchSection(ActorSystemImpl system) =>
        system.Settings.Config.GetConfig(WatchPath) ?? Config.Empty;

    private static Config DefaultConfig() =>
        ConfigurationFactory.FromResource("Akka.Remote.remote.conf", typeof(RemoteActorRefProvider).Assembly);

    private async Task CloseAfterActors(Remoting remoting)
    {
        await _local.TerminationTask;
        await remoting.Shutdown();
    }

    // What cannot be dialled leads to the dead letters: no host, no port, or a transport that this system does not
    // speak.
    private IInternalActorRef Elsewhere(ActorPath path)
    {
        Address address = path.Address;
        if (!NameLimits.Allow(address)) return TooLong(address.ToString(), "a name in it", NameLimits.Name);
        bool reachable = address is { Host: not null, Port: not null } && address.Protocol == DefaultAddress.Protocol;
        return reachable ? new RemoteActorRef(this, path) : new EmptyLocalActorRef(this, path, System.EventStream);
    }

    // Nothing is kept of it. Whoever answers it answers nobody.
    private IInternalActorRef TooLong(string text, string what, int most)
    {
        _remoting?.Complain("A reference to {0}... stands for the dead letters: {1} has more than {2} characters.",
            text[..Math.Min(text.Length, ShownOfTooLong)], what, most);
        return (IInternalActorRef)DeadLetters;
    }

    private bool IsOwn(string path) => ActorPath.TryParseAddress(path, out Address? address) && IsOwn(address!);

    private bool IsOwn(Address address) =>
        address.Equals(RootPath.Address) || address.Equals(DefaultAddress);
}
