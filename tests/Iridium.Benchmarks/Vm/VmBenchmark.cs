using System.Diagnostics;
using Iridium.Vm.Assembly;
using Iridium.Vm.Execution;
using Iridium.Vm.Image;
using Iridium.Vm.Jit;

namespace Iridium.Benchmarks.Vm;

/// <summary>
/// The machine: compiled and interpreted, beside the same work in other languages; and what a machine costs that does
/// nothing.
/// </summary>
/// <remarks>
/// Everybody's time is processor time of the second run of the work in a process: the first one is the warm-up, with
/// compiling, page faults and cold caches. Within a round all contenders of a figure run one after the other, and a
/// ratio is the median of the rounds' ratios (<see cref="Duel"/>). So a neighbour who takes the processor away costs
/// nobody anything, and one who slows it down costs all the same. What is left is printed as the spread.
/// </remarks>
internal sealed class VmBenchmark : IBenchmark
{
    private const long WholeFuel = long.MaxValue / 4;
    private const int SliceFuel = 50_000;
    private const string Unchecked = "no fuel checks";

    public string Verb => "vm";

    public string Summary => "the Iridium machine: JIT and interpreter beside C, LuaJIT, WebAssembly and Lua";

    public IEnumerable<Figure> Run(BenchmarkOptions options)
    {
        using var others = new Yardsticks();
        var ratios = new List<(string Yardstick, double Ratio)>();
        foreach (Workload workload in Workload.Five.Concat(Workload.Real))
        {
            bool counts = Workload.Five.Contains(workload);
            foreach (Figure figure in Compare(workload, others, options))
            {
                yield return figure;
                if (!counts || figure is not { Yardstick: { } name, Ratio: { } ratio }) continue;
                if (figure.Name == $"jit {workload.Name}" || name == Unchecked) ratios.Add((name, ratio));
            }
        }
        foreach (IGrouping<string, (string, double Ratio)> group in ratios.GroupBy(one => one.Yardstick))
        {
            if (group.Count() != Workload.Five.Length) continue;
            double mean = Math.Exp(group.Average(one => Math.Log(one.Ratio)));
            yield return new Figure("jit, geometric mean of five", mean, $"x {group.Key}", null, null, 0,
                group.Key == Tool.Gcc.Name ? "1.15" : group.Key == Unchecked ? "1.05" : "below 1");
        }
        foreach (Figure figure in SmallThings(options)) yield return figure;
    }

    private static IEnumerable<Figure> Compare(Workload workload, Yardsticks others, BenchmarkOptions options)
    {
        VerifiedImage image = Assemble(workload.Source);
        var jit = new JitEngine(hotFuel: 1);
        // The first run finds the code hot and compiles it.
        Machine first = Execute(jit, image, SliceFuel);
        long instructions = first.FuelUsed;
        double result = first.FloatRegisters[0] != 0 ? first.FloatRegisters[0] : first.Registers[0];
        if (options.Wants($"jit {workload.Name}"))
            foreach (Figure figure in Duel.Run($"jit {workload.Name}", "ns/instr", options.Rounds,
                () => Time(jit, image, WholeFuel) / instructions, null,
                others.For(workload, result, instructions, Tool.Gcc, Tool.LuaJit, Tool.WebAssembly)))
                yield return figure with { Target = figure.Yardstick == Tool.Gcc.Name ? workload.Target : null };
        if (options.Wants($"jit, slices of {SliceFuel}, {workload.Name}"))
            foreach (Figure figure in Duel.Run($"jit, slices of {SliceFuel}, {workload.Name}", "ns/instr",
                options.Rounds,
                () => Time(jit, image, SliceFuel) / instructions, null,
                ("one slice", () => Time(jit, image, WholeFuel) / instructions))) yield return figure;
        if (options.Wants($"fuel checks {workload.Name}"))
        {
            VerifiedImage free = Assemble(workload.Source);
            JitEngine.CompileAll(free, checksFuel: false);
            foreach (Figure figure in Duel.Run($"fuel checks {workload.Name}", "ns/instr", options.Rounds,
                () => Time(jit, image, WholeFuel) / instructions, null,
                (Unchecked, () => Time(jit, free, WholeFuel) / instructions))) yield return figure;
        }
        if (options.Wants($"interpreter {workload.Name}"))
            foreach (Figure figure in Duel.Run($"interpreter {workload.Name}", "ns/instr", options.Rounds,
                () => Time(Interpreter.Instance, image, WholeFuel) / instructions, null,
                others.For(workload, result, instructions, Tool.Gcc, Tool.Lua)))
                yield return figure with { Target = figure.Yardstick == Tool.Lua.Name ? "at most 0.667" : null };
    }

