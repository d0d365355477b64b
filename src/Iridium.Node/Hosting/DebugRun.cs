using System.Collections.Immutable;
using System.Globalization;
using Iridium.Node.Cli;
using Iridium.Vm.Assembly;
using Iridium.Vm.Execution;

namespace Iridium.Node.Hosting;

/// <summary>
/// A person looks into a program: <c>iridium debug fib.iasm</c>. Each line is a command; what the program prints comes between.
/// Without a terminal the same commands come from standard input, and its end ends the session.
/// </summary>
/// <param name="prompts">Whether to ask for each command.</param>
public sealed class DebugRun(
    TextReader input, TextWriter output, TextWriter errors, TimeProvider time, Random random, bool isTerminal,
    bool prompts)
{
    /// <summary>Enough to see how a loop came to where it is.</summary>
    private const int TraceLength = 64;

    private const int MostCommandCharacters = 1_000;

    private static readonly ImmutableArray<(string Name, string Use, string Meaning)> _commands =
    [
        ("step", "step [N]", "run one instruction, or N"),
        ("continue", "continue", "run to a breakpoint or the end; ctrl-c stops it"),
        ("break", "break [WHERE]", "stop before the instruction at a label or address; without one, list them"),
        ("delete", "delete WHERE", "forget that breakpoint"),
        ("list", "list", "the code; > marks what comes next, * a breakpoint"),
        ("registers", "registers", "what is not zero"),
        ("trace", "trace", $"the last {TraceLength} instructions, and what each changed"),
        ("report", "report", "the whole state, as after a crash"),
        ("restart", "restart", "begin anew; breakpoints stay"),
        ("help", "help", "these commands; the first letters of one are enough"),
        ("quit", "quit", "end"),
    ];

    private readonly ProgramWorld _world = new(input, output, time, random, isTerminal);
    private readonly Debugger _debugger = new(TraceLength);
    private readonly List<VmEffect> _effects = [];
    private ProgramFile _file = null!;
    private Machine _machine = null!;
    private volatile bool _running;
    private volatile bool _interrupted;

    public ExitCode Run(string path)
    {
        if (ProgramFile.Load(path, errors) is not { } file) return ExitCode.NotAProgram;
        _file = file;
        _machine = new Machine(file.Image);
        Say(Next());
        while (ReadCommand() is { } line)
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (words.Length == 0) continue;
            if (Named(words[0]) is not { } name) continue;
            if (name == "quit") break;
            Perform(name, words.AsSpan(1));
        }
        return ExitCode.Ok;
    }

    /// <summary>Stops the program that runs.</summary>
    /// <returns>False when none does.</returns>
    public bool Interrupt() => _interrupted = _running;

    private string? ReadCommand()
    {
        if (prompts) output.Write("(debug) ");
        output.Flush();
        Shell.LineRead line = Shell.BoundedLines.Read(input, MostCommandCharacters);
        return line.IsEnd ? null : line.Text;
    }

    /// <summary>The command that a word begins, if it is one only.</summary>
    private string? Named(string word)
    {
        string[] meant = [.. _commands.Select(c => c.Name).Where(n => n.StartsWith(word, StringComparison.Ordinal))];
        // `r` is registers, not report or restart: what is asked for most.
        if (meant.Length == 1 || word is "r" or "re") return meant[0];
        string? near = Nearest.To(word, _commands.Select(command => command.Name));
        Complain(meant.Length > 1
            ? $"`{word}` may be {string.Join(" or ", meant)}"
            : $"`{word}` is not a command; " + (near is null ? "`help` lists them" : $"did you mean {near}?"));
        return null;
    }

    private void Perform(string name, ReadOnlySpan<string> words)
    {
        switch (name)
        {
            case "step": Step(words); break;
            case "continue": Continue(); break;
            case "break" when words.IsEmpty: Say(Breakpoints()); break;
            case "break": Break(words[0]); break;
            case "delete": Delete(words); break;
            case "list": output.Write(_debugger.Listing(_machine, _file.Symbols)); break;
            case "registers": output.Write(CrashReport.RegisterText(_machine.Registers, _machine.FloatRegisters)); break;
            case "trace": foreach (TraceEntry entry in _debugger.Trace) Say(entry.ToText()); break;
            case "report": output.Write(CrashReport.Of(_machine, [], _file.Lines).ToText()); break;
            case "restart": _machine = new Machine(_file.Image); Say(Next()); break;
            case "help":
                foreach ((_, string use, string meaning) in _commands) Say($"  {use,-14} {meaning}");
                break;
        }
    }

    private void Step(ReadOnlySpan<string> words)
    {
        int count = 1;
        if (!words.IsEmpty && (!int.TryParse(words[0], CultureInfo.InvariantCulture, out count) || count < 1))
        {
            Complain($"`{words[0]}` is not a number of instructions; say `step 10`");
            return;
        }
        Drive(() =>
        {
            RunResult result = _machine.State;
            for (; count > 0 && !_interrupted && result.Stop is Stop.OutOfFuel or Stop.Breakpoint; count--)
            {
                result = _debugger.Step(_machine, _effects);
                if (_machine.Wanted is not { } want) continue;
                Show();
                _machine.Answer(_world.AnswerTo(want));
                result = _machine.State;
            }
        });
    }

    private void Continue() => Drive(() =>
    {
        while (!_interrupted)
        {
            RunResult result = _debugger.Run(_machine, _machine.Limits.SliceFuel, _effects);
            Show();
            if (result.Ended || result.Stop == Stop.Breakpoint) return;
            if (_machine.Wanted is { } want) _machine.Answer(_world.AnswerTo(want));
        }
    });

    private void Drive(Action run)
    {
        if (_machine.State.Ended)
        {
            Complain($"the program {_machine.State.ToText()}; `restart` begins anew");
            return;
        }
        _interrupted = false;
        _running = true;
        run();
        _running = false;
        Show();
        _world.FreshLine();
        if (_machine.State.Stop == Stop.Crashed) output.Write(CrashReport.Of(_machine, [], _file.Lines).ToText());
        else Say(_machine.State.Ended ? $"The program {_machine.State.ToText()}." : Next());
    }

    private void Show()
    {
        foreach (VmEffect effect in _effects)
            if (effect is VmEffect.Print print) _world.Print(print.Text);
        _effects.Clear();
    }

    private void Break(string where)
    {
        if (AddressOf(where) is not { } address) return;
        if (_debugger.AddBreakpoint(_machine, address)) Say($"Stops before {At(address)}.");
        else if (_debugger.Breakpoints.Contains(address)) Complain($"there is a breakpoint at {address} already");
        else Complain($"no instruction starts at {address}; `list` shows the addresses");
    }

    private void Delete(ReadOnlySpan<string> words)
    {
        if (words.IsEmpty) Complain("which one? `break` lists them");
        else if (AddressOf(words[0]) is { } address && !_debugger.RemoveBreakpoint(address))
            Complain($"there is no breakpoint at {address}; `break` lists them");
    }

    private int? AddressOf(string where)
    {
        if (int.TryParse(where, NumberStyles.None, CultureInfo.InvariantCulture, out int address)) return address;
        string[] labels = [.. _file.Symbols.Symbols.Where(s => s.Kind == SymbolKind.Code).Select(s => s.Name)];
        string name = where.TrimStart('@');
        if (labels.Contains(name)) return (int)_file.Symbols.Find(name)!.Value;
        string? near = Nearest.To(name, labels);
        Complain($"`{where}` is neither an address nor a label" + (near is null ? "" : $"; did you mean {near}?"));
        return null;
    }

    private string Breakpoints() => _debugger.Breakpoints.Count == 0
        ? "No breakpoints."
        : string.Join('\n', _debugger.Breakpoints.Select(At));

    private string Next() => At(_machine.ProgramCounter);

    private string At(int address)
    {
        SourceLine? line = _file.Lines.Where(l => l.Address == address).Select(l => (SourceLine?)l).FirstOrDefault();
        string place = line is { } known ? $"  ({known.File}:{known.Line})" : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"{address}: {Disassembler.ToText(_machine.Image, address)}{place}");
    }

    private void Say(string text) => output.WriteLine(text);

    private void Complain(string text)
    {
        output.Flush();
        errors.WriteLine(text);
    }
}
