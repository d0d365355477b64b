using Akka.Actor;
using Akka.Configuration;

namespace Akka.Remote;

/// <summary>
/// What <c>akka.actor.deployment</c> says of other nodes is refused when the system starts: an actor that is to live there
/// would live here, and nobody would hear of it. As with Akka.NET, a system without remoting does not look at it, nor one
/// without a cluster at what is said of that.
/// </summary>
internal static class ElsewhereDeployments
{
    /// <param name="deployer">What is deployed.</param>
    /// <param name="own">As others call this system; without a port, any will do.</param>
    /// <param name="isClusterNode">The system is a node of a cluster.</param>
    /// <exception cref="ConfigurationException">An actor is to live elsewhere; the message names it.</exception>
    public static void Refuse(Deployer deployer, Address own, bool isClusterNode)
    {
        foreach (Deploy deploy in deployer.All)
        {
            if (Elsewhere(deploy.Config, own, isClusterNode) is not { } wrong) continue;
            throw new ConfigurationException(
                $"akka.actor.deployment.{deploy.Path} says {wrong}, but remote deployment and cluster-aware routers are left"
                + " out of this engine: actors live on the node that makes them, routees of other nodes are named by"
                + " routees.paths.");
        }
    }

    private static string? Elsewhere(Config deployment, Address own, bool isClusterNode)
    {
        if (deployment.GetString("remote", "") is { Length: > 0 } node && !IsOwn(node, own)) return $"remote = {node}";
        IList<string> nodes = deployment.GetStringList("target.nodes", []);
        if (nodes.Any(target => !IsOwn(target, own))) return $"target.nodes = [{string.Join(", ", nodes)}]";
        return isClusterNode && deployment.GetBoolean("cluster.enabled", false) ? "cluster.enabled = on" : null;
    }

    private static bool IsOwn(string node, Address own) => Address.TryParse(node, out Address? address)
        && (address!.Equals(own) || address.Equals(new Address("akka", own.System)));
}
