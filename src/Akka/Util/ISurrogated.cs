using Akka.Actor;

namespace Akka.Util;

/// <summary>What travels in place of an object that means something only inside its actor system: a path in place of a
/// reference, for instance.</summary>
public interface ISurrogate
{
    /// <summary>The object again, as the receiving system knows it.</summary>
    ISurrogated FromSurrogate(ActorSystem system);
}

/// <summary>An object that is replaced when it is serialized.</summary>
public interface ISurrogated
{
    ISurrogate ToSurrogate(ActorSystem system);
}
