using System.Collections.Immutable;

namespace Iridium.Vm.Jit;

/// <summary>A slot that would be on the stack by now, had it been written.</summary>
internal enum SlotKind
{
    /// <summary>Something pushed: its value is in the local of its place.</summary>
    Value,

    /// <summary>Where a call goes back to; the number is the address.</summary>
    ReturnAddress,

    /// <summary>The base pointer as it was at the outermost call.</summary>
    OuterFrame,

    /// <summary>A base pointer; the number is how far above the depth at the outermost call.</summary>
    Frame,
}

internal readonly record struct PicturedSlot(SlotKind Kind, int Number = 0);

/// <summary>
/// What lies above the stack's depth while functions run without frames of their own: the depth and the base pointer
/// stay as they were at the outermost call until somebody needs the real thing.
/// </summary>
/// <param name="Slots">Above the depth, the lowest first.</param>
/// <param name="Frame">Where the function that runs has its frame, in slots above the depth.</param>
internal sealed record StackPicture(ImmutableArray<PicturedSlot> Slots, int Frame)
{
    /// <summary>At the outermost call, before it.</summary>
    public static readonly StackPicture Empty = new([], 0);

    public int Count => Slots.Length;

    public StackPicture Push() => this with { Slots = Slots.Add(new(SlotKind.Value)) };

    /// <returns>Null if that would take more than the function has pushed itself.</returns>
    public StackPicture? Pop(int slots) =>
        Count - slots < Frame ? null : this with { Slots = Slots.RemoveRange(Count - slots, slots) };

    public StackPicture Call(int returnAddress) => new(
        Slots.Add(new(SlotKind.ReturnAddress, returnAddress))
            .Add(Count == 0 ? new(SlotKind.OuterFrame) : new(SlotKind.Frame, Frame)),
        Count + 2);

    /// <summary>Whether an argument or a local can be read and written: it is a value, or below the depth.</summary>
    public bool IsAccessible(int slot)
    {
        int place = Frame + slot;
        return place < 0 || (place < Count && Slots[place].Kind == SlotKind.Value);
    }
}
