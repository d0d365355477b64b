using System.Collections.Immutable;
using Iridium.Vm.Execution;
using Iridium.Vm.Isa;

namespace Iridium.Vm.Jit;

/// <summary>
/// The ways through one region of the code: where blocks start, where it can be entered, where returns and register
/// jumps may lead, and where the flag matters.
/// </summary>
internal sealed class RegionGraph
{
    private readonly DecodedProgram _program;
    private readonly bool[] _leader;
    private readonly bool[] _entry;
    private readonly bool[] _flagLive;
    private readonly int[] _anchor;
    private readonly Dictionary<int, int[]> _targets = [];
    private readonly Dictionary<int, int> _constantFrom = [];

    public RegionGraph(DecodedProgram program, int start, int end)
    {
        _program = program;
        (Start, End) = (start, end);
        _leader = new bool[end - start + 1];
        _entry = new bool[end - start + 1];
        _flagLive = new bool[end - start + 1];
        MarkDirectTargets();
        MarkRegisterTargets();
        MarkReturns();
        for (int index = start; index < end; index = Next(index))
            if (Flows.EndsBlock(FlowOf(index))) Mark(_leader, Next(index));
        for (int index = start; index < end; index++) _leader[index - start] |= _entry[index - start];
        _anchor = new int[end - start];
        for (int index = start, anchor = start; index < end; index++)
        {
            if (IsEntry(index)) anchor = index;
            _anchor[index - start] = anchor;
        }
        FindFlagLiveness();
    }

    public int Start { get; }

    /// <summary>Behind the last word.</summary>
    public int End { get; }

    public ref Decoded this[int index] => ref _program.Words[index];

    public bool IsInside(int index) => index >= Start && index < End;

    public bool IsLeader(int index) => IsInside(index) && _leader[index - Start];

    /// <summary>Whether a slice may start here.</summary>
    public bool IsEntry(int index) => IsInside(index) && _entry[index - Start];

    /// <summary>The last entry up to here, from which fuel is counted; outside the region each is its own.</summary>
    public int AnchorOf(int index) => IsInside(index) ? _anchor[index - Start] : index;

    /// <summary>Whether the flag that a block begins with can be seen before it is set anew.</summary>
    public bool IsFlagLive(int index) => !IsInside(index) || _flagLive[index - Start];

    public Flow FlowOf(int index) => Flows.Of(in _program.Words[index]);

    public int Next(int index) => index + _program.Words[index].Length;

    public int AddressOf(int index) => _program.AddressOf(index);

    public double Constant(int index) => _program.Constants[index];

    /// <summary>Where a return or register jump probably goes, the likeliest first.</summary>
    public int[] TargetsOf(int index) => _targets.GetValueOrDefault(index, []);

    /// <summary>
    /// Whether a register jump can only go to its one target, because its block has just loaded it.
    /// </summary>
    public bool IsCertain(int index)
    {
        if (!_constantFrom.TryGetValue(index, out int from)) return false;
        for (int between = from + 1; between <= index; between++)
            if (IsLeader(between)) return false;
        return true;
    }

    /// <summary>Whether a compare and the conditional jump behind it can run as one.</summary>
    public bool IsFusedWithNext(int index)
    {
        int next = Next(index);
        return FlowOf(index) == Flow.Compare && IsInside(next) && !IsLeader(next) &&
            FlowOf(next) is Flow.JumpIf or Flow.JumpIfNot or Flow.RegisterJumpIf;
    }

    /// <summary>
    /// All places where control may go from here within the program, for finding loops and functions.
    /// </summary>
    public IEnumerable<int> SuccessorsOf(int index)
    {
        Flow flow = FlowOf(index);
        if (flow is Flow.Jump or Flow.JumpIf or Flow.JumpIfNot or Flow.Loop) yield return this[index].Target;
        if (flow is Flow.RegisterJump or Flow.RegisterJumpIf)
            foreach (int target in TargetsOf(index)) yield return target;
        if (Flows.FallsThrough(flow) || flow is Flow.Call or Flow.CallRegister or Flow.Leave)
            yield return Next(index);
    }

    private void Mark(bool[] marks, int index)
    {
        if (index >= Start && index < End) marks[index - Start] = true;
    }

    private void MarkDirectTargets()
    {
        Mark(_entry, 0);
        Mark(_entry, Start);
        for (int index = 0; index < _program.Length; index = Next(index))
        {
            Flow flow = FlowOf(index);
            if (flow is not (Flow.Jump or Flow.JumpIf or Flow.JumpIfNot or Flow.Loop or Flow.Call or
                Flow.CallRegister))
                continue;
            // What is jumped back to, called or returned to is where slices end; what other regions jump to, where
            // they meet.
            int target = flow == Flow.CallRegister ? -1 : this[index].Target;
            if (target <= index || flow == Flow.Call || !IsInside(index)) Mark(_entry, target);
            else Mark(_leader, target);
            if (flow is Flow.Call or Flow.CallRegister) Mark(_entry, Next(index));
        }
    }

