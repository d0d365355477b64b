using Akka.Configuration;
using Iridium.Simulation.Virtual;
using Iridium.Simulation.Whole;

namespace Iridium.Simulation.Swarm;

/// <summary>
/// In some stories the nodes share a secret, and one more machine, which does not know it, asks all along to be let in:
/// it has another secret, or none. Whatever else happens, it is in nobody's cluster, and nobody is in its own.
/// </summary>
internal sealed class Stranger
{
    private const string Host = "stranger";

    private readonly WholeNode _whole;

    private Stranger(World world, SeedRandom chance)
    {
        string own = chance.OneIn(2) ? "akka.remote.secret = \"guessed, and guessed wrong\"" : "";
        _whole = new WholeNode(world, world.Fabric.AddMachine(Host), ConfigurationFactory.ParseString(own));
    }

    /// <summary>What the nodes of the story have in common, and it has not.</summary>
    public static string Secret => "akka.remote.secret = \"known to the nodes of this story\"";

    /// <returns>Null when in this story everybody is trusted.</returns>
    public static Stranger? For(World world)
    {
        SeedRandom chance = world.Chance("stranger");
        return chance.OneIn(3) ? new Stranger(world, chance) : null;
    }

    public void Start(IEnumerable<SwarmNode> nodes) => _whole.Start(nodes.Select(node => node.Whole.Address));

    /// <summary>What it should not have achieved; null while it has achieved nothing.</summary>
    public string? FindIntrusion(IEnumerable<SwarmNode> nodes)
    {
        SwarmNode? host = nodes.FirstOrDefault(node =>
            node.Gossip.Members.Any(member => member.Address.Equals(_whole.Address)));
        if (host is not null) return $"{host} has let in a stranger";
        return _whole.Runs && !_whole.Cluster!.View.Gossip.Members.IsEmpty
            ? $"a stranger has learned of {_whole.View()}"
            : null;
    }

    public void Stop() => _whole.Machine.Process?.Kill();
}
