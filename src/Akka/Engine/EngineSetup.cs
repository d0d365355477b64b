using Akka.Actor.Setup;

namespace Akka.Engine;

/// <summary>Puts an actor system on a host other than this process: <c>BootstrapSetup.Create().And(new EngineSetup(host))</c>.</summary>
internal sealed class EngineSetup(EngineHost host) : Setup
{
    public EngineHost Host { get; } = host;
}
