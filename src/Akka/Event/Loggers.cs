using Akka.Actor;

namespace Akka.Event;

/// <summary>Writes lines to the host's log sink, at once: what the system logs before its loggers start and after
/// they end.</summary>
public class StandardOutLogger : MinimalActorRef
{
    private static readonly ActorPath LoggerPath = new RootActorPath(new Address("akka",
        "all-systems")) / "StandardOutLogger";

    private readonly TextWriter _sink;

    internal StandardOutLogger(TextWriter sink) => _sink = sink;

    public override ActorPath Path => LoggerPath;

    public override IActorRefProvider Provider =>
        throw new NotSupportedException("The standard output logger belongs to no provider.");

    public override string ToString() => "StandardOutLogger";

    protected override void TellInternal(object message, IActorRef? sender)
    {
        if (message is LogEvent line) Print(line, _sink);
    }

    internal static void Print(LogEvent line, TextWriter sink)
    {
        // A whole line in one call: the sink is synchronized per call.
        string text = line.ToString() + Environment.NewLine;
        sink.Write(text);
    }
}

/// <summary>The logger that is used unless the configuration names others: lines to the host's log sink.</summary>
public class DefaultLogger : ActorBase, Dispatch.IRequiresMessageQueue<ILoggerMessageQueueSemantics>
{
    protected override bool Receive(object message)
    {
        switch (message)
        {
            case InitializeLogger:
                Sender.Tell(new LoggerInitialized(), Self);
                return true;
            case LogEvent line:
                Print(line);
                return true;
            default:
                return false;
        }
    }

    protected virtual void Print(LogEvent logEvent) =>
        StandardOutLogger.Print(logEvent, ((Akka.Actor.Internal.ActorSystemImpl)Context.System).Host.LogSink);
}

/// <summary>The kind of queue that a logger needs.</summary>
public interface ILoggerMessageQueueSemantics : Dispatch.ISemantics
{
}
