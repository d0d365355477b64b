using Akka.Engine;
using Iridium.Simulation.Faults;
using Iridium.Simulation.Virtual;

namespace Iridium.Simulation.Swarm;

/// <summary>
/// A mistake that somebody could make in what lies around the rules, put around whole nodes from outside: by their
/// configuration, or between the engine and its host.
/// </summary>
internal abstract class WholeBug
{
    public string Name => GetType().Name;

    /// <summary>Stronger than what the nodes are configured with otherwise.</summary>
    public virtual string Config => "";

    /// <summary>The stories among which it is looked for; all, unless few of them could show it.</summary>
    public virtual StoryLimits Limits => StoryLimits.Whole;

    /// <summary>How often a child may be restarted, if the bug has an idea of its own.</summary>
    public virtual int? Restarts => null;

    /// <summary>What a life takes for the outside.</summary>
    public virtual EngineHost Around(EngineHost host, SimProcess process) => host;
}
