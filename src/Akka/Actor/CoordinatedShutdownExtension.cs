using Akka.Actor.Internal;
using Akka.Configuration;
using Akka.Engine;
using Akka.Util;

namespace Akka.Actor;

/// <summary>Makes the coordinated shutdown of a system from <c>akka.coordinated-shutdown</c>.</summary>
public sealed class CoordinatedShutdownExtension : ExtensionIdProvider<CoordinatedShutdown>
{
    internal const string Section = "akka.coordinated-shutdown";

    public override CoordinatedShutdown CreateExtension(ExtendedActorSystem system)
    {
        Config config = system.Settings.Config.GetConfig(Section) ?? Config.Empty;
        var shutdown = new CoordinatedShutdown(system, ShutdownPhases.Read(config));
        shutdown.AddTask(CoordinatedShutdown.PhaseActorSystemTerminate, "terminate-system", () =>
            End(system, shutdown));
        bool ownProcess = system is not ActorSystemImpl { Host: not ProcessHost };
        if (ownProcess && config.GetBoolean("run-by-clr-shutdown-hook", true)) ShutdownHook.Register(shutdown);
        return shutdown;
    }

    /// <summary>The settings that hold for a reason: its own overrides, then the general ones.</summary>
    internal static Config SettingsFor(Config config, CoordinatedShutdown.Reason? reason)
    {
        string? name = reason?.GetType().TypeQualifiedName();
        Config? own = name is null ? null : config.GetConfig($"reason-overrides.\"{name}\"");
        return own is null ? config : own.WithFallback(config);
    }

    private static Task<Done> End(ExtendedActorSystem system, CoordinatedShutdown shutdown)
    {
        Config config = system.Settings.Config.GetConfig(Section) ?? Config.Empty;
        Config settings = SettingsFor(config, shutdown.ShutdownReason);
        bool asked = shutdown.ShutdownReason is CoordinatedShutdown.ActorSystemTerminateReason;
        bool terminate = asked || settings.GetBoolean("terminate-actor-system", true);
        bool exit = settings.GetBoolean("exit-clr");
        int code = settings.GetInt("exit-code");
        if (!terminate)
        {
            if (exit) Environment.Exit(code);
            return Task.FromResult(Done.Instance);
        }

        var ended = new TaskCompletionSource<Done>();
        try
        {
            system.RegisterOnTermination(() =>
            {
                ended.TrySetResult(Done.Instance);
                if (exit) Environment.Exit(code);
            });
        }
        catch (InvalidOperationException)
        {
            // It has been aborted, and is gone already.
            return Task.FromResult(Done.Instance);
        }

        ((ActorSystemImpl)system).FinalTerminate();
        return ended.Task;
    }
}
