using Akka.Actor;
using Akka.Coordination;

namespace Akka.Cluster.Tools.Singleton;

/// <summary>The hands of a manager on the lease of its singleton. All answers are messages to the manager.</summary>
internal sealed class SingletonLease
{
    private readonly Lease _lease;
    private readonly TimeSpan _retryInterval;
    private readonly IScheduler _scheduler;
    private readonly IActorRef _manager;

    /// <exception cref="Configuration.ConfigurationException">The section is missing, or names no class of leases.</exception>
    public SingletonLease(IActorContext context, LeaseUsageSettings settings, Address node)
    {
        _scheduler = context.System.Scheduler;
        _manager = context.Self;
        _retryInterval = settings.LeaseRetryInterval;
        string name = $"{context.System.Name}-singleton-{context.Self.Path}";
        _lease = LeaseProvider.Get(context.System).GetLease(name, settings.LeaseImplementation, node.HostPort());
    }

    public void Acquire(int question)
    {
        IActorRef manager = _manager;
        _lease.TryAcquire(_scheduler, error => manager.Tell(new Lost(question, error), ActorRefs.NoSender))
            .PipeTo(manager, success: outcome => new Answer(question, outcome.Done, outcome.Error));
    }

    public void AskLater(int question) =>
        _scheduler.ScheduleTellOnce(_retryInterval, _manager, new AskAgain(question), _manager);

    public void Release() => _lease.TryRelease(_scheduler)
        .PipeTo(_manager, success: outcome => new Released(outcome.Done, outcome.Error));

    /// <summary>The manager ends, and its singleton has: nobody is there to hear the answer.</summary>
    public void ReleaseAtEnd()
    {
        if (_lease.IsHeld()) _lease.TryRelease(_scheduler);
    }

    public sealed record Answer(int Question, bool Granted, Exception? Error) : INoSerializationVerificationNeeded;

    public sealed record Lost(int Question, Exception? Error) : INoSerializationVerificationNeeded;

    public sealed record Released(bool Done, Exception? Error) : INoSerializationVerificationNeeded;

    public sealed record AskAgain(int Question) : INoSerializationVerificationNeeded;
}