    /// <summary>
    /// A register jump goes to an address that some LOAD put into its register: the one before it in its block, if
    /// there is one, else any of the program's.
    /// </summary>
    private void MarkRegisterTargets()
    {
        for (int index = 0; index < _program.Length; index = Next(index))
        {
            if (FlowOf(index) is not (Flow.RegisterJump or Flow.RegisterJumpIf or Flow.CallRegister)) continue;
            if (TryFindConstant(index, out int loaded, out int from))
            {
                int target = TargetOf(index, loaded);
                if (target < 0 || target >= _program.Length) continue;
                _targets[index] = [target];
                if (IsInside(index)) _constantFrom[index] = from;
            }
            else
            {
                _targets[index] = [.. ConstantsOf(this[index].A).Select(value => TargetOf(index, value))
                    .Where(target => target >= 0 && target < _program.Length).Distinct().Take(8)];
            }
            foreach (int target in _targets[index]) Mark(_entry, target);
        }
    }

    private int TargetOf(int index, int loaded) => _program.IndexOf((Opcode)this[index].Code switch
    {
        Opcode.Jmpf => AddressOf(index) + 2 + loaded,
        Opcode.Jmpb => AddressOf(index) + 2 - loaded,
        _ => loaded,
    });

    private bool TryFindConstant(int jump, out int value, out int from)
    {
        byte register = this[jump].A;
        value = 0;
        // Compares write no register, so the constant may have been loaded before them; eight words are far enough.
        for (from = jump - 1; from >= Math.Max(0, jump - 8); from--)
        {
            ref Decoded word = ref this[from];
            if (word.Code == Operation.Extension) continue;
            if (Flows.EndsBlock(FlowOf(from))) return false;
            if ((RegisterUse.Of(in word).Writes & (1u << register)) == 0) continue;
            switch ((Opcode)word.Code)
            {
                case Opcode.Load or Opcode.Loadi32:
                    value = word.Value;
                    return true;
                case Opcode.Lui when from > 0 && (Opcode)this[from - 1].Code == Opcode.Load
                    && this[from - 1].A == register:
                    from--;
                    value = (this[from].Value << 16) | word.Value;
                    return true;
                default:
                    return false;
            }
        }
        return false;
    }

    private IEnumerable<int> ConstantsOf(byte register)
    {
        for (int index = 0; index < _program.Length; index = Next(index))
        {
            ref Decoded word = ref this[index];
            if ((Opcode)word.Code is Opcode.Load or Opcode.Loadi32 && word.A == register) yield return word.Value;
        }
    }

    /// <summary>A return goes behind the calls of the functions that it belongs to.</summary>
    private void MarkReturns()
    {
        var callsOf = new SortedDictionary<int, List<int>>();
        var everySite = new List<int>();
        for (int index = Start; index < End; index = Next(index))
        {
            Flow flow = FlowOf(index);
            if (flow is not (Flow.Call or Flow.CallRegister) || !IsInside(Next(index))) continue;
            everySite.Add(Next(index));
            int[] functions = flow == Flow.Call ? [this[index].Target] : TargetsOf(index);
            foreach (int function in functions)
            {
                if (!callsOf.TryGetValue(function, out List<int>? sites)) callsOf[function] = sites = [];
                sites.Add(Next(index));
            }
        }
        var found = new Dictionary<int, HashSet<int>>();
        foreach ((int function, List<int> sites) in callsOf)
        {
            foreach (int exit in ReturnsOf(function))
            {
                if (!found.TryGetValue(exit, out HashSet<int>? all)) found[exit] = all = [];
                all.UnionWith(sites);
            }
        }
        for (int index = Start; index < End; index = Next(index))
        {
            if (FlowOf(index) != Flow.Return) continue;
            IEnumerable<int> sites = found.TryGetValue(index, out HashSet<int>? known) ? known : everySite;
            // The nearest first: a recursive function returns to itself more often than to where it started.
            _targets[index] = [.. sites.Distinct().OrderBy(site => Math.Abs(site - index))];
        }
    }

    private List<int> ReturnsOf(int function)
    {
        var returns = new List<int>();
        var seen = new HashSet<int>();
        var open = new Stack<int>([function]);
        while (open.TryPop(out int index))
        {
            if (!IsInside(index) || !seen.Add(index)) continue;
            if (FlowOf(index) == Flow.Return) returns.Add(index);
            foreach (int next in SuccessorsOf(index)) open.Push(next);
        }
        return returns;
    }

    /// <summary>
    /// Backwards until nothing changes. Whatever may leave the region shows the flag to the interpreter.
    /// </summary>
    private void FindFlagLiveness()
    {
        ImmutableArray<int> blocks = [.. Enumerable.Range(Start, End - Start).Where(IsLeader).Reverse()];
        for (bool changed = true; changed;)
        {
            changed = false;
            foreach (int block in blocks)
            {
                bool live = IsFlagSeenFrom(block);
                changed |= live != _flagLive[block - Start];
                _flagLive[block - Start] = live;
            }
        }
    }

    private bool IsFlagSeenFrom(int block)
    {
        for (int index = block; ; index = Next(index))
        {
            if (index != block && (!IsInside(index) || IsLeader(index))) return IsFlagLive(index);
            switch (FlowOf(index))
            {
                case Flow.Compare: return false;
                case Flow.Straight when (Opcode)this[index].Code != Opcode.Sete: break;
                case Flow.Jump when this[index].Target > index: return IsFlagLive(this[index].Target);
                default: return true;
            }
        }
    }
}
