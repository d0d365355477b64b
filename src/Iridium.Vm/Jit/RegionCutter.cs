using Iridium.Vm.Execution;

namespace Iridium.Vm.Jit;

/// <summary>
/// Cuts a program into regions that the runtime compiles well, where the fewest jumps cross. Past 2,000 blocks or
/// 60,000 bytes of IL it stops optimizing, and long before that its time grows faster than the method.
/// </summary>
internal static class RegionCutter
{
    private const int MostWords = 400;
    private const int FewestWords = 200;

    /// <returns>Indices where regions start, and the program's end: at least two numbers.</returns>
    public static int[] Cut(DecodedProgram program)
    {
        var bounds = new List<int> { 0 };
        int[] crossings = Crossings(program);
        while (program.Length - bounds[^1] > MostWords)
        {
            int best = bounds[^1] + MostWords;
            for (int cut = bounds[^1] + MostWords; cut >= bounds[^1] + FewestWords; cut--)
                if (program.Words[cut].Code != Operation.Extension && (crossings[cut] < crossings[best] ||
                    program.Words[best].Code == Operation.Extension)) best = cut;
            bounds.Add(best);
        }
        bounds.Add(program.Length);
        return [.. bounds];
    }

    /// <summary>For each index how many direct jumps lead over it, or fall into it.</summary>
    private static int[] Crossings(DecodedProgram program)
    {
        int[] change = new int[program.Length + 2];
        for (int index = 0; index < program.Length; index++)
        {
            Flow flow = Flows.Of(in program.Words[index]);
            if (flow is Flow.Jump or Flow.JumpIf or Flow.JumpIfNot or Flow.Loop)
            {
                int target = program.Words[index].Target;
                change[Math.Min(index, target) + 1]++;
                change[Math.Max(index, target) + 1]--;
            }
            if (Flows.FallsThrough(flow) || flow is Flow.Call or Flow.CallRegister)
            {
                change[index + 1]++;
                change[index + 2]--;
            }
        }
        for (int index = 1; index < change.Length; index++) change[index] += change[index - 1];
        return change;
    }
}
