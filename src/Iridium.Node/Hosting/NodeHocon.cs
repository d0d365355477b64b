using System.Globalization;
using System.Text;
using Iridium.Actors.Node;
using Iridium.Node.Cli;

namespace Iridium.Node.Hosting;

/// <summary>The part of a node's configuration that follows from its settings. Pure: settings to HOCON text.</summary>
public static class NodeHocon
{
    /// <summary>What beats everything else: options, variables, and what the node found out itself.</summary>
    /// <param name="port">The cluster's port; 0 for any free one.</param>
    /// <param name="roles">The roles that the configuration file gives; the alias joins them.</param>
    /// <param name="logFile">Null for standard error.</param>
    public static string Overrides(
        NodeLaunch launch, string alias, int port, IEnumerable<string> roles, string? logFile)
    {
        string all = string.Join(", ", roles.Append(Alias.RoleOf(alias)).Distinct(StringComparer.Ordinal).Select(Quoted));
        return string.Create(CultureInfo.InvariantCulture, $$"""
            akka.loglevel = {{launch.LogLevel}}
            akka.remote.dot-netty.tcp.hostname = {{Quoted(launch.Server.Endpoint.Host)}}
            akka.remote.dot-netty.tcp.port = {{port}}
            akka.cluster.roles = [{{all}}]
            akka.remote.insecure = {{(launch.Insecure ? "on" : "off")}}
            akka.remote.wire-log = {{Quoted(launch.WireLog ?? "")}}
            {{Secret(launch)}}iridium.node.alias = {{Quoted(alias)}}
            iridium.log.file = {{Quoted(logFile ?? "")}}
            iridium.vm-dispatcher.dedicated-thread-pool.thread-count = {{launch.Threads}}

            """);
    }

    /// <summary>What a configuration file may change, but the engine's own defaults would do otherwise.</summary>
    public static string Defaults { get; } = $$"""
        akka {
          # Log lines would tear the prompt; they go where iridium.log says.
          loggers = ["{{typeof(LogActor).FullName}}, {{typeof(LogActor).Assembly.GetName().Name}}"]
          stdout-loglevel = OFF
          log-dead-letters = off
          log-dead-letters-during-shutdown = off
          actor.provider = cluster
          # The process ends when Program says so, after the node has left the cluster.
          coordinated-shutdown.exit-clr = off
          coordinated-shutdown.run-by-clr-shutdown-hook = off
          cluster.app-version = "1.0.0"
        }
        """;

    private static string Secret(NodeLaunch launch) => launch switch
    {
        { Secret: { } secret } => $"akka.remote {{ secret = {Quoted(secret)}, secret-file = off }}\n",
        { SecretFile: { } file } => $"akka.remote {{ secret = off, secret-file = {Quoted(file)} }}\n",
        _ => "",
    };

    private static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (char c in text)
        {
            if (c is '"' or '\\') quoted.Append('\\').Append(c);
            else if (char.IsControl(c)) quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else quoted.Append(c);
        }
        return quoted.Append('"').ToString();
    }
}
