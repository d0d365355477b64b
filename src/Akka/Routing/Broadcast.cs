using Akka.Actor;
using Akka.Configuration;

namespace Akka.Routing;

/// <summary>All of them.</summary>
public sealed class BroadcastRoutingLogic : RoutingLogic
{
    public override Routee Select(object message, Routee[] routees) =>
        routees.Length == 0 ? Routee.NoRoutee : new SeveralRoutees(routees);
}

public sealed class BroadcastPool : Pool
{
    public BroadcastPool(int nrOfInstances) : base(nrOfInstances)
    {
    }

    public BroadcastPool(Config config) : base(Instances(config))
    {
    }

    private BroadcastPool(int nrOfInstances, SupervisorStrategy? strategy, string? dispatcher)
        : base(nrOfInstances, strategy, dispatcher)
    {
    }

    public override Router CreateRouter(ActorSystem system) => new(new BroadcastRoutingLogic());

    public BroadcastPool WithSupervisorStrategy(SupervisorStrategy strategy) =>
        new(NrOfInstances, strategy, RouterDispatcher);

    public BroadcastPool WithDispatcher(string dispatcher) => new(NrOfInstances, SupervisorStrategy, dispatcher);
}

public sealed class BroadcastGroup : Group
{
    public BroadcastGroup(params string[] paths) : base(paths)
    {
    }

    public BroadcastGroup(IEnumerable<string> paths) : base(paths)
    {
    }

    public BroadcastGroup(IEnumerable<IActorRef> routees) : base(Paths(routees))
    {
    }

    public BroadcastGroup(Config config) : base(Paths(config))
    {
    }

    public override Router CreateRouter(ActorSystem system) => new(new BroadcastRoutingLogic());
}
