using System.Numerics;
using System.Reflection.Emit;

namespace Iridium.Vm.Jit;

/// <summary>A stretch of code whose registers live in locals instead of the machine's memory.</summary>
internal sealed class RegisterScope(int start, int end)
{
    public int Start { get; } = start;

    /// <summary>Behind the last word.</summary>
    public int End { get; } = end;

    public uint Cached { get; init; }
    public uint CachedFloats { get; init; }

    /// <summary>Those of them that the stretch writes: what must be stored when it is left.</summary>
    public uint Written { get; init; }
    public uint WrittenFloats { get; init; }

    public LocalBuilder?[] Locals { get; } = new LocalBuilder?[32];
    public LocalBuilder?[] FloatLocals { get; } = new LocalBuilder?[32];
}

/// <summary>
/// Chooses the stretches: loops without calls, the outermost that still fit in the processor's registers. With more
/// registers than that the locals would live in memory too, and be worse than the machine's own.
/// </summary>
internal static class RegisterScopes
{
    /// <summary>Of 15 general registers some hold fuel, heap, its end and the like.</summary>
    public const int MostIntegers = 9;

    /// <summary>Of 16 vector registers; the rest is for what lies between.</summary>
    public const int MostFloats = 13;

    /// <summary>
    /// A whole region with calls is worth it only if its few registers leave room for the stack's pointers.
    /// </summary>
    public const int MostIntegersWithCalls = 6;

    public static RegisterScope?[] Choose(RegionGraph graph, RegisterGuesses guesses)
    {
        var scopes = new RegisterScope?[graph.End - graph.Start];
        if (TryWholeRegion(graph, guesses) is { } whole)
        {
            Array.Fill(scopes, whole);
            return scopes;
        }
        foreach ((int start, int end) in Loops(graph))
        {
            if (scopes[start - graph.Start] is not null) continue;
            bool innermost = !Loops(graph).Any(other =>
                other != (start, end) && other.Start >= start && other.End <= end);
            RegisterScope? scope = TryScope(graph, guesses, start, end, innermost);
            if (scope is not null) Array.Fill(scopes, scope, start - graph.Start, end - start);
        }
        return scopes;
    }

    private static RegisterScope? TryWholeRegion(RegionGraph graph, RegisterGuesses guesses)
    {
        (uint reads, uint writes, uint floatReads, uint floatWrites) = Union(graph, guesses, graph.Start, graph.End);
        bool fits = BitOperations.PopCount(reads | writes) <= MostIntegersWithCalls &&
            BitOperations.PopCount(floatReads | floatWrites) <= MostFloats;
        return fits
            ? new RegisterScope(graph.Start, graph.End)
            {
                Cached = reads | writes, Written = writes,
                CachedFloats = floatReads | floatWrites, WrittenFloats = floatWrites,
            }
            : null;
    }

    /// <summary>Ranges that are jumped back over, the widest first; those with the same header are one.</summary>
    private static List<(int Start, int End)> Loops(RegionGraph graph)
    {
        var ends = new SortedDictionary<int, int>();
        for (int index = graph.Start; index < graph.End; index = graph.Next(index))
        {
            if (graph.FlowOf(index) is Flow.Call or Flow.CallRegister or Flow.Return) continue;
            foreach (int target in graph.SuccessorsOf(index))
                if (target <= index && graph.IsInside(target))
                    ends[target] = Math.Max(ends.GetValueOrDefault(target), graph.Next(index));
        }
        return [.. ends.Select(loop => (loop.Key, loop.Value)).OrderByDescending(loop => loop.Value - loop.Key)];
    }

    private static RegisterScope? TryScope(
        RegionGraph graph, RegisterGuesses guesses, int start, int end, bool innermost)
    {
        for (int index = start; index < end; index = graph.Next(index))
            if (graph.FlowOf(index) is Flow.Call or Flow.CallRegister or Flow.Return) return null;
        (uint reads, uint writes, uint floatReads, uint floatWrites) = Union(graph, guesses, start, end);
        uint cached = reads | writes;
        uint floats = floatReads | floatWrites;
        bool fits = BitOperations.PopCount(cached) <= MostIntegers && BitOperations.PopCount(floats) <= MostFloats;
        if (!fits && !innermost) return null;
        cached = MostUsed(graph, start, end, cached, MostIntegers, use => use.Integers);
        floats = MostUsed(graph, start, end, floats, MostFloats, use => use.Floats);
        return new RegisterScope(start, end)
        {
            Cached = cached, Written = writes & cached, CachedFloats = floats, WrittenFloats = floatWrites & floats,
        };
    }

    private static (uint Reads, uint Writes, uint FloatReads, uint FloatWrites) Union(
        RegionGraph graph, RegisterGuesses guesses, int start, int end)
    {
        var all = default(RegisterUse);
        for (int index = start; index < end; index = graph.Next(index))
        {
            RegisterUse use = RegisterUse.Of(in graph[index]);
            all = new(all.Reads | use.Reads, all.Writes | use.Writes, all.FloatReads | use.FloatReads,
                all.FloatWrites | use.FloatWrites);
        }
        // What is guessed stands in the code itself.
        uint others = ~guesses.Registers;
        return (all.Reads & others, all.Writes & others, all.FloatReads, all.FloatWrites);
    }

    private static uint MostUsed(
        RegionGraph graph, int start, int end, uint candidates, int most, Func<RegisterUse, uint> registers)
    {
        if (BitOperations.PopCount(candidates) <= most) return candidates;
        int[] counts = new int[32];
        for (int index = start; index < end; index = graph.Next(index))
        {
            uint used = registers(RegisterUse.Of(in graph[index]));
            for (int register = 0; register < 32; register++) counts[register] += (int)((used >> register) & 1);
        }
        return Enumerable.Range(0, 32).OrderByDescending(register => counts[register]).ThenBy(register =>
            register).Take(most)
            .Aggregate(0u, (chosen, register) => chosen | (1u << register));
    }
}
