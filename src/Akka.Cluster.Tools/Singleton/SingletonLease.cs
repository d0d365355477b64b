using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Coordination;

namespace Akka.Cluster.Tools.Singleton;

/// <summary>The hands of a manager on the lease of its singleton. All answers are messages to the manager.</summary>
internal sealed class SingletonLease
{
    /// <summary>Questions are numbered from 1.</summary>
    private const int None = 0;

    // A manager's successor by the same name has the same lease.
    private static readonly ConditionalWeakTable<Lease, SingletonLease> _users = [];

    private readonly Lease _lease;
    private readonly TimeSpan _retryInterval;
    private readonly IScheduler _scheduler;
    private readonly IActorRef _manager;
    private int _hasEnded;

    /// <exception cref="Configuration.ConfigurationException">The section is missing, or names no class of leases.</exception>
    public SingletonLease(IActorContext context, LeaseUsageSettings settings, Address node)
    {
        _scheduler = context.System.Scheduler;
        _manager = context.Self;
        _retryInterval = settings.LeaseRetryInterval;
        string name = $"{context.System.Name}-singleton-{context.Self.Path}";
        _lease = LeaseProvider.Get(context.System).GetLease(name, settings.LeaseImplementation, node.HostPort());
        _users.AddOrUpdate(_lease, this);
    }

    private bool HasEnded => Volatile.Read(ref _hasEnded) != 0;

    public void Acquire(int question)
    {
        IActorRef manager = _manager;
        _lease.TryAcquire(
            _scheduler,
            outcome => OnAnswer(question, outcome),
            error => manager.Tell(new Lost(error), ActorRefs.NoSender));
    }

    public void AskLater(int question) =>
        _scheduler.ScheduleTellOnce(_retryInterval, _manager, new AskAgain(question), _manager);

    public void Release(int release) => _lease.TryRelease(_scheduler)
        .PipeTo(_manager, success: outcome => new Released(release, outcome.Done, outcome.Error));

    /// <summary>The manager ends, and its singleton has: nobody is there to hear the answer.</summary>
    public void ReleaseAtEnd()
    {
        // First this, then that: a grant that comes in between is given back by one of the two.
        Interlocked.Exchange(ref _hasEnded, 1);
        if (_lease.IsHeld()) _lease.TryRelease(_scheduler);
    }

    /// <summary>A lease that is granted to a manager that has ended is its successor's, if there is one: to give it back then
    /// could take it from a singleton that runs.</summary>
    private void OnAnswer(int question, LeaseOutcome outcome)
    {
        SingletonLease user = outcome.Done && HasEnded && _users.TryGetValue(_lease, out var last) ? last : this;
        if (outcome.Done && user.HasEnded) _lease.TryRelease(_scheduler);
        else user._manager.Tell(new Answer(user == this ? question : None, outcome.Done, outcome.Error), _manager);
    }

    public sealed record Answer(int Question, bool Granted, Exception? Error) : INoSerializationVerificationNeeded;

    public sealed record Lost(Exception? Error) : INoSerializationVerificationNeeded;

    public sealed record Released(int Release, bool Done, Exception? Error) : INoSerializationVerificationNeeded;

    public sealed record AskAgain(int Question) : INoSerializationVerificationNeeded;
}
