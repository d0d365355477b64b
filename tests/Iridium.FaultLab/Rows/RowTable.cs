using System.Collections.Immutable;

namespace Iridium.FaultLab.Rows;

/// <param name="Number">As in the project's table of reliability.</param>
/// <param name="Needs">Programs beyond ip and nft.</param>
internal sealed record Row(int Number, string Fault, Func<Trial, Task> Run, params string[] Needs);

/// <summary>Every fault the laboratory makes. The list, the help and CI's rotation are made from these rows.</summary>
internal static class RowTable
{
    public static readonly ImmutableArray<Row> All =
    [
        new(1, "kill -9", Processes.Kill),
        new(2, "pause (SIGSTOP)", Processes.Pause),
        new(3, "symmetric partition", Partitions.Symmetric),
        new(4, "one-way and partial cut", Partitions.Partial),
        new(5, "flapping link", Links.Flapping),
        new(6, "slow link", SlowLink.Run),
        new(7, "packet loss", Links.Loss),
        new(8, "clock jump", Machines.ClockJump, "faketime"),
        new(9, "disk full", Machines.DiskFull),
        new(15, "malformed frames", Strangers.Malformed),
        new(16, "oversized frames", Strangers.Oversized),
        new(17, "gadget type names", Intruders.Gadgets),
        new(18, "replayed handshake", Intruders.Replay),
        new(19, "unauthenticated join", Intruders.Unauthenticated),
        new(24, "rolling restart, loaded", Restarts.Rolling),
        new(25, "seed loss", Restarts.SeedLoss),
        new(26, "whole-cluster restart", Restarts.Whole),
        new(27, "duplicate alias", Restarts.DuplicateAlias),
        new(28, "address reuse", Restarts.AddressReuse),
        new(29, "CPU starvation", Machines.Starvation, "stress-ng"),
    ];

    /// <summary>The rows that CI runs in turn, one a commit.</summary>
    public static readonly ImmutableArray<Row> Rotation = All;
}
