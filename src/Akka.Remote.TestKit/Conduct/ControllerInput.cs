using Akka.Remote.TestKit.Protocol;

namespace Akka.Remote.TestKit.Conduct;

/// <summary>What can happen to the controller.</summary>
internal abstract record ControllerInput
{
    /// <summary>A message came on a connection.</summary>
    public sealed record Received(int Connection, ConductorMessage Message) : ControllerInput;

    /// <summary>A connection is gone.</summary>
    public sealed record Lost(int Connection) : ControllerInput;

    /// <summary>The test wants a player to do something.</summary>
    /// <param name="Number">Tells this order from others.</param>
    public sealed record Order(long Number, string Role, ConductorMessage.Failure Failure) : ControllerInput;

    /// <summary>The test says that a player will go, or is gone, and is not to be waited for.</summary>
    public sealed record Remove(long Number, string Role) : ControllerInput;

    /// <summary>Time has passed.</summary>
    public sealed record Tick : ControllerInput;
}

/// <summary>What the controller wants done.</summary>
internal abstract record ControllerEffect
{
    public sealed record Send(int Connection, ConductorMessage Message) : ControllerEffect;

    public sealed record Close(int Connection) : ControllerEffect;

    /// <summary>An order is carried out, or failed.</summary>
    public sealed record Answer(long Order, string? Failure) : ControllerEffect;

    /// <summary>Something that a person who reads the log of a failed test wants to know.</summary>
    public sealed record Report(string Text) : ControllerEffect;
}
