using Akka.Configuration;
using Iridium.Actors.Configuration;

namespace Iridium.Actors.Node;

/// <summary>What may differ from one node to the next; <c>iridium.node</c> in the reference configuration says what
/// each means.</summary>
public sealed record NodeSettings
{
    /// <summary>This node's name. Its cluster role must be <c>Node.Alias.RoleOf</c> of it.</summary>
    public required string Alias { get; init; }

    /// <summary>Where the chance that programs ask for begins; null takes it from the clock. A test or a simulation
    /// gives the one it wants to see again.</summary>
    public int? Seed { get; init; }

    public int MaxProcesses { get; init; } = 10_000;

    public int EndedProcessesKept { get; init; } = 100;

    public int MaxProgramBytes { get; init; } = 100_000;

    public TimeSpan JoinTimeout { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan HelloInterval { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan ProgressInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <exception cref="ConfigurationException">A value makes no sense; the message names its key.</exception>
    public static NodeSettings From(Config config)
    {
        SettingsReader section = IridiumConfig.Section(config, "iridium.node");
        string alias = section.Text("alias");
        if (!Node.Alias.IsValid(alias))
        {
            throw new ConfigurationException(
                $"iridium.node.alias is `{alias}`, but must be 1 to {Node.Alias.MaxLength} of A-Z a-z 0-9 . _ -");
        }
        return new NodeSettings
        {
            Alias = alias,
            MaxProcesses = section.Number("max-processes"),
            EndedProcessesKept = section.Number("ended-processes-kept", least: 0),
            MaxProgramBytes = section.Number("max-program-bytes"),
            JoinTimeout = section.Time("join-timeout"),
            HelloInterval = section.Time("hello-interval"),
            ProgressInterval = section.Time("progress-interval"),
        };
    }
}
