using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;
using Iridium.Actors.Configuration;
using Iridium.Actors.Node;
using Iridium.Actors.Protocol;
using Iridium.Actors.Repl;
using Iridium.Actors.Vm;
using Iridium.Node.Cli;
using Iridium.Node.Shell;

namespace Iridium.Node.Hosting;

/// <summary>A running node: its actor system, its front desk, its sessions.</summary>
public sealed class NodeHost
{
    public const string SystemName = "iridium";

    /// <summary>Leaving takes a few gossip rounds and two leader actions, some 3 s; after this the process goes
    /// anyway.</summary>
    public static readonly TimeSpan LeavePatience = TimeSpan.FromSeconds(10);

    private readonly Config _config;
    private int _sessions;

    private NodeHost(ActorSystem system, Config config, string alias)
    {
        System = system;
        _config = config;
        Alias = alias;
        Node = system.ActorOf(NodeActor.Props(NodeSettings.From(config), VmSettings.From(config)), "node");
    }

    public string Alias { get; }

    public ActorSystem System { get; }

    /// <summary>The front desk, <c>/user/node</c>.</summary>
    public IActorRef Node { get; }

    /// <summary>Where other nodes dial this one.</summary>
    public Endpoint Endpoint
    {
        get
        {
            Address address = ((ExtendedActorSystem)System).Provider.DefaultAddress;
            return new Endpoint(address.Host!, address.Port!.Value);
        }
    }

    /// <param name="file">What the configuration file says.</param>
    /// <param name="logFile">Null for standard error.</param>
    /// <exception cref="UserErrorException">The node cannot listen where it was told to.</exception>
    public static NodeHost Start(NodeLaunch launch, Config file, string alias, string? logFile)
    {
        const string Endpoint = "the cluster's endpoint";
        int port = Listening.FreePort(launch.Server, Endpoint);
        try
        {
            return Start(launch, file, alias, logFile, port);
        }
        catch (ConfigurationException wrong)
        {
            throw new UserErrorException(new(wrong.Message, "the node's configuration: options, variables, --config",
                "README.md tells what makes a cluster safe; hocon/iridium.conf has every key"), wrong);
        }
        catch (Exception taken) when (port != 0 && IsTaken(taken))
        {
            // Somebody took the port since it was found free.
            if (Listening.FreePort(launch.Server, Endpoint) != 0) throw;
            return Start(launch, file, alias, logFile, 0);
        }
    }

    public RemoteShellLimits RemoteShellLimits => new()
    {
        Connections = _config.GetInt("iridium.shell.remote.max-connections"),
        Idle = _config.GetTimeSpan("iridium.shell.remote.idle-timeout"),
    };

    /// <summary>A session on this screen.</summary>
    /// <returns>Who takes what is typed there.</returns>
    public Action<ShellEffect> OpenSession(IScreen screen)
    {
        int number = Interlocked.Increment(ref _sessions);
        IActorRef session = System.ActorOf(
            ReplActor.Props(ReplSettings.From(_config), Node, screen, new SourceFiles()), $"session-{number}");
        return effect =>
        {
            object message = effect switch
            {
                ShellEffect.Submit submit => new ReplProtocol.LineTyped(submit.Line),
                ShellEffect.Interrupt => ReplProtocol.Interrupted.Instance,
                _ => ReplProtocol.InputEnded.Instance,
            };
            session.Tell(message);
        };
    }

    /// <summary>Leaves the cluster in order and ends the actor system; gives up on the order after
    /// <see cref="LeavePatience"/>.</summary>
    public async Task Stop()
    {
        Task leaving = CoordinatedShutdown.Get(System).Run(CoordinatedShutdown.ClrExitReason.Instance);
        await Task.WhenAny(leaving, Task.Delay(LeavePatience));
    }

    private static NodeHost Start(NodeLaunch launch, Config file, string alias, string? logFile, int port)
    {
        IEnumerable<string> roles = file.GetStringList("akka.cluster.roles");
        Config config = ConfigurationFactory.ParseString(NodeHocon.Overrides(launch, alias, port, roles, logFile))
            .WithFallback(file)
            .WithFallback(ConfigurationFactory.ParseString(NodeHocon.Defaults))
            .WithFallback(IridiumConfig.Reference);
        if (!Door.EngineKeepsIt && Door.Refusal(config, Listening.IsLoopback) is { } open) throw new UserErrorException(open);
        ActorSystem system = ActorSystem.Create(SystemName, config);
        _ = Cluster.Get(system);
        return new NodeHost(system, config, alias);
    }

    private static bool IsTaken(Exception failure)
    {
        for (Exception? at = failure; at is not null; at = at.InnerException)
        {
            if (at is global::System.Net.Sockets.SocketException
                {
                    SocketErrorCode: global::System.Net.Sockets.SocketError.AddressAlreadyInUse,
                })
                return true;
        }
        return false;
    }
}
