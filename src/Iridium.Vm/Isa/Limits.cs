namespace Iridium.Vm.Isa;

/// <summary>
/// What one machine may take. Each limit is inclusive: reaching it is fine, one past it is the named fault or reject.
/// </summary>
public sealed record Limits
{
    public static Limits Default { get; } = new();

    /// <summary>Tiny limits for tests that want to meet every edge soon.</summary>
    public static Limits Tiny { get; } = new()
    {
        HeapBytes = 128, StackSlots = 16, OutputBytes = 256, SliceOutputBytes = 64, ImageBytes = 4096,
    };

    /// <summary>Heap the machine starts with; it is allocated when first used.</summary>
    public const int InitialHeapBytes = 64;

    /// <summary>16 MiB: a sieve of 16 million, and a thousand greedy programs still fit in 16 GiB.</summary>
    public int HeapBytes { get; init; } = 16 << 20;

    /// <summary>2 MiB of slots of four bytes, as the language says.</summary>
    public int StackSlots { get; init; } = (2 << 20) / 4;

    /// <summary>16 MiB less one byte: the largest address that 24-bit targets reach.</summary>
    public int ImageBytes { get; init; } = MaximumImageBytes;

    /// <summary>Targets of version 1 have 24 bits.</summary>
    public const int MaximumImageBytes = (1 << 24) - 1;

    /// <summary>UTF-8 bytes a program may print in its life.</summary>
    public long OutputBytes { get; init; } = 256L << 20;

    /// <summary>
    /// UTF-8 bytes after which a slice ends early, so that the host can deliver before there is more. One print may
    /// go past it, by at most the text it prints.
    /// </summary>
    public int SliceOutputBytes { get; init; } = 64 << 10;

    /// <summary>
    /// Fuel of a slice when the host has no reason for another: about 15 microseconds interpreted, so that a node
    /// with a hundred busy programs still hears a message within a few milliseconds.
    /// </summary>
    public int SliceFuel { get; init; } = 20_000;
}
