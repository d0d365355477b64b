using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Iridium.Vm.Assembly;
using Iridium.Vm.Execution;

namespace Iridium.Actors.Vm;

/// <summary>
/// One machine being run, slice by slice, without hands: a slice gives back what was printed and whether the program
/// goes on, waits or is over. It answers what a program asks its host (the time, chance, its arguments, a line of
/// input), keeps its events, and says how long a program that prints too fast must wait.
/// </summary>
internal sealed class ProgramRun(
    Machine machine, ImmutableArray<string> arguments, VmSettings settings, Random chance, OutputGate gate)
{
    private const int EventsKept = 16;

    private readonly List<VmEffect> _effects = [];
    private readonly Queue<VmEvent> _events = new();
    private OutputGate _gate = gate;

    /// <summary>Instructions run in this run.</summary>
    public long Instructions { get; private set; }

    /// <summary>How the run stands.</summary>
    public RunResult State => machine.State;

    /// <summary>Whether the program waits for a line of input.</summary>
    public bool WantsLine => machine.Wanted is { Kind: WantKind.Line };

    public OutputGate Gate => _gate;

    /// <summary>Notes that the run begins.</summary>
    public void Start(Moment now) => Note(VmEvent.Started(machine, now.Wall));

    /// <summary>Answers <see cref="WantsLine"/>.</summary>
    /// <param name="line">Null is the end of input.</param>
    public void Input(string? line) => machine.Answer(line is null ? new VmAnswer.End() : new VmAnswer.Text(line));

    /// <summary>Runs one slice.</summary>
    public SliceOutcome Slice(Moment now)
    {
        long fuel = settings.SliceFuel;
        RunResult result;
        do
        {
            result = settings.Engine.Run(machine, fuel, _effects);
            fuel -= Math.Max(1, result.FuelUsed);
            Instructions += result.FuelUsed;
        }
        while (result.Stop == Stop.Waiting && AnswerWant(now) && fuel > 0);

        string output = TakeOutput();
        TimeSpan wait = _gate.Spend(output.Length, now.Monotonic);
        if (result.Ended) Note(VmEvent.Ended(machine, result, now.Wall));
        return new SliceOutcome(output, wait);
    }

    /// <summary>
    /// Runs the next instructions one by one and tells what each did. The program notices nothing; what it printed
    /// comes with the next slice. Fewer are run if it ends or waits.
    /// </summary>
    public ImmutableArray<string> Trace(int instructions, Moment now)
    {
        var lines = ImmutableArray.CreateBuilder<string>();
        for (int count = 0; count < instructions; count++)
        {
            if (machine.State.Ended || (machine.State.Stop == Stop.Waiting && !AnswerWant(now))) break;
            int address = machine.ProgramCounter;
            string text = Disassembler.ToText(machine.Image, address);
            int[] integers = [.. machine.Registers];
            double[] floats = [.. machine.FloatRegisters];
            Instructions += Interpreter.Step(machine, 1, _effects).FuelUsed;
            lines.Add(string.Create(
                CultureInfo.InvariantCulture, $"{address,6}  {text,-28}{Changes(integers, floats)}").TrimEnd());
        }
        return lines.ToImmutable();
    }

    /// <summary>The report of a machine that is not running.</summary>
    public CrashReport Report() => CrashReport.Of(machine, _events);

    /// <returns>False if only a line of input can answer.</returns>
    private bool AnswerWant(Moment now)
    {
        if (machine.Wanted is not { } want) return true;
        switch (want.Kind)
        {
            case WantKind.Argument:
                bool exists = want.Index >= 0 && want.Index < arguments.Length;
                machine.Answer(exists ? new VmAnswer.Text(arguments[want.Index]) : new VmAnswer.End());
                return true;
            case WantKind.Clock:
                machine.Answer(new VmAnswer.Milliseconds((now.Wall - DateTimeOffset.UnixEpoch).TotalMilliseconds));
                return true;
            case WantKind.Random:
                machine.Answer(new VmAnswer.Number((int)chance.NextInt64(int.MinValue, int.MaxValue + 1L)));
                return true;
            default:
                return false;
        }
    }

    private string Changes(int[] integers, double[] floats)
    {
        var changes = new StringBuilder();
        for (int register = 0; register < integers.Length; register++)
        {
            int value = machine.Registers[register];
            if (value != integers[register]) changes.Append(CultureInfo.InvariantCulture, $" ${register}={value}");
        }
        for (int register = 0; register < floats.Length; register++)
        {
            double value = machine.FloatRegisters[register];
            if (value.Equals(floats[register])) continue;
            changes.Append(CultureInfo.InvariantCulture, $" f${register}={value:R}");
        }
        return changes.ToString();
    }

    private string TakeOutput()
    {
        if (_effects.Count == 0) return "";
        var text = new StringBuilder();
        foreach (VmEffect effect in _effects)
        {
            if (effect is VmEffect.Print print) text.Append(print.Text);
        }
        _effects.Clear();
        return text.ToString();
    }

    private void Note(VmEvent happened)
    {
        _events.Enqueue(happened);
        if (_events.Count > EventsKept) _events.Dequeue();
    }
}

/// <param name="Output">What was printed, perhaps nothing.</param>
/// <param name="Wait">How long the program must wait for having printed too fast; usually zero.</param>
internal readonly record struct SliceOutcome(string Output, TimeSpan Wait);
