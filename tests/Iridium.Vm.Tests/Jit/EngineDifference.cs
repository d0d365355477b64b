using Iridium.Vm.Assembly;
using Iridium.Vm.Execution;
using Iridium.Vm.Image;
using Iridium.Vm.Isa;
using Iridium.Vm.Jit;
using Iridium.Vm.Tests.Image;

namespace Iridium.Vm.Tests.Jit;

/// <summary>Runs one image on both engines with the same cuts, and says where they first differ.</summary>
internal static class EngineDifference
{
    private static readonly JitEngine Engine = new(hotFuel: int.MaxValue);

    /// <returns>Null if they agree to the end, or for as long as was looked.</returns>
    public static string? Of(VerifiedImage image, Limits limits, Random random, int slices = 60)
    {
        JitEngine.CompileAll(image, guesses: random.Next(4) > 0);
        var law = new Machine(image, limits);
        var fast = new Machine(image, limits);
        var lawEffects = new List<VmEffect>();
        var fastEffects = new List<VmEffect>();
        if (random.Next(4) == 0)
        {
            // What no program would guess.
            (int register, int value) = (random.Next(31), random.Next(-3, 90));
            law.SetRegister(register, value);
            fast.SetRegister(register, value);
        }
        long longest = random.Next(3) switch { 0 => 4, 1 => 50, _ => 3000 };
        for (int slice = 0; slice < slices && !law.State.Ended; slice++)
        {
            long fuel = 1 + random.NextInt64(longest);
            RunResult expected = Interpreter.Instance.Run(law, fuel, lawEffects);
            RunResult actual = Engine.Run(fast, fuel, fastEffects);
            if (expected != actual)
                return $"slice {slice} of fuel {fuel}: {expected} at {law.ProgramCounter}, " +
                    $"but {actual} at {fast.ProgramCounter}";
            if (Difference(law, fast) is { } difference) return $"slice {slice} of fuel {fuel}: {difference}";
            if (law.Wanted != fast.Wanted) return $"slice {slice}: {law.Wanted} and {fast.Wanted}";
            if (!lawEffects.SequenceEqual(fastEffects)) return $"slice {slice}: other effects";
            if (law.Wanted is not { } want) continue;
            VmAnswer answer = VerifierTests.AnyAnswer(want, random);
            law.Answer(answer);
            fast.Answer(answer);
        }
        return null;
    }

    private static string? Difference(Machine law, Machine fast)
    {
        if (Snapshot.Take(law).AsSpan().SequenceEqual(Snapshot.Take(fast))) return null;
        return CrashReport.Of(law, []).ToText() + "  but\n" + CrashReport.Of(fast, []).ToText();
    }
}
