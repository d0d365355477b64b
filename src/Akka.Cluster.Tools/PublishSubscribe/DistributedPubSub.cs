using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe.Serialization;
using Akka.Configuration;
using Akka.Routing;

namespace Akka.Cluster.Tools.PublishSubscribe;

/// <summary>
/// Publish and subscribe over the whole cluster. Tell <see cref="Mediator"/> what to do: <see cref="Subscribe"/>,
/// <see cref="Publish"/>, <see cref="Put"/>, <see cref="Send"/>, <see cref="SendToAll"/>.
/// </summary>
public sealed class DistributedPubSub : IExtension
{
    private readonly Cluster _cluster;

    internal DistributedPubSub(ExtendedActorSystem system)
    {
        Config config = AddDefaults(system);
        DistributedPubSubSettings settings = DistributedPubSubSettings.Create(config);
        Cluster cluster = Cluster.Get(system);
        _cluster = cluster;
        Mediator = settings.Role is null || cluster.SelfRoles.Contains(settings.Role)
            ? system.SystemActorOf(DistributedPubSubMediator.Props(settings), config.GetString("name"))
            : system.DeadLetters;
    }

    /// <summary>The actor to talk to; dead letters on a node without the role of the mediators.</summary>
    public IActorRef Mediator { get; }

    /// <summary>This node is no part of the cluster any more, and its mediator is gone.</summary>
    public bool IsTerminated => _cluster.IsTerminated;

    public static DistributedPubSub Get(ActorSystem system) =>
        system.WithExtension<DistributedPubSub, DistributedPubSubExtensionProvider>();

    /// <summary>The defaults of this package.</summary>
    public static Config DefaultConfig() => ConfigurationFactory.FromResource(
        "Akka.Cluster.Tools.pub-sub.conf", typeof(DistributedPubSub).Assembly);

    // A system does not know this assembly when it starts.
    private static Config AddDefaults(ExtendedActorSystem system)
    {
        system.Settings.InjectTopLevelFallback(DefaultConfig());
        var serializer = new DistributedPubSubMessageSerializer(system);
        system.Serialization.AddSerializer("akka-pubsub", serializer);
        system.Serialization.AddSerializationMap(typeof(IDistributedPubSubMessage), serializer);
        return system.Settings.Config.GetConfig("akka.cluster.pub-sub")
            ?? throw new ConfigurationException("The configuration has no 'akka.cluster.pub-sub'.");
    }
}

/// <summary>Finds or makes the <see cref="DistributedPubSub"/> of an actor system.</summary>
public sealed class DistributedPubSubExtensionProvider : ExtensionIdProvider<DistributedPubSub>
{
    public override DistributedPubSub CreateExtension(ExtendedActorSystem system) => new(system);
}

/// <summary>The settings under <c>akka.cluster.pub-sub</c>.</summary>
/// <param name="role">Mediators run on members with this role; null for all.</param>
/// <param name="routingLogic">Whom <see cref="Send"/>, and a message to each group, goes to; null for one at
/// random, drawn by the mediator.</param>
/// <param name="gossipInterval">How often a mediator compares what it knows with another.</param>
/// <param name="removedTimeToLive">How long removed entries are remembered.</param>
/// <param name="maxDeltaElements">Entries in one message at most; fewer when a frame holds fewer.</param>
/// <param name="sendToDeadLettersWhenNoSubscribers">What reaches nobody becomes a dead letter.</param>
public sealed class DistributedPubSubSettings(
    string? role,
    RoutingLogic? routingLogic,
    TimeSpan gossipInterval,
    TimeSpan removedTimeToLive,
    int maxDeltaElements,
    bool sendToDeadLettersWhenNoSubscribers) : INoSerializationVerificationNeeded
{
    public string? Role { get; } = role;

    public RoutingLogic? RoutingLogic { get; } = routingLogic is ConsistentHashingRoutingLogic
        ? throw new ArgumentException("'ConsistentHashingRoutingLogic' can't be used by the pub-sub mediator.")
        : routingLogic;

    public TimeSpan GossipInterval { get; } = gossipInterval;

    public TimeSpan RemovedTimeToLive { get; } = removedTimeToLive;

    public int MaxDeltaElements { get; } = maxDeltaElements;

    public bool SendToDeadLettersWhenNoSubscribers { get; } = sendToDeadLettersWhenNoSubscribers;

    /// <summary>As the configuration of this system says.</summary>
    public static DistributedPubSubSettings Create(ActorSystem system)
    {
        system.Settings.InjectTopLevelFallback(DistributedPubSub.DefaultConfig());
        return Create(system.Settings.Config.GetConfig("akka.cluster.pub-sub")
            ?? throw new ConfigurationException("The configuration has no 'akka.cluster.pub-sub'."));
    }

    /// <param name="config">The section <c>akka.cluster.pub-sub</c>.</param>
    /// <exception cref="ConfigurationException">The routing logic is unknown; the message names it.</exception>
    public static DistributedPubSubSettings Create(Config config) => new(
        config.GetString("role") is { Length: > 0 } role ? role : null,
        LogicOf(config.GetString("routing-logic", "random") ?? ""),
        config.GetTimeSpan("gossip-interval"),
        config.GetTimeSpan("removed-time-to-live"),
        config.GetInt("max-delta-elements"),
        config.GetBoolean("send-to-dead-letters-when-no-subscribers"));

    public DistributedPubSubSettings WithRole(string? role) => Copy(role: role, keepsRole: false);

    public DistributedPubSubSettings WithRoutingLogic(RoutingLogic routingLogic) => Copy(logic: routingLogic);

    public DistributedPubSubSettings WithGossipInterval(TimeSpan gossipInterval) => Copy(gossip: gossipInterval);

    public DistributedPubSubSettings WithRemovedTimeToLive(TimeSpan removedTtl) => Copy(removed: removedTtl);

    public DistributedPubSubSettings WithMaxDeltaElements(int maxDeltaElements) => Copy(most: maxDeltaElements);

    public DistributedPubSubSettings WithSendToDeadLettersWhenNoSubscribers(bool sendToDeadLetterWhenNoSubscribers) =>
        Copy(buries: sendToDeadLetterWhenNoSubscribers);

    private static RoutingLogic? LogicOf(string name) => name switch
    {
        "random" => null,
        "round-robin" => new RoundRobinRoutingLogic(),
        "broadcast" => new BroadcastRoutingLogic(),
        _ => throw new ConfigurationException(
            $"akka.cluster.pub-sub.routing-logic = {name} is not known. Choose random, round-robin or broadcast."),
    };

    private DistributedPubSubSettings Copy(
        string? role = null,
        bool keepsRole = true,
        RoutingLogic? logic = null,
        TimeSpan? gossip = null,
        TimeSpan? removed = null,
        int? most = null,
        bool? buries = null) => new(
            keepsRole ? Role : role,
            logic ?? RoutingLogic,
            gossip ?? GossipInterval,
            removed ?? RemovedTimeToLive,
            most ?? MaxDeltaElements,
            buries ?? SendToDeadLettersWhenNoSubscribers);
}
