using Akka.Actor.Setup;
using Akka.Configuration;

namespace Akka.Actor;

/// <summary>Which kind of system it is.</summary>
public abstract class ProviderSelection
{
    private ProviderSelection(string identifier, string fqn, bool hasCluster)
    {
        Identifier = identifier;
        Fqn = fqn;
        HasCluster = hasCluster;
    }

    internal string Identifier { get; }

    internal string Fqn { get; }

    internal bool HasCluster { get; }

    /// <summary>One process.</summary>
    public sealed class Local : ProviderSelection
    {
        public static readonly Local Instance = new();

        private Local() : base("local", Settings.ProviderClassOf("local"), hasCluster: false)
        {
        }
    }

    /// <summary>References to other processes.</summary>
    public sealed class Remote : ProviderSelection
    {
        public static readonly Remote Instance = new();

        private Remote() : base("remote", Settings.ProviderClassOf("remote"), hasCluster: false)
        {
        }
    }

    /// <summary>A member of a cluster.</summary>
    public sealed class Cluster : ProviderSelection
    {
        public static readonly Cluster Instance = new();

        private Cluster() : base("cluster", Settings.ProviderClassOf("cluster"), hasCluster: true)
        {
        }
    }

    /// <summary>A provider of one's own, by the name of its type.</summary>
    public sealed class Custom(string fqn) : ProviderSelection("custom", fqn, hasCluster: false);
}

/// <summary>What a system is started with: its configuration, and perhaps its kind.</summary>
public sealed class BootstrapSetup : Setup.Setup
{
    private BootstrapSetup(Config? config, ProviderSelection? provider)
    {
        Config = config is null ? Akka.Util.Option<Config>.None : new Akka.Util.Option<Config>(config);
        ActorRefProvider = provider is null
            ? Akka.Util.Option<ProviderSelection>.None
            : new Akka.Util.Option<ProviderSelection>(provider);
    }

    public Akka.Util.Option<Config> Config { get; }

    public Akka.Util.Option<ProviderSelection> ActorRefProvider { get; }

    public static BootstrapSetup Create() => new(null, null);

    public BootstrapSetup WithConfig(Config config) => new(config, ActorRefProvider.GetOrElse(null!));

    public BootstrapSetup WithActorRefProvider(ProviderSelection name) => new(Config.GetOrElse(null!), name);

    /// <summary>The configuration where a fallback is to be put below one that may not be there.</summary>
    public BootstrapSetup WithConfigFallback(Config config) =>
        WithConfig(Config.HasValue ? Config.Value.WithFallback(config) : config);
}
