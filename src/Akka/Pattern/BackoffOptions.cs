using Akka.Actor;

namespace Akka.Pattern;

/// <summary>Makes the options of a <see cref="BackoffSupervisor"/>.</summary>
public static class Backoff
{
    /// <summary>The child is started again, after a growing delay, when it failed.</summary>
    /// <param name="randomFactor">Up to this part is added to every delay, so that many children do not come back at once; 0.2 is 20 %.</param>
    /// <param name="maxNrOfRetries">-1 is without limit.</param>
    public static BackoffOptions OnFailure(
        Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor, int maxNrOfRetries) =>
        new(true, childProps, childName, minBackoff, maxBackoff, randomFactor, maxNrOfRetries);

    /// <summary>The child is started again, after a growing delay, when it stopped.</summary>
    public static BackoffOptions OnStop(
        Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor, int maxNrOfRetries) =>
        new(false, childProps, childName, minBackoff, maxBackoff, randomFactor, maxNrOfRetries);
}

/// <summary>How a child is brought back. Every method gives new options.</summary>
public sealed record BackoffOptions
{
    internal BackoffOptions(
        bool onFailure, Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor,
        int maxNrOfRetries)
    {
        if (minBackoff <= TimeSpan.Zero) throw new ArgumentException("The shortest delay must be positive.", nameof(minBackoff));
        if (maxBackoff < minBackoff)
            throw new ArgumentException("The longest delay must not be shorter than the shortest.", nameof(maxBackoff));
        if (randomFactor is < 0 or > 1)
            throw new ArgumentException("The random factor must be between 0 and 1.", nameof(randomFactor));
        (OnFailure, ChildProps, ChildName) = (onFailure, childProps, childName);
        (MinBackoff, MaxBackoff, RandomFactor, MaxRetries) = (minBackoff, maxBackoff, randomFactor, maxNrOfRetries);
        AutoResetAfter = minBackoff;
    }

    internal bool OnFailure { get; }

    internal Props ChildProps { get; }

    internal string ChildName { get; }

    internal TimeSpan MinBackoff { get; }

    internal TimeSpan MaxBackoff { get; }

    internal double RandomFactor { get; }

    internal int MaxRetries { get; init; }

    /// <summary>A child that lived so long has its count forgotten; null leaves that to <see cref="BackoffSupervisor.Reset"/>.</summary>
    internal TimeSpan? AutoResetAfter { get; init; }

    internal OneForOneStrategy? Strategy { get; init; }

    internal object? ReplyWhileStopped { get; init; }

    internal Func<object, bool>? FinalStop { get; init; }

    public BackoffOptions WithAutoReset(TimeSpan resetBackoff) => this with { AutoResetAfter = resetBackoff };

    public BackoffOptions WithManualReset() => this with { AutoResetAfter = null };

    public BackoffOptions WithSupervisorStrategy(OneForOneStrategy supervisorStrategy) => this with { Strategy = supervisorStrategy };

    /// <summary>Any failure stops the child, and so brings it back after the delay.</summary>
    public BackoffOptions WithDefaultStoppingStrategy() =>
        this with { Strategy = new OneForOneStrategy(_ => Directive.Stop) };

    /// <summary>What a sender is told while there is no child; without it such messages are dead letters.</summary>
    public BackoffOptions WithReplyWhileStopped(object replyWhileStopped) => this with { ReplyWhileStopped = replyWhileStopped };

    public BackoffOptions WithMaxNrOfRetries(int maxNrOfRetries) => this with { MaxRetries = maxNrOfRetries };

    /// <summary>A message from the child for which this holds means that its next stop is the last one.</summary>
    public BackoffOptions WithFinalStopMessage(Func<object, bool> isFinalStopMessage) => this with { FinalStop = isFinalStopMessage };

    internal Props Props => Actor.Props.Create(() => new BackoffSupervisor(this));
}
