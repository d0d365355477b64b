using Akka.Configuration;
using Akka.Event;

namespace Akka.Actor;

/// <summary>
/// Ends a system in phases: first no more work is taken, then the node leaves the cluster, then the actors stop.
/// Tasks are added to phases; the tasks of one phase run side by side, and the next phase begins when all are done or
/// the phase's time is up. Phases, their order and times are in <c>akka.coordinated-shutdown</c>.
/// </summary>
/// <remarks>It has no thread: tasks are started by whoever completes the phase before, and lateness is told by the
/// system's scheduler.</remarks>
public sealed partial class CoordinatedShutdown : IExtension
{
    public const string PhaseBeforeServiceUnbind = "before-service-unbind";
    public const string PhaseServiceUnbind = "service-unbind";
    public const string PhaseServiceRequestsDone = "service-requests-done";
    public const string PhaseServiceStop = "service-stop";
    public const string PhaseBeforeClusterShutdown = "before-cluster-shutdown";
    public const string PhaseClusterShardingShutdownRegion = "cluster-sharding-shutdown-region";
    public const string PhaseClusterLeave = "cluster-leave";
    public const string PhaseClusterExiting = "cluster-exiting";
    public const string PhaseClusterExitingDone = "cluster-exiting-done";
    public const string PhaseClusterShutdown = "cluster-shutdown";
    public const string PhaseBeforeActorSystemTerminate = "before-actor-system-terminate";
    public const string PhaseActorSystemTerminate = "actor-system-terminate";

    private readonly Lock _gate = new();
    private readonly IReadOnlyDictionary<string, Phase> _phases;
    private readonly IReadOnlyList<string> _order;
    private readonly Dictionary<string, List<ShutdownTask>> _tasks = new(StringComparer.Ordinal);
    private readonly List<Func<Task<Done>>> _hooks = [];

    // Whoever awaits the end goes on elsewhere: here it would hold up the thread that still has to say that the
    // system ended.
    private readonly TaskCompletionSource<Done> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Reason? _reason;

    /// <exception cref="ArgumentException">The phases depend on one another in a circle.</exception>
    public CoordinatedShutdown(ExtendedActorSystem system, Dictionary<string, Phase> phases)
    {
        System = system;
        Log = Logging.GetLogger(system, GetType());
        _phases = ShutdownPhases.WithNamed(phases, ShutdownPhases.DefaultPhaseTimeout);
        _order = ShutdownPhases.TopologicalSort(_phases);
    }

    public ExtendedActorSystem System { get; }

    public ILoggingAdapter Log { get; }

    /// <summary>Why the system is being shut down; null while it is not.</summary>
    public Reason? ShutdownReason
    {
        get
        {
            lock (_gate) return _reason;
        }
    }

    /// <summary>How long all phases may take together.</summary>
    public TimeSpan TotalTimeout
    {
        get
        {
            lock (_gate)
            {
                return _tasks.Keys.Aggregate(TimeSpan.Zero, (sum, phase) => sum + _phases[phase].Timeout);
            }
        }
    }

    public static CoordinatedShutdown Get(ActorSystem sys) =>
        sys.WithExtension<CoordinatedShutdown, CoordinatedShutdownExtension>();

    /// <summary>How long a phase may take.</summary>
    /// <exception cref="ArgumentException">There is no such phase.</exception>
    public TimeSpan Timeout(string phase) => Known(phase).Timeout;

    /// <summary>Has something done in a phase. A task added to a phase that has begun is not run any more.</summary>
    /// <param name="taskName">What the log calls it.</param>
    /// <exception cref="ConfigurationException">There is no such phase.</exception>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public void AddTask(string phase, string taskName, Func<Task<Done>> task)
    {
        ArgumentException.ThrowIfNullOrEmpty(taskName);
        ArgumentNullException.ThrowIfNull(task);
        if (!_phases.ContainsKey(phase)) throw new ConfigurationException(Unknown(phase));
        lock (_gate)
        {
            if (!_tasks.TryGetValue(phase, out List<ShutdownTask>? tasks)) _tasks.Add(phase, tasks = []);
            tasks.Add(new ShutdownTask(taskName, task));
        }
    }

    /// <summary>Has something done when the process ends, before the phases run.</summary>
    public void AddClrShutdownHook(Func<Task<Done>> hook)
    {
        ArgumentNullException.ThrowIfNull(hook);
        lock (_gate) _hooks.Add(hook);
    }

    internal IReadOnlyList<Func<Task<Done>>> Hooks
    {
        get
        {
            lock (_gate) return [.. _hooks];
        }
    }

    /// <summary>What <see cref="Run(Reason, string?)"/> gives, whoever calls it.</summary>
    internal Task<Done> Ended => _ended.Task;

