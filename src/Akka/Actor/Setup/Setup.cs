namespace Akka.Actor.Setup;

/// <summary>One typed piece of configuration that is passed to an actor system in code rather than in HOCON.</summary>
public abstract class Setup
{
    /// <summary>Combines two setups into one that holds both.</summary>
    public ActorSystemSetup And(Setup other) => ActorSystemSetup.Empty.And(this).And(other);
}
