using Akka.Actor;

namespace Akka.TestKit;

/// <summary>Answers for a test actor: it is shown every message and says what to do with the next one.</summary>
public abstract class AutoPilot
{
    /// <inheritdoc cref="Akka.TestKit.NoAutoPilot" />
    public static NoAutoPilot NoAutoPilot => NoAutoPilot.Instance;

    /// <inheritdoc cref="Akka.TestKit.KeepRunning" />
    public static KeepRunning KeepRunning => KeepRunning.Instance;

    /// <returns><see cref="KeepRunning"/>, <see cref="NoAutoPilot"/>, or another pilot that takes over.</returns>
    public abstract AutoPilot Run(IActorRef sender, object message);
}

/// <summary>Leave the messages to the test.</summary>
public sealed class NoAutoPilot : AutoPilot
{
    public static readonly NoAutoPilot Instance = new();

    private NoAutoPilot()
    {
    }

    public override AutoPilot Run(IActorRef sender, object message) => this;
}

/// <summary>The pilot that is running stays.</summary>
public sealed class KeepRunning : AutoPilot
{
    public static readonly KeepRunning Instance = new();

    private KeepRunning()
    {
    }

    public override AutoPilot Run(IActorRef sender, object message) =>
        throw new InvalidOperationException("This is an answer of an auto pilot, not one itself.");
}

/// <summary>A pilot made of a function.</summary>
public sealed class DelegateAutoPilot(Func<IActorRef, object, AutoPilot> run) : AutoPilot
{
    public override AutoPilot Run(IActorRef sender, object message) => run(sender, message);
}
