using Akka.Configuration;
using Akka.Configuration.Hocon;
using Akka.Routing;

namespace Akka.Actor;

/// <summary>What <c>akka.actor.deployment</c> says about the actors at certain paths.</summary>
public class Deployer
{
    private readonly List<(string[] Pattern, Deploy Deploy)> _deployments = [];

    public Deployer(Settings settings)
    {
        Config? section = settings.Config.GetConfig("akka.actor.deployment");
        if (section is null) return;
        Default = section.GetConfig("default") ?? Config.Empty;
        foreach ((string key, var value) in section.AsEnumerable())
        {
            if (key == "default" || !value.IsObject()) continue;
            Deploy? deploy = ParseConfig(key, new Config(new HoconRoot(value)));
            if (deploy is not null) SetDeploy(deploy);
        }
    }

    protected Config Default { get; } = Config.Empty;

    internal bool HasAny => _deployments.Count > 0;

    public void SetDeploy(Deploy deploy)
    {
        string[] pattern = deploy.Path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (pattern.Length == 0) throw new ConfigurationException($"'{deploy.Path}' is no place for an actor.");
        _deployments.RemoveAll(entry => entry.Pattern.SequenceEqual(pattern));
        _deployments.Add((pattern, deploy));
    }

    /// <summary>The deployment for a path below /user; the pattern with the fewest wildcards wins.</summary>
    public Deploy? Lookup(ActorPath path)
    {
        IReadOnlyList<string> elements = path.Elements;
        if (elements.Count < 2 || elements[0] != "user") return null;
        string[] names = [.. elements.Skip(1)];
        Deploy? best = null;
        int fewest = int.MaxValue;
        foreach ((string[] pattern, Deploy deploy) in _deployments)
        {
            if (!Fits(pattern, names)) continue;
            int wildcards = pattern.Sum(part => part == "*" ? 1 : part == "**" ? 2 : 0);
            if (wildcards < fewest) (best, fewest) = (deploy, wildcards);
        }
        return best;
    }

    public virtual Deploy? ParseConfig(string key, Config config)
    {
        Config deployment = config.WithFallback(Default);
        RefuseElsewhere(key, deployment);
        return new Deploy(key, deployment, RouterFromConfig.Create(key, deployment), NoScopeGiven.Instance,
            deployment.GetString("dispatcher", "") ?? "", deployment.GetString("mailbox", "") ?? "");
    }

    /// <summary>An actor that is to live on another node would live here, and nobody would hear of it.</summary>
    private static void RefuseElsewhere(string key, Config deployment)
    {
        string? wrong = null;
        if (deployment.GetString("remote", "") is { Length: > 0 } node) wrong = $"remote = {node}";
        else if (deployment.GetStringList("target.nodes", []) is { Count: > 0 } nodes)
            wrong = $"target.nodes = [{string.Join(", ", nodes)}]";
        else if (deployment.GetBoolean("cluster.enabled", false)) wrong = "cluster.enabled = on";
        if (wrong is null) return;
        throw new ConfigurationException(
            $"akka.actor.deployment.{key} says {wrong}, but remote deployment and cluster-aware routers are left out of"
            + " this engine: actors live on the node that makes them, routees of other nodes are named by routees.paths.");
    }

    private static bool Fits(string[] pattern, string[] names)
    {
        for (int index = 0; index < pattern.Length; index++)
        {
            if (pattern[index] == "**") return names.Length > index;
            if (index >= names.Length) return false;
            if (pattern[index] != "*" && pattern[index] != names[index]) return false;
        }
        return pattern.Length == names.Length;
    }
}
