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

    internal IEnumerable<Deploy> All => _deployments.Select(entry => entry.Deploy);

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
        return new Deploy(key, deployment, RouterFromConfig.Create(key, deployment), NoScopeGiven.Instance,
            deployment.GetString("dispatcher", "") ?? "", deployment.GetString("mailbox", "") ?? "");
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
