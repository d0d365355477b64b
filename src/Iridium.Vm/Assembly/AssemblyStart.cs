namespace Iridium.Vm.Assembly;

/// <summary>
/// What an assembly begins with: nothing for an image; for a line typed at a live machine, everything typed before.
/// </summary>
internal sealed record AssemblyStart
{
    /// <summary>A line at a prompt has no sections, may end with a label, and may declare a name again.</summary>
    public bool Interactive { get; init; }

    public IReadOnlyList<Symbol> Symbols { get; init; } = [];

    public byte[] Data { get; init; } = [];

    public byte[] Code { get; init; } = [];
}
