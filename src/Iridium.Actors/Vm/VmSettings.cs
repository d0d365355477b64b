using Akka.Actor;
using Akka.Configuration;
using Iridium.Actors.Configuration;
using Iridium.Actors.Protocol;
using Iridium.Vm.Execution;
using Iridium.Vm.Isa;

namespace Iridium.Actors.Vm;

/// <summary>How programs run on this node; <c>iridium.vm</c> in the reference configuration says what each
/// means.</summary>
public sealed record VmSettings
{
    public int SliceFuel { get; init; } = 20_000;

    /// <summary>Whether hot programs are compiled, once <see cref="On"/> has said where.</summary>
    public bool UsesJit { get; init; } = true;

    /// <summary>What runs the machines: shared by all of them.</summary>
    public IEngine Engine { get; init; } = Interpreter.Instance;

    /// <summary>What one machine may take.</summary>
    public Limits Limits { get; init; } = new() { HeapBytes = 64 << 20 };

    public int OutputRate { get; init; } = 65536;

    public int OutputBurst { get; init; } = 65536;

    public int OutputPiece { get; init; } = 8192;

    public int MaxRestarts { get; init; } = 3;

    public TimeSpan RestartsWithin { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan MinBackoff { get; init; } = TimeSpan.FromMilliseconds(200);

    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromSeconds(10);

    /// <exception cref="ConfigurationException">A value makes no sense; the message names its key.</exception>
    public static VmSettings From(Config config)
    {
        SettingsReader section = IridiumConfig.Section(config, "iridium.vm");
        int piece = section.Number("output.piece", least: 2);
        if (piece > WireLimits.Text)
        {
            throw new ConfigurationException(
                $"iridium.vm.output.piece is {piece}, but must be at most {WireLimits.Text}.");
        }
        return new VmSettings
        {
            UsesJit = section.Switch("jit"),
            SliceFuel = section.Number("slice-fuel"),
            Limits = new Limits
            {
                HeapBytes = section.Number("max-heap-bytes", least: Limits.InitialHeapBytes),
                StackSlots = section.Number("max-stack-slots"),
                OutputBytes = section.Number("output.total"),
            },
            OutputRate = section.Number("output.rate"),
            OutputBurst = section.Number("output.burst"),
            OutputPiece = piece,
            MaxRestarts = section.Number("restart.max-restarts", least: 0),
            RestartsWithin = section.Time("restart.within"),
            MinBackoff = section.Time("restart.min-backoff"),
            MaxBackoff = section.Time("restart.max-backoff"),
        };
    }

    /// <summary>The same, with the engine of this actor system if the JIT is switched on.</summary>
    internal VmSettings On(ActorSystem system) => UsesJit ? this with { Engine = Engines.Compiling(system) } : this;

    internal RestartRule RestartRule => new(MaxRestarts, RestartsWithin, MinBackoff, MaxBackoff);
}
