using Iridium.Actors.Protocol;
using Iridium.Vm.Execution;
using Iridium.Vm.Interactive;

namespace Iridium.Actors.Vm;

/// <summary>
/// The machine behind a prompt, without hands: it takes what the session says, appends what it answers to
/// <see cref="Replies"/>, and runs a slice whenever its actor gives it one, as long as <see cref="IsRunning"/>.
/// </summary>
internal sealed class ShellMachine
{
    private readonly VmSettings _settings;
    private readonly Random _chance;
    private readonly InteractiveProgram _program;
    private ProgramRun? _run;
    private OutputGate _gate;
    private int _turn;

    public ShellMachine(VmSettings settings, Random chance, Moment now)
    {
        _settings = settings;
        _chance = chance;
        _program = new InteractiveProgram(settings.Limits, id: chance.NextGuid());
        _gate = new OutputGate(settings.OutputRate, settings.OutputBurst, now.Monotonic);
    }

    public List<object> Replies { get; } = [];

    /// <summary>Whether the turn wants more slices. One that waits for a line of input does not.</summary>
    public bool IsRunning => _run is { WantsLine: false };

    public void OnRun(ShellProtocol.Run run, Moment now)
    {
        if (_run is not null) return;
        _turn = run.Turn;
        AppendResult appended = _program.Append(run.Source, run.Name, run.Include);
        if (!appended.Succeeded)
        {
            Replies.Add(new ShellProtocol.Rejected(_turn, appended.Diagnostics));
        }
        else if (!appended.IsReady)
        {
            Replies.Add(new ShellProtocol.Ended(_turn, new RunResult(Stop.RanOff, Fault.None, 0, 0), null));
        }
        else
        {
            _run = new ProgramRun(_program.Machine, run.Arguments, _settings, _chance, _gate);
            _run.Start(now);
        }
    }

    /// <summary>Runs one slice.</summary>
    /// <returns>How long to wait before the next one.</returns>
    public TimeSpan Slice(Moment now)
    {
        if (_run is not { } run || run.WantsLine) return TimeSpan.Zero;
        SliceOutcome outcome = run.Slice(now);
        foreach (string piece in OutputPieces.Of(outcome.Output, _settings.OutputPiece))
        {
            Replies.Add(new ShellProtocol.Printed(_turn, piece));
        }
        if (run.State.Ended) Finish(run, run.State.Stop == Stop.Crashed ? run.Report() : null);
        else if (run.WantsLine) Replies.Add(new ShellProtocol.WantsLine(_turn));
        return outcome.Wait;
    }

    public void OnInput(ShellProtocol.Input input)
    {
        if (_run is { WantsLine: true } run && input.Turn == _turn) run.Input(input.Line);
    }

    public void OnStop(ShellProtocol.Stop stop)
    {
        if (_run is { } run && stop.Turn == _turn) Finish(run, null);
    }

    public void OnLook(ShellProtocol.Look look)
    {
        Machine machine = _program.Machine;
        Replies.Add(new ShellProtocol.Seen(look.Request, look.Part switch
        {
            MachinePart.Registers => new MachineView.Registers(
                [.. machine.Registers], [.. machine.FloatRegisters],
                machine.ProgramCounter, machine.EqualFlag, machine.Remainder, machine.LoopCounter,
                machine.Stack.Length, machine.HeapBytes),
            MachinePart.Program => new MachineView.Program(_program.Listing()),
            MachinePart.Symbols => new MachineView.Symbols(_program.Symbols.Symbols),
            _ => throw new ArgumentOutOfRangeException(nameof(look), look.Part, null),
        }));
    }

    public void OnClear(ShellProtocol.Clear clear)
    {
        bool idle = _run is null;
        if (idle && clear.Part == MachinePart.Registers) _program.ClearRegisters();
        else if (idle) _program.Clear();
        Replies.Add(new ShellProtocol.Cleared(clear.Request, clear.Part, idle));
    }

    private void Finish(ProgramRun run, CrashReport? crash)
    {
        _gate = run.Gate;
        _run = null;
        Replies.Add(new ShellProtocol.Ended(_turn, run.State, crash));
    }
}
