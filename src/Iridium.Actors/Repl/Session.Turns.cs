using System.Collections.Immutable;
using Iridium.Actors.Protocol;
using Iridium.Vm.Assembly;
using Iridium.Vm.Execution;

namespace Iridium.Actors.Repl;

/// <summary>The session's own machine: one turn at a time, from a line or a file to its end.</summary>
internal sealed partial class Session
{
    private readonly LineAssembler _turnOutput = new();
    private int? _turn;
    private int _lastTurn;

    /// <summary>What the machine says.</summary>
    public void OnMachine(object message, TimeSpan now)
    {
        if (!Begin(now)) return;
        switch (message)
        {
            case ShellProtocol.Printed printed when printed.Turn == _turn:
                Write([.. _turnOutput.Add(printed.Text).Select(line => ScreenLine.Of(line, TextStyle.Output))]);
                break;
            case ShellProtocol.WantsLine wants when wants.Turn == _turn:
                AskForInput();
                break;
            case ShellProtocol.Rejected rejected when rejected.Turn == _turn:
                ShowErrors(rejected.Diagnostics);
                EndTurn();
                break;
            case ShellProtocol.Ended ended when ended.Turn == _turn:
                ShowEnd(ended);
                EndTurn();
                break;
            case ShellProtocol.Seen seen when IsAwaited(seen.Request):
                Answered();
                Show(seen.View);
                break;
            case ShellProtocol.Cleared cleared when IsAwaited(cleared.Request):
                Answered();
                ShowCleared(cleared);
                break;
        }
        Settle();
    }

    /// <summary>The machine itself failed, which no program can bring about; it was started anew, empty.</summary>
    public void OnMachineLost(string reason, TimeSpan now)
    {
        if (!Begin(now)) return;
        Say(Texts.MachineLost(reason), TextStyle.Bad);
        if (_wait == Wait.Answer) Forget();
        if (_turn is not null) EndTurn();
        Settle();
    }

    private void StartTurn(
        string source, string name, ImmutableArray<string> arguments, SourceResolver? include = null)
    {
        if (_turn is not null)
        {
            Say(Texts.Busy, TextStyle.Warning);
            return;
        }
        _turn = ++_lastTurn;
        _wait = Wait.Turn;
        Do(new SessionEffect.ToMachine(new ShellProtocol.Run(_lastTurn, source, name, arguments)
        {
            Include = include,
        }));
        if (isInteractive) Do(new SessionEffect.Arm(SessionTimer.Patience, settings.Patience));
    }

    private void AskForInput()
    {
        FlushTurn();
        _isPrompted = false;
        _next = Meaning.Input;
        if (_wait == Wait.Turn) _wait = Wait.Nothing;
        else Say(Texts.WaitsForLine, TextStyle.Warning);
    }

    private void SendInput(string? line)
    {
        if (_turn is not { } turn) return;
        Do(new SessionEffect.ToMachine(new ShellProtocol.Input(turn, line)));
        _wait = Wait.Turn;
        if (isInteractive) Do(new SessionEffect.Arm(SessionTimer.Patience, settings.Patience));
    }

    private void EndTurn()
    {
        _turn = null;
        if (_next == Meaning.Input)
        {
            _next = Meaning.Line;
            _isPrompted = false;
        }
        if (_wait == Wait.Turn) _wait = Wait.Nothing;
        Do(new SessionEffect.Disarm(SessionTimer.Patience));
    }

    private void FlushTurn()
    {
        if (_turnOutput.Flush() is { } rest) Write([ScreenLine.Of(rest, TextStyle.Output)]);
    }

    private void ShowErrors(ImmutableArray<Diagnostic> diagnostics)
    {
        foreach (Diagnostic diagnostic in diagnostics) Say(diagnostic.ToText(), TextStyle.Bad);
    }

    private void ShowEnd(ShellProtocol.Ended ended)
    {
        FlushTurn();
        if (ended.Crash is { } crash) Say(crash.ToText(), TextStyle.Bad);
        else if (Texts.TurnEnded(ended.Result) is { } words) Say(words.Text, words.Style);
    }

    private void Show(MachineView view)
    {
        switch (view)
        {
            case MachineView.Registers registers:
                Say(Texts.Registers);
                Write(Tables.Registers(registers));
                break;
            case MachineView.Program program:
                if (program.Listing.Length == 0)
                {
                    Say(Texts.EmptyProgram, TextStyle.Quiet);
                    break;
                }
                Say(Texts.Program);
                Say(program.Listing);
                break;
            case MachineView.Symbols symbols:
                if (symbols.Table.IsEmpty)
                {
                    Say(Texts.NoSymbols, TextStyle.Quiet);
                    break;
                }
                Say(Texts.Symbols);
                Write(Tables.Symbols(symbols.Table));
                break;
        }
    }

    private void ShowCleared(ShellProtocol.Cleared cleared)
    {
        string done = cleared.Part == MachinePart.Registers ? Texts.RegistersCleared : Texts.ProgramCleared;
        Say(cleared.Done ? done : Texts.Busy, cleared.Done ? TextStyle.Quiet : TextStyle.Warning);
    }
}
