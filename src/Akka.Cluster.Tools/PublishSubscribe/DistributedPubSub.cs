using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe.Serialization;
using Akka.Configuration;

namespace Akka.Cluster.Tools.PublishSubscribe;

/// <summary>
/// Publish and subscribe over the whole cluster. Tell <see cref="Mediator"/> what to do: <see cref="Subscribe"/>,
/// <see cref="Publish"/>, <see cref="Put"/>, <see cref="Send"/>, <see cref="SendToAll"/>.
/// </summary>
public sealed class DistributedPubSub : IExtension
{
    internal DistributedPubSub(ExtendedActorSystem system)
    {
        Config config = AddDefaults(system);
        DistributedPubSubSettings settings = DistributedPubSubSettings.Create(config);
        Cluster cluster = Cluster.Get(system);
        Mediator = settings.Role is null || cluster.SelfRoles.Contains(settings.Role)
            ? system.SystemActorOf(DistributedPubSubMediator.Props(settings), config.GetString("name"))
            : system.DeadLetters;
    }

    /// <summary>The actor to talk to; dead letters on a node without the role of the mediators.</summary>
    public IActorRef Mediator { get; }

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
public sealed class DistributedPubSubSettings
{
    private DistributedPubSubSettings(Config config)
    {
        Role = config.GetString("role") is { Length: > 0 } role ? role : null;
        GossipInterval = config.GetTimeSpan("gossip-interval");
        RemovedTimeToLive = config.GetTimeSpan("removed-time-to-live");
        MaxDeltaElements = config.GetInt("max-delta-elements");
        SendToDeadLettersWhenNoSubscribers = config.GetBoolean("send-to-dead-letters-when-no-subscribers");
    }

    public string? Role { get; }

    public TimeSpan GossipInterval { get; }

    public TimeSpan RemovedTimeToLive { get; }

    public int MaxDeltaElements { get; }

    public bool SendToDeadLettersWhenNoSubscribers { get; }

    /// <param name="config">The section <c>akka.cluster.pub-sub</c>.</param>
    public static DistributedPubSubSettings Create(Config config) => new(config);
}
