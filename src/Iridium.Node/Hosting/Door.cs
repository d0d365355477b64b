using System.Reflection;
using Akka.Configuration;
using Iridium.Node.Cli;

namespace Iridium.Node.Hosting;

/// <summary>Whether strangers are kept out of the cluster's endpoint. The embedded engine sees to it by itself; Akka.NET
/// knows neither <c>akka.remote.secret</c> nor <c>insecure</c>, and would open the door without a word.</summary>
internal static class Door
{
    private static readonly string[] Nothing = ["", "off", "false", "no"];

    /// <summary>Which engine this program was built on: the project file writes it into the assembly.</summary>
    public static bool EngineKeepsIt { get; } = typeof(Door).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(each => each.Key == "ActorEngine").Value == "embedded";

    /// <summary>Why a node on Akka.NET must not start with this configuration; null when it may.</summary>
    public static UserError? Refusal(Config config, Func<string, bool> isLoopback)
    {
        foreach (string key in new[] { "akka.remote.secret", "akka.remote.secret-file" })
        {
            if (!IsSet(config.GetString(key))) continue;
            return new UserError(
                "the cluster secret would keep nobody out: this program was built on Akka.NET, which knows none", key,
                "take certificates (akka.remote.dot-netty.tcp.enable-ssl), or the build on the embedded engine");
        }
        const string tcp = "akka.remote.dot-netty.tcp";
        string host = config.GetString($"{tcp}.bind-hostname") is { Length: > 0 } bound
            ? bound : config.GetString($"{tcp}.hostname") ?? "";
        if (config.GetBoolean($"{tcp}.enable-ssl", false) || config.GetBoolean("akka.remote.insecure", false)
            || (host.Length > 0 && isLoopback(host))) return null;
        return new UserError(
            $"the cluster's endpoint may not listen at {(host.Length == 0 ? "every address" : host)}: whoever reaches it "
            + "could join the cluster and command this node", $"{tcp}.hostname",
            "take certificates (akka.remote.dot-netty.tcp.enable-ssl), listen at 127.0.0.1, or say --insecure");
    }

    private static bool IsSet(string? value) => value is not null && !Nothing.Contains(value, StringComparer.OrdinalIgnoreCase);
}
