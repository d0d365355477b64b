using Akka.Actor;
using Akka.Configuration;
using Akka.Engine;

namespace Akka.Dispatch;

/// <summary>A piece of work for a dispatcher.</summary>
public interface IRunnable
{
    void Run();
}

/// <summary>Makes a dispatcher from its section of the configuration; one for each id that is used.</summary>
public abstract class MessageDispatcherConfigurator(Config config, IDispatcherPrerequisites prerequisites)
{
    public Config Config { get; } = config;

    public IDispatcherPrerequisites Prerequisites { get; } = prerequisites;

    /// <summary>The dispatcher for the next actor: usually always the same one.</summary>
    public abstract MessageDispatcher Dispatcher();
}

/// <summary>What dispatchers are made from.</summary>
public interface IDispatcherPrerequisites
{
    Event.EventStream EventStream { get; }

    IScheduler Scheduler { get; }

    Settings Settings { get; }

    Mailboxes Mailboxes { get; }
}

/// <summary>
/// Decides where and for how long mailboxes run. Subclasses say on what executor; the mailbox itself makes sure that
/// one turn runs at a time.
/// </summary>
public abstract class MessageDispatcher
{
    private readonly TimeProvider _time;
    private readonly long _deadlineTicks;

    protected MessageDispatcher(MessageDispatcherConfigurator configurator)
    {
        Configurator = configurator;
        Config config = configurator.Config;
        Id = config.GetString("id", "");
        Throughput = Math.Max(1, config.GetInt("throughput", 30));
        TimeSpan deadline = config.GetTimeSpan("throughput-deadline-time", TimeSpan.Zero);
        Host = ((DispatcherPrerequisites)configurator.Prerequisites).Host;
        _time = Host.Time;
        ThroughputDeadlineTime = deadline > TimeSpan.Zero ? deadline.Ticks : null;
        _deadlineTicks = (long)(deadline.TotalSeconds * _time.TimestampFrequency);
    }

    public MessageDispatcherConfigurator Configurator { get; }

    public string Id { get; }

    /// <summary>How many user messages one turn handles at most before others get theirs.</summary>
    public int Throughput { get; }

    /// <summary>How long a turn may last before it gives way between two messages, in ticks; null is as long as it
    /// takes.</summary>
    public long? ThroughputDeadlineTime { get; }

    internal EngineHost Host { get; }

    /// <summary>Runs an action some time soon where this dispatcher runs its actors.</summary>
    public void Schedule(Action run) => ScheduleWork(new ActionWork(run), preferLocal: false);

    public void Schedule(IRunnable run) => ScheduleWork(new RunnableWork(run), preferLocal: false);

    /// <summary>A message came to a mailbox that slept.</summary>
    internal virtual void Schedule(Mailbox mailbox) => ScheduleWork(mailbox, preferLocal: true);

    /// <summary>A new mailbox, for its first turn.</summary>
    internal void Begin(Mailbox mailbox) => ScheduleWork(mailbox, preferLocal: false);

    /// <summary>A mailbox has used its turn and has more to do.</summary>
    internal virtual void Reschedule(Mailbox mailbox) => ScheduleWork(mailbox, preferLocal: false);

    internal virtual void Attach(ActorCell cell)
    {
    }

    internal virtual void Detach(ActorCell cell)
    {
    }

    internal long DeadlineFromNow() => _deadlineTicks == 0 ? 0 : _time.GetTimestamp() + _deadlineTicks;

    internal bool IsPast(long deadline) => _time.GetTimestamp() > deadline;

    private protected abstract void ScheduleWork(IThreadPoolWorkItem work, bool preferLocal);

    private sealed class ActionWork(Action run) : IThreadPoolWorkItem
    {
        public void Execute() => run();
    }

    private sealed class RunnableWork(IRunnable run) : IThreadPoolWorkItem
    {
        public void Execute() => run.Run();
    }
}

/// <summary>Runs any number of actors on the threads that the host shares among all.</summary>
public class Dispatcher : MessageDispatcher
{
    private readonly IExecutor _executor;

    internal Dispatcher(MessageDispatcherConfigurator configurator) : base(configurator) => _executor = Host.Executor;

    internal Dispatcher(MessageDispatcherConfigurator configurator, IExecutor executor) : base(configurator) =>
        _executor = executor;

    internal sealed override void Reschedule(Mailbox mailbox) => _executor.ExecuteAgain(mailbox);

    private protected sealed override void ScheduleWork(IThreadPoolWorkItem work, bool preferLocal) =>
        _executor.Execute(work, preferLocal);
}

/// <summary>One thread for one actor: for code that blocks or is bound to its thread.</summary>
public sealed class PinnedDispatcher : MessageDispatcher
{
    private readonly IExecutor _executor;

    internal PinnedDispatcher(MessageDispatcherConfigurator configurator) : base(configurator) =>
        _executor = Host.CreatePinnedExecutor(Id);

    internal override void Detach(ActorCell cell) => (_executor as IDisposable)?.Dispose();

    private protected override void ScheduleWork(IThreadPoolWorkItem work, bool preferLocal) =>
        _executor.Execute(work, preferLocal);
}

internal sealed class DispatcherConfigurator : MessageDispatcherConfigurator
{
    private readonly Dispatcher _instance;

    public DispatcherConfigurator(Config config, IDispatcherPrerequisites prerequisites)
        : base(config, prerequisites) =>
        _instance = new Dispatcher(this);

    public override MessageDispatcher Dispatcher() => _instance;
}

/// <summary><c>dedicated-thread-pool.thread-count</c> threads of its own; as many as there are processors if that is not
/// given.</summary>
internal sealed class ForkJoinDispatcherConfigurator : MessageDispatcherConfigurator
{
    private readonly Dispatcher _instance;

    public ForkJoinDispatcherConfigurator(Config config, IDispatcherPrerequisites prerequisites)
        : base(config, prerequisites)
    {
        string id = config.GetString("id", "");
        int threads = config.GetInt("dedicated-thread-pool.thread-count", Environment.ProcessorCount);
        if (threads < 1)
        {
            throw new ConfigurationException(
                $"Dispatcher [{id}] has dedicated-thread-pool.thread-count = {threads}; it must be 1 or more.");
        }
        _instance = new Dispatcher(this, ((DispatcherPrerequisites)prerequisites).Host.CreateThreads(id, threads));
    }

    public override MessageDispatcher Dispatcher() => _instance;
}

internal sealed class PinnedDispatcherConfigurator(Config config, IDispatcherPrerequisites prerequisites)
    : MessageDispatcherConfigurator(config, prerequisites)
{
    public override MessageDispatcher Dispatcher() => new PinnedDispatcher(this);
}
