using Akka.Configuration;
using Akka.Routing;

namespace Akka.Actor;

/// <summary>Where an actor may run.</summary>
public abstract class Scope : IEquatable<Scope>
{
    public static readonly LocalScope Local = LocalScope.Instance;

    public abstract Scope WithFallback(Scope other);

    public abstract Scope Copy();

    public virtual bool Equals(Scope? other) => other is not null && other.GetType() == GetType();

    public override bool Equals(object? obj) => Equals(obj as Scope);

    public override int GetHashCode() => StableHash.Of(GetType().Name);
}

/// <summary>In this process.</summary>
public class LocalScope : Scope
{
    private LocalScope()
    {
    }

    public static LocalScope Instance { get; } = new();

    public override Scope WithFallback(Scope other) => this;

    public override Scope Copy() => this;
}

/// <summary>On another node.</summary>
public class RemoteScope(Address address) : Scope
{
    public Address Address { get; set; } = address;

    public override Scope WithFallback(Scope other) => this;

    public override Scope Copy() => new RemoteScope(Address);

    public override bool Equals(Scope? other) => other is RemoteScope remote && remote.Address == Address;
}

/// <summary>Nothing said about where.</summary>
internal sealed class NoScopeGiven : Scope
{
    public static readonly NoScopeGiven Instance = new();

    public override Scope WithFallback(Scope other) => other;

    public override Scope Copy() => this;
}

/// <summary>How an actor is deployed: dispatcher, mailbox, router, place. What is not said comes from HOCON or
/// defaults.</summary>
public class Deploy : IEquatable<Deploy>
{
    public const string NoDispatcherGiven = "";
    public const string NoMailboxGiven = "";

    public static readonly Deploy Local = new("", ConfigurationFactory.Empty, NoRouter.Instance, NoScopeGiven.Instance,
        NoDispatcherGiven, NoMailboxGiven);

    public static readonly Deploy None = Local;

    public Deploy() : this("", ConfigurationFactory.Empty, NoRouter.Instance, NoScopeGiven.Instance, NoDispatcherGiven)
    {
    }

    public Deploy(string path, Scope scope)
        : this(path, ConfigurationFactory.Empty, NoRouter.Instance, scope, NoDispatcherGiven)
    {
    }

    public Deploy(Scope scope) : this("", scope)
    {
    }

    public Deploy(RouterConfig routerConfig)
        : this("", ConfigurationFactory.Empty, routerConfig, NoScopeGiven.Instance, NoDispatcherGiven)
    {
    }

    public Deploy(string path, Config config, RouterConfig routerConfig, Scope scope, string dispatcher)
        : this(path, config, routerConfig, scope, dispatcher, NoMailboxGiven)
    {
    }

    public Deploy(string path, Config config, RouterConfig routerConfig, Scope scope, string dispatcher, string mailbox)
    {
        Path = path;
        Config = config;
        RouterConfig = routerConfig;
        Scope = scope;
        Dispatcher = dispatcher ?? NoDispatcherGiven;
        Mailbox = mailbox ?? NoMailboxGiven;
    }

    public string Path { get; }

    public Config Config { get; }

    public RouterConfig RouterConfig { get; }

    public Scope Scope { get; }

    public string Dispatcher { get; }

    public string Mailbox { get; }

    public Deploy WithScope(Scope scope) => new(Path, Config, RouterConfig, scope, Dispatcher, Mailbox);

    public Deploy WithDispatcher(string dispatcher) => new(Path, Config, RouterConfig, Scope, dispatcher, Mailbox);

    public Deploy WithMailbox(string mailbox) => new(Path, Config, RouterConfig, Scope, Dispatcher, mailbox);

    public Deploy WithRouterConfig(RouterConfig routerConfig) =>
        new(Path, Config, routerConfig, Scope, Dispatcher, Mailbox);

    public virtual Deploy WithFallback(Deploy other) => new(
        Path,
        Config.WithFallback(other.Config),
        RouterConfig.WithFallback(other.RouterConfig),
        Scope.WithFallback(other.Scope),
        Dispatcher == NoDispatcherGiven ? other.Dispatcher : Dispatcher,
        Mailbox == NoMailboxGiven ? other.Mailbox : Mailbox);

    public bool Equals(Deploy? other)
    {
        if (ReferenceEquals(this, other)) return true;
        return other is not null && Path == other.Path && Dispatcher == other.Dispatcher && Mailbox == other.Mailbox
            && Scope.Equals(other.Scope) && RouterConfig.Equals(other.RouterConfig);
    }

    public override bool Equals(object? obj) => Equals(obj as Deploy);

    public override int GetHashCode() => StableHash.Of(Path, Dispatcher, Mailbox, 0);
}
