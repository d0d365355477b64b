using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Iridium.Node.Cli;
using Iridium.Vm.Execution;
using Iridium.Vm.Jit;

namespace Iridium.Node.Hosting;

/// <summary>How a program ended, for scripts.</summary>
public sealed record ProgramOutcome(
    string File, string Stop, int Code, string? Fault, long Instructions, string Output,
    ImmutableArray<int> Registers, ImmutableArray<double> Floats);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = false,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(ProgramOutcome))]
internal sealed partial class ProgramJson : JsonSerializerContext;

/// <summary>Runs one program to its end in this process, without a node: <c>iridium hello.iasm</c>.</summary>
/// <param name="input">Answers the lines a program asks for.</param>
/// <param name="output">What the program prints; with <paramref name="json"/>, one object when it has ended.</param>
/// <param name="errors">Why it was not run, or how it crashed.</param>
/// <param name="isTerminal">A person's terminal obeys control characters, so a program's are made visible
/// there.</param>
public sealed class ProgramRun(
    TextReader input, TextWriter output, TextWriter errors, TimeProvider time, Random random, bool json, bool isTerminal)
{
    private readonly StringBuilder _printed = new();
    private readonly ProgramWorld _world = new(input, output, time, random, isTerminal);

    public ExitCode Run(string path, CancellationToken interrupted)
    {
        if (ProgramFile.Load(path, errors) is not { } file) return ExitCode.NotAProgram;
        var machine = new Machine(file.Image) { Id = NewId() };
        ImmutableArray<VmEvent> events = [VmEvent.Started(machine, time.GetUtcNow())];
        RunResult result = Finish(machine, interrupted);
        if (!result.Ended)
        {
            output.Flush();
            errors.WriteLine("Interrupted.");
        }
        else
        {
            events = events.Add(VmEvent.Ended(machine, result, time.GetUtcNow()));
        }
        Report(path, machine, result, events);
        return !result.Ended ? ExitCode.Interrupted : result.Stop switch
        {
            Stop.Crashed => ExitCode.Crashed,
            // A shell sees the low byte of what a program says.
            Stop.Halted => (ExitCode)(result.Code & 0xFF),
            _ => ExitCode.Stopped,
        };
    }

    private RunResult Finish(Machine machine, CancellationToken interrupted)
    {
        List<VmEffect> effects = [];
        var engine = new JitEngine();
        while (true)
        {
            RunResult result = engine.Run(machine, machine.Limits.SliceFuel, effects);
            foreach (VmEffect effect in effects)
                if (effect is VmEffect.Print print) Print(print.Text);
            effects.Clear();
            if (result.Ended || interrupted.IsCancellationRequested) return result;
            if (machine.Wanted is { } want) machine.Answer(_world.AnswerTo(want));
        }
    }

    private void Print(string text)
    {
        if (json) _printed.Append(text);
        else _world.Print(text);
    }

    private void Report(string path, Machine machine, RunResult result, ImmutableArray<VmEvent> events)
    {
        if (json)
        {
            string? fault = result.Fault == Fault.None ? null : result.Fault.ToString();
            var outcome = new ProgramOutcome(
                path, result.Ended ? result.Stop.ToString() : "Interrupted", result.Code, fault, machine.FuelUsed,
                _printed.ToString(), [.. machine.Registers], [.. machine.FloatRegisters]);
            output.WriteLine(JsonSerializer.Serialize(outcome, ProgramJson.Default.ProgramOutcome));
            return;
        }
        _world.FreshLine();
        output.Flush();
        if (result.Stop == Stop.Crashed)
        {
            errors.Write(CrashReport.Of(machine, events).ToText());
            return;
        }
        if (result.Ended)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The program {result.ToText()}."));
        output.Write(CrashReport.RegisterText(machine.Registers, machine.FloatRegisters));
        output.Flush();
    }

    private Guid NewId()
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes);
    }
}
