using System.Collections.Immutable;
using Akka.Actor;
using Iridium.Actors.Node;
using Iridium.Actors.Protocol;
using Iridium.Vm.Execution;
using Iridium.Vm.Image;

namespace Iridium.Actors.Vm;

/// <summary>
/// Runs one program, slice by slice, from its first run to its last. It tells its audience, the session that spawned
/// it, what is printed and how it ends, and its node how far it is. A program that crashes is news, not a failure: the
/// machine's faults never leave it as exceptions.
/// </summary>
/// <remarks>
/// <code>
/// run --NextSlice--> run a letter to itself behind whatever came meanwhile: KillProgram is heard at once run
/// --printed too much--> throttled --time--> run run --ended--> stopped, or --RestartRule--> down --time--> run
/// </code>
/// It lives on a dispatcher of its own, so that a hundred endless loops delay one another and nothing else.
/// </remarks>
internal sealed class VmActor : ReceiveActor, IWithTimers
{
    private const string Pause = "pause";

    private readonly VmOrder _order;
    private readonly Random _chance;
    private IActorRef? _audience;
    private ProgramRun _run;
    private OutputGate _gate;
    private ImmutableArray<TimeSpan> _restarts = [];
    private long _instructionsBefore;
    private int _runs = 1;
    private TimeSpan _progressAt;
    private ProcessState _state = ProcessState.Running;
    private bool _isOver;

    public VmActor(VmOrder order)
    {
        _order = order;
        _audience = order.Audience;
        _chance = new Random(order.Seed);
        _gate = new OutputGate(order.Settings.OutputRate, order.Settings.OutputBurst, Now.Monotonic);
        _run = NewRun();
        Receive<NextSlice>(_ => OnNextSlice());
        Receive<KillProgram>(OnKill);
        Receive<InspectProgram>(OnInspect);
        Receive<Terminated>(_ => _audience = null);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private static Moment Now => new(Context.System.Scheduler.MonotonicClock, Context.System.Scheduler.Now);

    private long Instructions => _instructionsBefore + _run.Instructions;

    public static Props Props(VmOrder order) =>
        Akka.Actor.Props.Create(() => new VmActor(order)).WithDispatcher(Engines.Dispatcher);

    protected override void PreStart()
    {
        Context.Watch(_order.Audience);
        Hear(new NodeProtocol.Spawned(_order.Request, _order.Pid, _order.Program.Name));
        StartRun();
    }

    private void StartRun()
    {
        Hear(new VmProtocol.Started(_order.Pid, _order.Program.Name, _runs));
        _run.Start(Now);
        Self.Tell(NextSlice.Instance);
    }

    private void OnNextSlice()
    {
        if (_isOver) return;
        if (_state == ProcessState.Restarting)
        {
            _instructionsBefore += _run.Instructions;
            _runs++;
            _run = NewRun();
            Report(ProcessState.Running);
            StartRun();
            return;
        }
        Moment now = Now;
        SliceOutcome outcome = _run.Slice(now);
        foreach (string piece in OutputPieces.Of(outcome.Output, _order.Settings.OutputPiece))
        {
            Hear(new VmProtocol.Printed(_order.Pid, piece));
        }
        if (_run.State.Ended)
        {
            OnEnded(now);
            return;
        }
        // A program in the background has no input.
        if (_run.WantsLine) _run.Input(null);
        Continue(outcome.Wait, now);
    }

    private void Continue(TimeSpan wait, Moment now)
    {
        if (wait > TimeSpan.Zero)
        {
            if (_state != ProcessState.Throttled) Report(ProcessState.Throttled);
            Timers.StartSingleTimer(Pause, NextSlice.Instance, wait);
            return;
        }
        if (_state != ProcessState.Running || now.Monotonic - _progressAt >= _order.ProgressInterval)
        {
            _progressAt = now.Monotonic;
            Report(ProcessState.Running);
        }
        Self.Tell(NextSlice.Instance);
    }

    private void OnEnded(Moment now)
    {
        RunResult result = _run.State;
        bool crashed = result.Stop is Stop.Crashed or Stop.Illegal;
        RestartDecision decision =
            _order.Settings.RestartRule.Decide(_order.Program.Restart, crashed, _restarts, now.Monotonic);
        _restarts = decision.Restarts;
        _gate = _run.Gate;
        ProcessState end = crashed ? ProcessState.Crashed : ProcessState.Finished;
        if (decision.Backoff is { } pause)
        {
            Report(ProcessState.Restarting);
            Timers.StartSingleTimer(Pause, NextSlice.Instance, pause);
        }
        else
        {
            Leave(end, result.Code);
        }
        Hear(new VmProtocol.Ended(
            _order.Pid, _order.Program.Name, end, result.Code, Instructions,
            crashed ? _run.Report() : null, decision.Backoff));
    }

    private void OnKill(KillProgram kill)
    {
        if (_isOver)
        {
            Sender.Tell(new NodeProtocol.KillAnswer(kill.Request, _order.Pid, ProcessOutcome.AlreadyEnded));
            return;
        }
        Leave(ProcessState.Killed, 0);
        Sender.Tell(new NodeProtocol.KillAnswer(kill.Request, _order.Pid, ProcessOutcome.Done));
        Hear(new VmProtocol.Ended(
            _order.Pid, _order.Program.Name, ProcessState.Killed, 0, Instructions, null, RestartsIn: null));
    }

    private void OnInspect(InspectProgram look)
    {
        if (_isOver)
        {
            Sender.Tell(new NodeProtocol.KillAnswer(look.Request, _order.Pid, ProcessOutcome.AlreadyEnded));
            return;
        }
        ImmutableArray<string> trace = _run.Trace(look.Steps, Now);
        Sender.Tell(new NodeProtocol.Inspected(
            look.Request, _order.Pid, _order.Program.Name, _state, trace, _run.Report()));
    }

    // The node hears of an end before anyone else: whoever heard of it and then asks the node finds it there. The node
    // then stops this actor by a letter, behind those that were on their way: a late KillProgram is answered, not
    // lost.
    private void Leave(ProcessState end, int code)
    {
        _isOver = true;
        Context.Parent.Tell(new ProcessOver(_order.Pid.Number, end, code, Instructions));
    }

    private void Report(ProcessState state)
    {
        _state = state;
        Context.Parent.Tell(new ProcessProgress(_order.Pid.Number, state, Instructions, _runs - 1));
    }

    private void Hear(object news) => _audience?.Tell(news);

    private ProgramRun NewRun()
    {
        var machine = new Machine(_order.Image, _order.Settings.Limits) { Id = _chance.NextGuid() };
        return new ProgramRun(machine, _order.Program.Arguments, _order.Settings, _chance, _gate);
    }
}

/// <summary>Everything a program needs to be run.</summary>
/// <param name="Request">The question that <see cref="NodeProtocol.Spawned"/> answers.</param>
/// <param name="Audience">Who hears of it.</param>
internal sealed record VmOrder(
    Pid Pid, ProgramFile Program, VerifiedImage Image, int Request, IActorRef Audience, VmSettings Settings,
    TimeSpan ProgressInterval, int Seed);

/// <summary>A letter of a running actor to itself: go on.</summary>
internal sealed class NextSlice : INotInfluenceReceiveTimeout
{
    private NextSlice() { }

    public static NextSlice Instance { get; } = new();
}

/// <summary>End the program; the sender is told.</summary>
internal sealed record KillProgram(int Request);

/// <summary>Look into the program and follow it for some instructions; the sender is told.</summary>
internal sealed record InspectProgram(int Request, int Steps);
