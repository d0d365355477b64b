using Iridium.Vm.Execution;
using Iridium.Vm.Isa;

namespace Iridium.Vm.Jit;

/// <summary>
/// Finds how a called function may return after a few instructions, through functions that it calls if these return
/// soon too. A recursive function is so written into itself a few times.
/// </summary>
internal sealed class WayFinder
{
    /// <summary>Words of one function that lie on a way.</summary>
    private const int Longest = 16;

    /// <summary>How deep calls are followed.</summary>
    private const int MostLevels = 3;

    /// <summary>Words for one call.</summary>
    private const int MostWords = 80;

    private const int MostLocals = 8;

    private readonly RegionGraph _graph;
    private readonly Func<int, bool> _isAllowed;
    private readonly int _levels;
    private readonly int _mostWords;
    private int _visited;

    private WayFinder(RegionGraph graph, Func<int, bool> isAllowed, int levels, int mostWords) =>
        (_graph, _isAllowed, _levels, _mostWords) = (graph, isAllowed, levels, mostWords);

    /// <param name="isAllowed">Whether an instruction may be written at the call.</param>
    /// <param name="mostWords">How many may be written.</param>
    /// <returns>The deepest way that is short enough; null if the function cannot return soon.</returns>
    public static Way? Find(RegionGraph graph, int call, Func<int, bool> isAllowed, int mostWords)
    {
        mostWords = Math.Min(mostWords, MostWords);
        for (int levels = MostLevels; levels > 0; levels--)
        {
            var finder = new WayFinder(graph, isAllowed, levels, mostWords);
            StackPicture stack = StackPicture.Empty.Call(graph.AddressOf(graph.Next(call)));
            Way? way = finder.FindFrom(graph[call].Target, stack, 1, 0);
            if (finder._visited <= mostWords && way is not null) return way;
        }
        return null;
    }

    /// <returns>Null if there is no way to return from here.</returns>
    private Way? FindFrom(int index, StackPicture stack, int level, int walked)
    {
        if (walked >= Longest || ++_visited > _mostWords || !_graph.IsInside(index) || !_isAllowed(index)) return null;
        int next = _graph.Next(index);
        int words = next - index;
        switch (_graph.FlowOf(index))
        {
            case Flow.Return:
                return FindReturn(index, stack, level);
            case Flow.Compare when _graph.IsFusedWithNext(index) && _isAllowed(next):
                return FindFork(index, next, stack, level, walked + 2);
            case Flow.JumpIf or Flow.JumpIfNot:
                return FindFork(index, index, stack, level, walked + 1);
            case Flow.Jump when _graph[index].Target > index:
                return FindFrom(_graph[index].Target, stack, level, walked + 1) is { } there
                    ? Way.Step.Of(index, 1, stack, 0, there)
                    : null;
            case Flow.Call when level < _levels:
                return FindCall(index, stack, level, walked + 1);
            case Flow.Straight or Flow.Compare or Flow.Guarded:
                return After(index, stack, out int dipped) is { } after &&
                    FindFrom(next, after, level, walked + words) is { } rest
                        ? Way.Step.Of(index, words, after, dipped, rest)
                        : null;
            default:
                return null;
        }
    }

    private Way? FindFork(int compare, int jump, StackPicture stack, int level, int walked)
    {
        if (_graph.FlowOf(jump) == Flow.RegisterJumpIf || _graph[jump].Target <= jump) return null;
        (int target, int next) = (_graph[jump].Target, _graph.Next(jump));
        Way? taken = FindFrom(target, stack, level, walked);
        Way? not = FindFrom(next, stack, level, walked);
        return taken is null && not is null
            ? null
            : Way.Fork.Of(compare, jump, taken ?? Way.Cut.Of(target, stack), not ?? Way.Cut.Of(next, stack));
    }

    private Way? FindCall(int call, StackPicture stack, int level, int walked)
    {
        int site = _graph.Next(call);
        Way? function = FindFrom(_graph[call].Target, stack.Call(_graph.AddressOf(site)), level + 1, 0);
        if (function?.Dropped is not { } dropped || stack.Pop(dropped) is not { } after) return null;
        return FindFrom(site, after, level, walked) is { } rest ? Way.Call.Of(call, function, rest) : null;
    }

    private Way? FindReturn(int index, StackPicture stack, int level)
    {
        int dropped = (Opcode)_graph[index].Code == Opcode.Retn ? _graph[index].Value : 0;
        // The outermost function drops what really lies on the stack.
        return Way.Back.Of(dropped, level == 1 ? dropped : 0);
    }

    /// <param name="dipped">How many slots must lie below the depth.</param>
    /// <returns>The stack behind an instruction; null if it does something to it that cannot be pictured.</returns>
    private StackPicture? After(int index, StackPicture stack, out int dipped)
    {
        ref Decoded word = ref _graph[index];
        dipped = 0;
        switch ((Opcode)word.Code)
        {
            case Opcode.Push:
                return stack.Push();
            case Opcode.Pop:
                return stack.Pop(1);
            case Opcode.Drop:
                return stack.Pop(word.Value);
            case Opcode.Lds or Opcode.Sts:
                dipped = Math.Max(0, -(stack.Frame + word.Value));
                return stack.IsAccessible(word.Value) ? stack : null;
            case Opcode.Enter when word.Value <= MostLocals:
                for (int slot = 0; slot < word.Value; slot++) stack = stack.Push();
                return stack;
            case Opcode.Enter or Opcode.Pushf or Opcode.Popf:
                return null;
            default:
                return stack;
        }
    }
}
