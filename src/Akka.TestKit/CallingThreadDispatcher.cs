using Akka.Configuration;
using Akka.Dispatch;

namespace Akka.TestKit;

/// <summary>Makes the one <see cref="CallingThreadDispatcher"/> of a section.</summary>
public sealed class CallingThreadDispatcherConfigurator : MessageDispatcherConfigurator
{
    private readonly CallingThreadDispatcher _instance;

    public CallingThreadDispatcherConfigurator(Config config, IDispatcherPrerequisites prerequisites)
        : base(config, prerequisites) => _instance = new CallingThreadDispatcher(this);

    public override MessageDispatcher Dispatcher() => _instance;
}

/// <summary>
/// Runs an actor on the thread that sends to it: when Tell returns, the message has been handled. Except where the
/// actor is already at work, further down this thread's stack or on another thread; then that turn handles the
/// message too.
/// </summary>
public sealed class CallingThreadDispatcher : MessageDispatcher
{
    public static new readonly string Id = "akka.test.calling-thread-dispatcher";

    /// <summary>The turn that this thread is in; null if in none of a calling-thread actor.</summary>
    [ThreadStatic]
    private static Turn? t_turn;

    public CallingThreadDispatcher(MessageDispatcherConfigurator configurator) : base(configurator)
    {
    }

    /// <summary>A mailbox that ends its turn with more to do goes on after it, not inside it: the stack stays
    /// flat.</summary>
    internal override void Reschedule(Mailbox mailbox)
    {
        if (t_turn is { } turn && ReferenceEquals(turn.Mailbox, mailbox)) turn.Again = true;
        else Run(mailbox);
    }

    private protected override void ScheduleWork(IThreadPoolWorkItem work, bool preferLocal)
    {
        if (work is Mailbox mailbox) Run(mailbox);
        else work.Execute();
    }

    private static void Run(Mailbox mailbox)
    {
        Turn? outer = t_turn;
        var turn = new Turn(mailbox);
        t_turn = turn;
        try
        {
            do
            {
                turn.Again = false;
                mailbox.Run();
            }
            while (turn.Again);
        }
        finally
        {
            t_turn = outer;
        }
    }

    private sealed class Turn(Mailbox mailbox)
    {
        public Mailbox Mailbox { get; } = mailbox;

        public bool Again { get; set; }
    }
}