    /// <summary>Starts the shutdown. Called again, it changes nothing and gives the same task.</summary>
    /// <param name="reason">Why; actors and logs may ask for it.</param>
    /// <param name="fromPhase">The first phase to run; what comes before it is left out.</param>
    /// <returns>Done when all phases are. Fails if a phase fails that may not (<c>recover = off</c>).</returns>
    /// <exception cref="ArgumentException">There is no such phase.</exception>
    public Task<Done> Run(Reason reason, string? fromPhase = null)
    {
        ArgumentNullException.ThrowIfNull(reason);
        int first = 0;
        if (fromPhase is not null)
        {
            _ = Known(fromPhase);
            first = Enumerable.Range(0, _order.Count).First(index => _order[index] == fromPhase);
        }

        lock (_gate)
        {
            if (_reason is not null) return _ended.Task;
            _reason = reason;
        }

        Log.Debug("Coordinated shutdown begins: {0}", reason);
        RunFrom(first);
        return _ended.Task;
    }

    public Task<Done> Run(string? fromPhase = null) => Run(UnknownReason.Instance, fromPhase);

    private Phase Known(string phase) => _phases.TryGetValue(phase ?? "", out Phase? known)
        ? known
        : throw new ArgumentException(Unknown(phase), nameof(phase));

    private string Unknown(string? phase) =>
        $"There is no phase '{phase}' in akka.coordinated-shutdown.phases; known are {string.Join(", ", _order)}.";

    private void RunFrom(int index)
    {
        for (; index < _order.Count; index++)
        {
            string name = _order[index];
            ShutdownTask[] tasks = TasksOf(name);
            if (tasks.Length == 0) continue;
            int next = index + 1;
            Log.Debug("Phase {0}: {1} task(s)", name, tasks.Length);
            _ = new PhaseRun(this, name, _phases[name], tasks, failure => AfterPhase(next, failure)).Start();
            return;
        }

        Log.Debug("Coordinated shutdown is done.");
        _ended.TrySetResult(Done.Instance);
    }

    private ShutdownTask[] TasksOf(string phase)
    {
        lock (_gate)
        {
            if (_phases[phase].Enabled)
            {
                return _tasks.TryGetValue(phase, out List<ShutdownTask>? tasks) ? [.. tasks] : [];
            }
        }

        Log.Info("Phase {0} is switched off, and its tasks with it.", phase);
        return [];
    }

    private void AfterPhase(int next, Exception? failure)
    {
        if (failure is null) RunFrom(next);
        else _ended.TrySetException(failure);
    }

    private sealed record ShutdownTask(string Name, Func<Task<Done>> Run);

    /// <summary>One phase under way: counts its tasks down, once, against its time.</summary>
    private sealed class PhaseRun(
        CoordinatedShutdown owner, string name, Phase phase, ShutdownTask[] tasks, Action<Exception?> then)
    {
        private readonly HashSet<string> _late = tasks.Select(task => task.Name).ToHashSet(StringComparer.Ordinal);
        private int _left = tasks.Length;
        private bool _over;
        private Exception? _failure;
        private ICancelable? _timer;

        public PhaseRun Start()
        {
            _timer = owner.System.Scheduler.Advanced.ScheduleOnceCancelable(phase.Timeout, OnTimeout);
            foreach (ShutdownTask task in tasks)
            {
                Begin(task).ContinueWith(OnEnd, task, CancellationToken.None,
                    TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }

            return this;
        }

        private static Task<Done> Begin(ShutdownTask task)
        {
            try
            {
                return task.Run() ?? Task.FromResult(Done.Instance);
            }
            catch (Exception failure)
            {
                return Task.FromException<Done>(failure);
            }
        }

        private void OnEnd(Task<Done> ended, object? task)
        {
            string taskName = ((ShutdownTask)task!).Name;
            Exception? failure = ended.Exception?.InnerException ??
                (ended.IsCanceled ? new TaskCanceledException(ended) : null);
            if (failure is not null && phase.Recover)
            {
                owner.Log.Warning("Task {0} of phase {1} failed, the shutdown goes on: {2}", taskName, name,
                    failure.Message);
            }

            lock (_late)
            {
                _late.Remove(taskName);
                if (!phase.Recover) _failure ??= failure;
                if (--_left > 0 || _over) return;
                _over = true;
            }

            _timer?.Cancel();
            then(_failure);
        }

        private void OnTimeout()
        {
            string late;
            lock (_late)
            {
                if (_over) return;
                _over = true;
                late = string.Join(", ", _late.Order(StringComparer.Ordinal));
            }

            string text = $"Phase {name} was not done within {phase.Timeout}: {late}";
            if (phase.Recover) owner.Log.Warning("{0}; the shutdown goes on.", text);
            then(phase.Recover ? null : new TimeoutException(text + "."));
        }
    }
}
