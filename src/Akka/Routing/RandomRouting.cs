using Akka.Actor;
using Akka.Configuration;

namespace Akka.Routing;

/// <summary>Any of them.</summary>
/// <remarks>The numbers come from the host, so a simulated run chooses the same routees again.</remarks>
public sealed class RandomLogic : RoutingLogic
{
    private readonly Lock _lock = new();
    private readonly Random _random;

    internal RandomLogic(Random random) => _random = random;

    public override Routee Select(object message, Routee[] routees)
    {
        if (routees.Length == 0) return Routee.NoRoutee;
        lock (_lock) return routees[_random.Next(routees.Length)];
    }

    internal static RandomLogic For(ActorSystem system) =>
        new(((Actor.Internal.ActorSystemImpl)system).Host.CreateRandom("routing"));
}

public sealed class RandomPool : Pool
{
    public RandomPool(int nrOfInstances) : base(nrOfInstances)
    {
    }

    public RandomPool(Config config) : base(Instances(config))
    {
    }

    private RandomPool(int nrOfInstances, SupervisorStrategy? strategy, string? dispatcher)
        : base(nrOfInstances, strategy, dispatcher)
    {
    }

    public override Router CreateRouter(ActorSystem system) => new(RandomLogic.For(system));

    public RandomPool WithSupervisorStrategy(SupervisorStrategy strategy) =>
        new(NrOfInstances, strategy, RouterDispatcher);

    public RandomPool WithDispatcher(string dispatcher) => new(NrOfInstances, SupervisorStrategy, dispatcher);
}

public sealed class RandomGroup : Group
{
    public RandomGroup(params string[] paths) : base(paths)
    {
    }

    public RandomGroup(IEnumerable<string> paths) : base(paths)
    {
    }

    public RandomGroup(IEnumerable<IActorRef> routees) : base(Paths(routees))
    {
    }

    public RandomGroup(Config config) : base(Paths(config))
    {
    }

    public override Router CreateRouter(ActorSystem system) => new(RandomLogic.For(system));
}
