using System.Collections.Immutable;
using Akka.Configuration;

namespace Akka.Remote.TestKit;

/// <summary>
/// The cast of a multi-node test: which roles there are, in which order, and how their systems are configured. A spec
/// has one of its own; its constructor calls <see cref="Role"/> for each node.
/// </summary>
public abstract class MultiNodeConfig
{
    private readonly Dictionary<RoleName, Config> _nodeConfigs = [];
    private Config? _commonConfig;
    private bool _testTransport;
    private ImmutableList<RoleName> _roles = [];

    /// <summary>The roles in the order in which they were declared; the first runs the controller.</summary>
    public ImmutableList<RoleName> Roles => _roles;

    /// <summary>The role of this process: as told by name, else by number.</summary>
    public RoleName Myself => CommandLine.GetProperty("multinode.role") is { } name
        ? _roles.Find(role => role.Name == name)
            ?? throw new ArgumentException($"-Dmultinode.role={name} is none of {string.Join(", ", _roles)}.")
        : MultiNodeSpec.SelfIndex < _roles.Count
            ? _roles[MultiNodeSpec.SelfIndex]
            : throw new ArgumentException(
                $"-Dmultinode.index={MultiNodeSpec.SelfIndex}, but the test has {_roles.Count} roles only.");

    /// <summary>What all nodes are configured with.</summary>
    public Config CommonConfig
    {
        set => _commonConfig = value;
    }

    /// <summary>Set it to throttle and blackhole connections. Addresses then begin with
    /// <c>akka.trttl.gremlin.tcp</c>.</summary>
    public bool TestTransport
    {
        set => _testTransport = value;
    }

    /// <summary>What this process's system is configured with.</summary>
    internal Config Config
    {
        get
        {
            Config transport = _testTransport
                ? ConfigurationFactory.ParseString("akka.remote.dot-netty.tcp.applied-adapters = [trttl, gremlin]")
                : Config.Empty;
            return new[] { _nodeConfigs.GetValueOrDefault(Myself), _commonConfig, transport, MultiNodeSpec.NodeConfig }
                .OfType<Config>()
                .Append(MultiNodeSpec.BaseConfig)
                .Aggregate((stronger, weaker) => stronger.WithFallback(weaker));
        }
    }

    /// <summary>Declares a node. Every process declares the same ones in the same order.</summary>
    public RoleName Role(string name)
    {
        RoleName role = new(name);
        if (_roles.Contains(role)) throw new ArgumentException($"There is a role '{name}' already.", nameof(name));
        _roles = _roles.Add(role);
        return role;
    }

    /// <summary>What some nodes are configured with beyond the common; earlier ones are stronger.</summary>
    public void NodeConfig(IEnumerable<RoleName> roles, IEnumerable<Config> configs)
    {
        Config config = configs.Aggregate((stronger, weaker) => stronger.WithFallback(weaker));
        foreach (RoleName role in roles) _nodeConfigs[role] = config;
    }

    /// <summary>A configuration that logs much, or nothing special.</summary>
    public Config DebugConfig(bool on) => on
        ? ConfigurationFactory.ParseString(
            """
            akka.loglevel = DEBUG
            akka.actor.debug { receive = on, fsm = on }
            akka.remote { log-received-messages = on, log-sent-messages = on }
            """)
        : Config.Empty;
}
