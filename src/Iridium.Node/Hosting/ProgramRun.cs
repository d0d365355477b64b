using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Iridium.Actors.Repl;
using Iridium.Node.Cli;
using Iridium.Vm.Assembly;
using Iridium.Vm.Execution;
using Iridium.Vm.Image;
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
    private const int MostBytes = 16 << 20;
    private const int MostLineCharacters = 1 << 20;

    private readonly StringBuilder _printed = new();

    public ExitCode Run(string path, CancellationToken interrupted)
    {
        if (Load(path) is not { } image) return ExitCode.NotAProgram;
        var machine = new Machine(image) { Id = NewId() };
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

    private VerifiedImage? Load(string path)
    {
        SourceFile file = SourceFiles.ReadNow(path, MostBytes);
        if (file is not SourceFile.Found found)
            return Refuse(((SourceFile.Unreadable)file).Reason);
        ReadOnlyMemory<byte> bytes = found.Bytes;
        if (SourceText.TryDecode(bytes.Span, out string? source))
        {
            var included = new IncludedFiles(path, path, MostBytes);
            AssemblyResult assembled = Assembler.Assemble(
                source, path, AssemblerOptions.Default with { Include = included.Read });
            if (!assembled.Succeeded) return Refuse(assembled.ErrorText());
            bytes = assembled.Image;
        }
        Verification verified = Verifier.Verify(bytes);
        return verified.Accepted ? verified.Image : Refuse($"{path} was not run. {verified.Reject.Text}");
    }

    private VerifiedImage? Refuse(string reason)
    {
        foreach (ScreenLine line in ScreenLine.Lines(reason)) errors.WriteLine(line.Text);
        return null;
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
            if (machine.Wanted is { } want) machine.Answer(AnswerTo(want));
        }
    }

    private void Print(string text)
    {
        if (json) _printed.Append(text);
        else if (!isTerminal) output.Write(text);
        else output.Write(string.Join('\n', text.Split('\n').Select(line => PlainText.Of(line.TrimEnd('\r')))));
        if (!json && text.Length > 0) _endsLine = text[^1] == '\n';
    }

    private bool _endsLine = true;

    private VmAnswer AnswerTo(Want want)
    {
        switch (want.Kind)
        {
            case WantKind.Line:
                output.Flush();
                Shell.LineRead line = Shell.BoundedLines.Read(input, MostLineCharacters);
                return line.IsEnd ? new VmAnswer.End() : new VmAnswer.Text(line.Text);
            case WantKind.Clock:
                return new VmAnswer.Milliseconds((time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalMilliseconds);
            case WantKind.Random:
                return new VmAnswer.Number(random.Next(int.MinValue, int.MaxValue));
            default:
                return new VmAnswer.End();
        }
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
        if (!_endsLine) output.WriteLine();
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
