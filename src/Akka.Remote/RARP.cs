using Akka.Actor;
using Akka.Configuration;

namespace Akka.Remote;

/// <summary>The way from an actor system to its remote provider: <c>RARP.For(system).Provider</c>.</summary>
internal sealed class RARP : ExtensionIdProvider<RARP>, IExtension
{
    /// <summary>Used by the extension registry.</summary>
    public RARP()
    {
    }

    private RARP(RemoteActorRefProvider provider) => Provider = provider;

    public RemoteActorRefProvider Provider { get; } = null!;

    /// <exception cref="ConfigurationException">The system's provider is not remote.</exception>
    public static RARP For(ActorSystem system) => system.WithExtension<RARP, RARP>();

    /// <inheritdoc />
    public override RARP CreateExtension(ExtendedActorSystem system) =>
        system.Provider is RemoteActorRefProvider provider
        ? new RARP(provider)
        : throw new ConfigurationException(
            $"The actor system {system.Name} has no remoting: set akka.actor.provider to remote or cluster.");
}

/// <summary>The number that tells this life of the system from earlier ones at the same address.</summary>
public sealed class AddressUidExtension : ExtensionIdProvider<AddressUid>
{
    /// <summary>The number of a system.</summary>
    public static int Uid(ActorSystem system) => system.WithExtension<AddressUid, AddressUidExtension>().Uid;

    /// <inheritdoc />
    public override AddressUid CreateExtension(ExtendedActorSystem system) => new(RARP.For(system).Provider.Uid);
}

/// <summary>See <see cref="AddressUidExtension"/>.</summary>
public sealed class AddressUid(int uid) : IExtension
{
    public int Uid { get; } = uid;
}
