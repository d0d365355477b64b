using Akka.Actor;
using Akka.Configuration;
using static Akka.Remote.Tests.Specs.RemotePair;

namespace Akka.Remote.Tests.Inside;

/// <summary>The systems that a test has started. They end with it.</summary>
internal sealed class StartedSystems : IDisposable
{
    private readonly List<ActorSystem> _systems = [];

    public ActorSystem Start(Config config)
    {
        ActorSystem system = ActorSystem.Create("Pair", config);
        _systems.Add(system);
        return system;
    }

    public void Dispose() => Task.WaitAll([.. _systems.Select(system => system.Terminate())], Patience);
}
