using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;

namespace Akka.Coordination;

/// <summary>Makes the leases of an actor system, as its configuration says.</summary>
public sealed class LeaseProvider(ExtendedActorSystem system) : IExtension
{
    private const string DefaultsPath = "akka.coordination.lease";

    private readonly ConcurrentDictionary<(string Name, string Path, string Owner), Lazy<Lease>> _leases = [];

    /// <summary>The defaults of every lease.</summary>
    public static Config DefaultConfig() =>
        ConfigurationFactory.FromResource("Akka.Coordination.coordination.conf", typeof(LeaseProvider).Assembly);

    public static LeaseProvider Get(ActorSystem system) =>
        system.WithExtension<LeaseProvider, LeaseProviderExtensionProvider>();

    /// <summary>The lease of this name for this owner; the same one each time it is asked for.</summary>
    /// <param name="leaseName">What all who want it call it.</param>
    /// <param name="configPath">The section of the configuration that says what kind of lease it is.</param>
    /// <param name="ownerName">Unique to the owner: mostly the node's <see cref="Address.HostPort"/>.</param>
    /// <exception cref="ConfigurationException">The section is missing, or names no class of leases.</exception>
    /// <exception cref="ArgumentException">The section's times do not fit together.</exception>
    public Lease GetLease(string leaseName, string configPath, string ownerName) =>
        _leases.GetOrAdd((leaseName, configPath, ownerName), key => new Lazy<Lease>(() => Create(key))).Value;

    private Lease Create((string Name, string Path, string Owner) key)
    {
        system.Settings.InjectTopLevelFallback(DefaultConfig());
        Config own = system.Settings.Config.HasPath(key.Path)
            ? system.Settings.Config.GetConfig(key.Path)
            : throw new ConfigurationException(
                $"The configuration has no section '{key.Path}', which should say what kind of lease '{key.Name}' is.");
        Config config = own.WithFallback(system.Settings.Config.GetConfig(DefaultsPath));
        var settings = new LeaseSettings(key.Name, key.Owner, TimeoutSettings.Create(config), config);
        Type type = TypeOf(config.GetString("lease-class"), key.Path);
        if (type.GetConstructor([typeof(LeaseSettings), typeof(ExtendedActorSystem)]) is { } full)
            return (Lease)full.Invoke([settings, system]);
        if (type.GetConstructor([typeof(LeaseSettings)]) is { } plain) return (Lease)plain.Invoke([settings]);
        throw new ConfigurationException(
            $"{key.Path}.lease-class = {type} needs a constructor of (LeaseSettings, ExtendedActorSystem) or (LeaseSettings).");
    }

    private static Type TypeOf(string? name, string path)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            throw new ConfigurationException(
                $"{path}.lease-class is empty, but must name a class that extends {typeof(Lease)}, with its assembly.");
        }

        return Type.GetType(name) is { } type && typeof(Lease).IsAssignableFrom(type)
            ? type
            : throw new ConfigurationException(
                $"{path}.lease-class names '{name}', which is no class that extends {typeof(Lease)}.");
    }
}

/// <summary>Finds or makes the <see cref="LeaseProvider"/> of an actor system.</summary>
public sealed class LeaseProviderExtensionProvider : ExtensionIdProvider<LeaseProvider>
{
    public override LeaseProvider CreateExtension(ExtendedActorSystem system) => new(system);
}
