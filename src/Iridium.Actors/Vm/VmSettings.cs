using Iridium.Vm.Isa;

namespace Iridium.Actors.Vm;

/// <summary>How programs run on this node; <c>iridium.vm</c> in the reference configuration says what each means.</summary>
public sealed partial record VmSettings
{
    public int SliceFuel { get; init; } = 50_000;

    /// <summary>What one machine may take.</summary>
    public Limits Limits { get; init; } = Limits.Default;

    public int OutputRate { get; init; } = 65536;

    public int OutputBurst { get; init; } = 65536;

    public int OutputPiece { get; init; } = 8192;

    public int MaxRestarts { get; init; } = 3;

    public TimeSpan RestartsWithin { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan MinBackoff { get; init; } = TimeSpan.FromMilliseconds(200);

    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromSeconds(10);

    internal RestartRule RestartRule => new(MaxRestarts, RestartsWithin, MinBackoff, MaxBackoff);
}
