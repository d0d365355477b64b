using Akka.Actor;
using Akka.Event;
using Iridium.Actors.Protocol;
using Iridium.Actors.Vm;

namespace Iridium.Actors.Repl;

/// <summary>
/// One session: it hears what is typed and what the node, its machine and the programs it spawned have to say, lets
/// the <see cref="Session"/> decide, and carries out what that wants. It never waits and never runs a program.
/// </summary>
public sealed class ReplActor : ReceiveActor, IWithTimers
{
    private readonly ReplSettings _settings;
    private readonly IActorRef _node;
    private readonly IScreen _screen;
    private readonly ISourceFiles _files;
    private readonly Session _session;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private IActorRef _machine = ActorRefs.Nobody;

    /// <summary>For <see cref="Props"/>: Akka.NET makes actors by public constructors only.</summary>
    public ReplActor(ReplSettings settings, IActorRef node, IScreen screen, ISourceFiles files)
    {
        _settings = settings;
        _node = node;
        _screen = screen;
        _files = files;
        _session = new Session(settings, screen.IsInteractive);
        On<ReplProtocol.LineTyped>((line, now) => _session.OnLine(line.Text, now));
        On<ReplProtocol.Interrupted>((_, now) => _session.OnInterrupt(now));
        On<ReplProtocol.InputEnded>((_, now) => _session.OnInputEnded(now));
        On<FileRead>((read, now) => _session.OnFile(read.Request, read.File, now));
        On<TimerFired>((fired, now) => _session.OnTimer(fired.Timer, now));
        On<MachineLost>((lost, now) => _session.OnMachineLost(lost.Reason, now));
        On<ClusterProtocol.NodeEvent>((happened, now) => _session.OnNodeEvent(happened, now));
        On<ClusterProtocol.AliasTaken>((taken, now) => _session.OnAliasTaken(taken, now));
        On<VmProtocol.Printed>((printed, now) => _session.OnProcess(printed, now));
        On<VmProtocol.Started>((started, now) => _session.OnProcess(started, now));
        On<VmProtocol.Ended>((ended, now) => _session.OnProcess(ended, now));
        On<object>((message, now) =>
        {
            if (Sender.Equals(_machine)) _session.OnMachine(message, now);
            else _session.OnAnswer(message, now);
        });
    }

    private sealed record FileRead(int Request, SourceFile File);

    private sealed record TimerFired(SessionTimer Timer);

    private sealed record MachineLost(string Reason);

    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>A session on this screen. It shows the banner and prompts as soon as it starts, and stops when it is
    /// over.</summary>
    /// <param name="settings">How it behaves.</param>
    /// <param name="node">The front desk of its node.</param>
    /// <param name="screen">Where it is seen.</param>
    /// <param name="files">Where it loads programs from.</param>
    public static Props Props(ReplSettings settings, IActorRef node, IScreen screen, ISourceFiles files) =>
        Akka.Actor.Props.Create(() => new ReplActor(settings, node, screen, files));

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(failure =>
    {
        _log.Error(failure, "A session's machine failed; it is started anew, empty.");
        Self.Tell(new MachineLost(failure.Message));
        return Directive.Restart;
    });

    protected override void PreStart()
    {
        int seed = _settings.Seed ?? Chance.SeedOf($"{Self.Path}", Context.System.Scheduler.Now);
        _machine = Context.ActorOf(ShellMachineActor.Props(_settings.Machine, seed), "machine");
        Context.System.EventStream.Subscribe(Self, typeof(ClusterProtocol.NodeEvent));
        Context.System.EventStream.Subscribe(Self, typeof(ClusterProtocol.AliasTaken));
        _node.Tell(ClusterProtocol.AskAlias.Instance);
        _session.Start();
        Perform();
    }

    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    private void On<T>(Action<T, TimeSpan> decide) => Receive<T>(message =>
    {
        decide(message, Context.System.Scheduler.MonotonicClock);
        Perform();
    });

    private void Perform()
    {
        foreach (SessionEffect effect in _session.Effects) Perform(effect);
        _session.Effects.Clear();
    }

    private void Perform(SessionEffect effect)
    {
        switch (effect)
        {
            case SessionEffect.Write write:
                _screen.Write(write.Lines);
                break;
            case SessionEffect.Prompt prompt:
                _screen.Prompt(prompt.Text);
                break;
            case SessionEffect.Close close:
                _screen.Close(close.ExitCode);
                Context.Stop(Self);
                break;
            case SessionEffect.ReadFile read:
                Read(read);
                break;
            case SessionEffect.ToNode toNode:
                _node.Tell(toNode.Message, Self);
                break;
            case SessionEffect.ToMachine toMachine:
                _machine.Tell(toMachine.Message, Self);
                break;
            case SessionEffect.Arm arm:
                Timers.StartSingleTimer(arm.Timer, new TimerFired(arm.Timer), arm.After);
                break;
            case SessionEffect.Disarm disarm:
                Timers.Cancel(disarm.Timer);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(effect), effect, null);
        }
    }

    private void Read(SessionEffect.ReadFile read) => _files.Read(read.Path, _settings.MaxFileBytes).PipeTo(
        Self,
        success: file => new FileRead(read.Request, file),
        failure: failure => new FileRead(
            read.Request, new SourceFile.Unreadable(Texts.Unreadable(read.Path, failure.Message))));
}