    private static IEnumerable<Figure> SmallThings(BenchmarkOptions options)
    {
        VerifiedImage small =
            Assemble(".data\n.code\n" + string.Concat(Enumerable.Repeat("inc $0\nadd $0 $0 $1\n", 9)) + "hlt");
        if (options.Wants("first result"))
            foreach (Figure figure in Duel.Run("first result of 20 instructions", "us", options.Rounds, () =>
            {
                var watch = Stopwatch.StartNew();
                var machine = new Machine(small);
                Interpreter.Instance.Run(machine, 1000, []);
                return watch.Elapsed.TotalMicroseconds;
            }, "50")) yield return figure;
        if (options.Wants("a machine that waits"))
            yield return new Figure("a machine that waits", BytesOfWaitingMachine(), "bytes", null, null, 0, "1024");
        if (options.Wants("snapshot"))
        {
            VerifiedImage image = Assemble(".data\n.code\nload $0 #65472\naloc $0\nload $1 #65532\nsetm $1 $0\nhlt");
            var large = new Machine(image);
            Interpreter.Instance.Run(large, 1000, []);
            foreach (Figure figure in Duel.Run("snapshot and restore of 64 KiB", "us", options.Rounds, () =>
            {
                var watch = Stopwatch.StartNew();
                for (int i = 0; i < 100; i++) Snapshot.Restore(Snapshot.Take(large), image);
                return watch.Elapsed.TotalMicroseconds / 100;
            }, "100")) yield return figure;
        }
    }

    /// <summary>A thousand machines that have run up to a question, measured as the collector sees them.</summary>
    private static double BytesOfWaitingMachine()
    {
        const int Count = 1000;
        VerifiedImage image = Assemble(".data\n.code\nload $0 #5\npush $0\nload $1 #16\nreadln $2 $1\nhlt");
        var machines = new Machine[Count];
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = 0; i < Count; i++)
        {
            machines[i] = new Machine(image);
            Interpreter.Instance.Run(machines[i], 1000, []);
        }
        double bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)Count;
        GC.KeepAlive(machines);
        return bytes;
    }

    private static VerifiedImage Assemble(string source)
    {
        AssemblyResult assembled = Assembler.Assemble(source);
        return assembled.Succeeded
            ? Verifier.Verify(assembled.Image).Image!
            : throw new InvalidOperationException(assembled.ErrorText());
    }

    private static Machine Execute(IEngine engine, VerifiedImage image, long slice)
    {
        var machine = new Machine(image);
        var effects = new List<VmEffect>();
        RunResult result;
        do result = engine.Run(machine, slice, effects);
        while (!result.Ended);
        return result is { Stop: Stop.Halted, Code: 0 }
            ? machine
            : throw new InvalidOperationException(result.ToText());
    }

    /// <returns>Nanoseconds of processor time, as C counts its own.</returns>
    private static double Time(IEngine engine, VerifiedImage image, long slice)
    {
        double start = ThreadClock.Now();
        Execute(engine, image, slice);
        return ThreadClock.Now() - start;
    }
}
