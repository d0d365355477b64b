using System.Text.RegularExpressions;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Event;

namespace Akka.Actor;

/// <summary>What the engine reads of the configuration when a system starts, read once and by name.</summary>
public partial class Settings
{
    private readonly Config _userConfig;
    private Config _fallback;

    public Settings(ActorSystem system, Config config) : this(system, config, ActorSystemSetup.Empty)
    {
    }

    public Settings(ActorSystem system, Config config, ActorSystemSetup setup)
    {
        System = system;
        Setup = setup;
        _userConfig = config;
        _fallback = ConfigurationFactory.Default();
        Config = config.WithFallback(_fallback);

        ConfigVersion = Text("akka.version");
        ProviderClass = ProviderClassOf(Text("akka.actor.provider"));
        SupervisorStrategyClass = Text("akka.actor.guardian-supervisor-strategy");
        AskTimeout = Config.GetTimeSpan("akka.actor.ask-timeout", Timeout.InfiniteTimeSpan);
        CreationTimeout = Config.GetTimeSpan("akka.actor.creation-timeout", TimeSpan.FromSeconds(20));
        UnstartedPushTimeout = Config.GetTimeSpan("akka.actor.unstarted-push-timeout", TimeSpan.FromSeconds(10));
        SerializeAllMessages = Config.GetBoolean("akka.actor.serialize-messages");
        SerializeAllCreators = Config.GetBoolean("akka.actor.serialize-creators");
        LogLevel = Text("akka.loglevel");
        StdoutLogLevel = Text("akka.stdout-loglevel");
        Loggers = Config.GetStringList("akka.loggers");
        LoggersDispatcher = Config.GetString("akka.loggers-dispatcher", Dispatch.Dispatchers.InternalDispatcherId)!;
        LogDeadLetters = Config.GetString("akka.log-dead-letters", "10")?.ToLowerInvariant() switch
        {
            "on" or "true" or "yes" => int.MaxValue,
            "off" or "false" or "no" => 0,
            _ => Config.GetInt("akka.log-dead-letters", 10),
        };
        LogDeadLettersDuringShutdown = Config.GetBoolean("akka.log-dead-letters-during-shutdown");
        LogDeadLettersSuspendDuration =
            Config.GetTimeSpan("akka.log-dead-letters-suspend-duration", TimeSpan.FromMinutes(5));
        LogConfigOnStart = Config.GetBoolean("akka.log-config-on-start");
        AddLoggingReceive = Config.GetBoolean("akka.actor.debug.receive");
        DebugAutoReceive = Config.GetBoolean("akka.actor.debug.autoreceive");
        DebugLifecycle = Config.GetBoolean("akka.actor.debug.lifecycle");
        DebugEventStream = Config.GetBoolean("akka.actor.debug.event-stream");
        DebugUnhandledMessage = Config.GetBoolean("akka.actor.debug.unhandled");
        DebugRouterMisconfiguration = Config.GetBoolean("akka.actor.debug.router-misconfiguration");
        SchedulerClass = Text("akka.scheduler.implementation");
    }

    public ActorSystem System { get; }

    public ActorSystemSetup Setup { get; }

    /// <summary>All of it: the user's, then that of the engine's assemblies.</summary>
    public Config Config { get; private set; }

    public string ConfigVersion { get; }

    public string ProviderClass { get; internal set; }

    public bool HasCluster => ProviderClass.StartsWith("Akka.Cluster.", StringComparison.Ordinal);

    public string SupervisorStrategyClass { get; }

    public TimeSpan AskTimeout { get; }

    public TimeSpan CreationTimeout { get; }

    public TimeSpan UnstartedPushTimeout { get; }

    public bool SerializeAllMessages { get; }

    public bool SerializeAllCreators { get; }

    public string LogLevel { get; }

    public string StdoutLogLevel { get; }

    public IList<string> Loggers { get; }

    public string LoggersDispatcher { get; }

    public int LogDeadLetters { get; }

    public bool LogDeadLettersDuringShutdown { get; }

    /// <summary><see cref="Timeout.InfiniteTimeSpan"/> is for ever.</summary>
    public TimeSpan LogDeadLettersSuspendDuration { get; }

    public bool LogConfigOnStart { get; }

    public bool AddLoggingReceive { get; }

    public bool DebugAutoReceive { get; }

    public bool DebugLifecycle { get; }

    public bool DebugEventStream { get; }

    public bool DebugUnhandledMessage { get; }

    public bool DebugRouterMisconfiguration { get; }

    public string SchedulerClass { get; }

    /// <summary>Adds the defaults of another assembly of the engine, below everything that is known already.</summary>
    public void InjectTopLevelFallback(Config config)
    {
        _fallback = config.WithFallback(_fallback);
        Config = _userConfig.WithFallback(_fallback);
    }

    /// <returns>The configuration as HOCON, but for the values of keys called secret or password.</returns>
    public override string ToString() => HiddenValues().Replace(Config.ToString(), "$1\"(hidden)\"");

    [GeneratedRegex("""^(\s*"?(?:secret|password)"?\s*[=:]\s*).+$""", RegexOptions.Multiline)]
    private static partial Regex HiddenValues();

    private string Text(string path) => Config.GetString(path, "") ?? "";

    internal static string ProviderClassOf(string provider) => provider switch
    {
        "" or "local" => "Akka.Actor.LocalActorRefProvider, Akka",
        "remote" => "Akka.Remote.RemoteActorRefProvider, Akka.Remote",
        "cluster" => "Akka.Cluster.ClusterActorRefProvider, Akka.Cluster",
        _ => provider,
    };
}
