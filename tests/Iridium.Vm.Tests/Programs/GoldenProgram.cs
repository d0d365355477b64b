using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Iridium.Vm.Assembly;
using Iridium.Vm.Execution;
using Iridium.Vm.Image;
using Iridium.Vm.Isa;

namespace Iridium.Vm.Tests.Programs;

/// <summary>
/// A program that says in its comments what it must do:
/// <code>
/// ; limits: tiny              run with Limits.Tiny
/// ; answer: line 'text'       what the host answers, in order: line, end, argument, clock, random
/// ; expect: stop 0            crash NAME, runs off, illegal, and what Judge below knows
/// </code>
/// </summary>
public sealed partial class GoldenProgram
{
    private const long MostFuel = 200_000_000;

    private GoldenProgram(string name, string source)
    {
        Name = name;
        Source = source;
        foreach (Match match in Comment().Matches(source))
        {
            string text = match.Groups[2].Value.Trim();
            switch (match.Groups[1].Value)
            {
                case "expect": Expectations.Add(text); break;
                case "answer": Answers.Add(ParseAnswer(text)); break;
                default: Limits = text == "tiny" ? Limits.Tiny
                    : throw new FormatException($"{name}: limits {text}?"); break;
            }
        }
    }

    public string Name { get; }
    public string Source { get; }
    public List<string> Expectations { get; } = [];
    public List<VmAnswer> Answers { get; } = [];
    public Limits Limits { get; } = Limits.Default;

    public static IReadOnlyList<GoldenProgram> All { get; } = Load("programs");

    public static IReadOnlyList<GoldenProgram> Samples { get; } = Load("samples");

    public VerifiedImage Assemble()
    {
        AssemblyResult assembled = Assembler.Assemble(Source, Name);
        Assert.True(assembled.Succeeded, assembled.ErrorText());
        Verification verification = Verifier.Verify(assembled.Image, Limits);
        Assert.True(verification.Accepted, verification.Reject?.Text);
        return verification.Image;
    }

    /// <summary>Runs to the end in slices of that fuel, answering what is asked.</summary>
    public static List<VmEffect> Run(IEngine engine, Machine machine, long fuel, IEnumerable<VmAnswer> answers)
    {
        var effects = new List<VmEffect>();
        using IEnumerator<VmAnswer> next = answers.GetEnumerator();
        while (true)
        {
            RunResult result = engine.Run(machine, fuel, effects);
            if (result.Ended) return effects;
            Assert.True(machine.FuelUsed < MostFuel, "The program does not end.");
            if (result.Stop != Stop.Waiting) continue;
            Assert.True(next.MoveNext(), $"The program asks {machine.Wanted}, and has no answer left.");
            machine.Answer(next.Current);
        }
    }

    public static string Printed(IEnumerable<VmEffect> effects) =>
        string.Concat(effects.OfType<VmEffect.Print>().Select(print => print.Text));

    /// <summary>Checks every expectation against how the program ended.</summary>
    public void Judge(Machine machine, List<VmEffect> effects)
    {
        Assert.NotEmpty(Expectations);
        foreach (string expectation in Expectations)
            Assert.True(Holds(expectation, machine, effects),
                $"{Name}: expected {expectation}; it {machine.State.ToText()}\n" +
                CrashReport.Of(machine, []).ToText() + $"printed: {Printed(effects)}");
    }

    private static bool Holds(string expectation, Machine machine, List<VmEffect> effects)
    {
        RunResult state = machine.State;
        string[] words = expectation.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        long Number() => long.Parse(words[^1], CultureInfo.InvariantCulture);
        int Index() => int.Parse(Digits().Match(words[0]).Value, CultureInfo.InvariantCulture);
        byte[] Bytes(int skip) =>
            [.. words.Skip(skip).Select(word => byte.Parse(word, CultureInfo.InvariantCulture))];
        switch (words[0])
        {
            case "stop": return state.Stop == Stop.Halted && state.Code == Number();
            case "runs": return state.Stop == Stop.RanOff && state.Code == 1;
            case "illegal": return state.Stop == Stop.Illegal && state.Code == 1;
            case "crash": return state.Stop == Stop.Crashed && state.Fault == Enum.Parse<Fault>(words[1]);
            case "code": return state.Code == Number();
            case "pc": return machine.ProgramCounter == Number();
            case "fuel": return machine.FuelUsed == Number();
            case "flag": return machine.EqualFlag == (words[1] == "set");
            case "remainder": return machine.Remainder == Number();
            case "counter": return machine.LoopCounter == Number();
            case "base": return machine.BasePointer == Number();
            case "depth": return machine.Stack.Length == Number();
            case "heap": return machine.HeapBytes == Number();
            case "output": return machine.OutputBytes == Number();
            case "version": return machine.Image.Version == Number();
            case "finding": return machine.Image.Findings.Any(finding => finding.Reason.ToString() == words[1]);
            case "data": return machine.Image.ReadOnlyData.Span.SequenceEqual(Bytes(1));
            case "prints": return Printed(effects) == Unquote(expectation["prints ".Length..]);
        }
        if (words[0].StartsWith('$')) return machine.Registers[Index()] == Number();
        if (words[0].StartsWith("f$"))
            return machine.FloatRegisters[Index()].Equals(double.Parse(words[^1], CultureInfo.InvariantCulture));
        if (words[0].StartsWith("heap[")) return machine.Heap[Index()..].StartsWith(Bytes(2));
        throw new FormatException($"Nobody knows how to judge '{expectation}'.");
    }

    private static string Unquote(string quoted)
    {
        var text = new StringBuilder();
        for (int i = 1; i < quoted.Length - 1; i++)
        {
            if (quoted[i] != '\\') text.Append(quoted[i]);
            else text.Append(quoted[++i] switch { 'n' => '\n', 't' => '\t', 'r' => '\r', char other => other });
        }
        return text.ToString();
    }

    private static VmAnswer ParseAnswer(string text)
    {
        string[] words = text.Split(' ', 2);
        return words[0] switch
        {
            "line" or "argument" => new VmAnswer.Text(Unquote(words[1])),
            "end" => new VmAnswer.End(),
            "clock" => new VmAnswer.Milliseconds(double.Parse(words[1], CultureInfo.InvariantCulture)),
            "random" => new VmAnswer.Number(int.Parse(words[1], CultureInfo.InvariantCulture)),
            _ => throw new FormatException($"Nobody knows the answer '{text}'."),
        };
    }

    private static List<GoldenProgram> Load(string folder)
    {
        string root = Path.Combine(AppContext.BaseDirectory, folder);
        return
        [
            .. Directory.EnumerateFiles(root, "*.iasm", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
                .Select(file => new GoldenProgram(Path.GetRelativePath(root, file), File.ReadAllText(file))),
        ];
    }

    [GeneratedRegex(@"^\s*; (expect|answer|limits): (.*)$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\d+")]
    private static partial Regex Digits();
}
