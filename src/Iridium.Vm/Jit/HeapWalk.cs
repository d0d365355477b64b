using Iridium.Vm.Execution;
using Iridium.Vm.Isa;

namespace Iridium.Vm.Jit;

/// <summary>
/// A loop of one block in which an address walks through the heap up to a limit, and nothing can go wrong but the
/// address. If the limit lies within the heap, the compare that ends the loop says that the address does too.
/// </summary>
/// <param name="Address">The register that walks; it is written once, by a step.</param>
/// <param name="Limit">The register that it is compared with; nothing in the loop writes it.</param>
/// <param name="Inclusive">Whether the loop goes on where both are equal.</param>
/// <param name="Reach">How many bytes at and behind the address are read or written.</param>
internal sealed record HeapWalk(byte Address, byte Limit, bool Inclusive, int Reach)
{
    /// <returns>Null if the loop is not like that.</returns>
    public static HeapWalk? Find(RegionGraph graph, int head, int jump)
    {
        int compare = head;
        while (compare < jump && graph.Next(compare) != jump) compare = graph.Next(compare);
        if (compare >= jump || !graph.IsFusedWithNext(compare)) return null;
        ref Decoded last = ref graph[compare];
        bool taken = graph.FlowOf(jump) == Flow.JumpIf;
        (byte address, byte limit, bool inclusive)? goesOn = ((Opcode)last.Code, taken) switch
        {
            (Opcode.Lt, true) or (Opcode.Gte, false) => (last.A, last.B, false),
            (Opcode.Lte, true) or (Opcode.Gt, false) => (last.A, last.B, true),
            (Opcode.Gt, true) or (Opcode.Lte, false) => (last.B, last.A, false),
            (Opcode.Gte, true) or (Opcode.Lt, false) => (last.B, last.A, true),
            _ => null,
        };
        if (goesOn is not { } condition || condition.address == condition.limit) return null;
        int reach = ReachOf(graph, head, compare, condition.address, condition.limit);
        return reach > 0 ? new(condition.address, condition.limit, condition.inclusive, reach) : null;
    }

    /// <returns>0 if anything else may go wrong, or if the address does not walk.</returns>
    private static int ReachOf(RegionGraph graph, int head, int compare, byte address, byte limit)
    {
        (int reach, bool stepped) = (0, false);
        for (int index = head; index < compare; index = graph.Next(index))
        {
            ref Decoded word = ref graph[index];
            uint writes = RegisterUse.Of(in word).Writes;
            if ((writes >> limit & 1) != 0) return 0;
            if ((writes >> address & 1) != 0)
            {
                if (stepped || !IsStep(in word, address)) return 0;
                stepped = true;
            }
            if (graph.FlowOf(index) == Flow.Straight && (Opcode)word.Code != Opcode.Sete) continue;
            int bytes = BytesOf((Opcode)word.Code);
            if (bytes == 0 || stepped || word.A != address) return 0;
            reach = Math.Max(reach, word.Value + bytes);
        }
        return stepped ? reach : 0;
    }

    private static bool IsStep(in Decoded word, byte register) => (Opcode)word.Code switch
    {
        Opcode.Inc or Opcode.Dec => true,
        Opcode.Addi => word.A == register,
        Opcode.Add => word.A == register ^ word.B == register,
        _ => false,
    };

    private static int BytesOf(Opcode opcode) => opcode switch
    {
        Opcode.Ldb or Opcode.Stb => 1,
        Opcode.Loadm or Opcode.Setm or Opcode.Ldw or Opcode.Stw => 4,
        Opcode.Ldf or Opcode.Stf => 8,
        _ => 0,
    };
}
