using Akka.Actor;
using Akka.Configuration;

namespace Akka.Routing;

/// <summary>One after the other.</summary>
public sealed class RoundRobinRoutingLogic(int next = -1) : RoutingLogic
{
    private int _next = next;

    public override Routee Select(object message, Routee[] routees)
    {
        if (routees.Length == 0) return Routee.NoRoutee;
        // The counter may overflow; as an unsigned number it just starts again.
        uint turn = (uint)Interlocked.Increment(ref _next);
        return routees[turn % (uint)routees.Length];
    }
}

public sealed class RoundRobinPool : Pool
{
    public RoundRobinPool(int nrOfInstances) : base(nrOfInstances)
    {
    }

    public RoundRobinPool(Config config) : base(Instances(config))
    {
    }

    private RoundRobinPool(int nrOfInstances, SupervisorStrategy? strategy, string? dispatcher)
        : base(nrOfInstances, strategy, dispatcher)
    {
    }

    public override Router CreateRouter(ActorSystem system) => new(new RoundRobinRoutingLogic());

    public RoundRobinPool WithSupervisorStrategy(SupervisorStrategy strategy) =>
        new(NrOfInstances, strategy, RouterDispatcher);

    public RoundRobinPool WithDispatcher(string dispatcher) => new(NrOfInstances, SupervisorStrategy, dispatcher);
}

public sealed class RoundRobinGroup : Group
{
    public RoundRobinGroup(params string[] paths) : base(paths)
    {
    }

    public RoundRobinGroup(IEnumerable<string> paths) : base(paths)
    {
    }

    public RoundRobinGroup(IEnumerable<IActorRef> routees) : base(Paths(routees))
    {
    }

    public RoundRobinGroup(Config config) : base(Paths(config))
    {
    }

    public override Router CreateRouter(ActorSystem system) => new(new RoundRobinRoutingLogic());
}
