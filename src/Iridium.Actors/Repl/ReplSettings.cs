using Akka.Configuration;
using Iridium.Actors.Configuration;
using Iridium.Actors.Node;
using Iridium.Actors.Vm;

namespace Iridium.Actors.Repl;

/// <summary>What may differ from one session to the next; <c>iridium.shell</c> in the reference configuration says
/// what each means.</summary>
public sealed record ReplSettings
{
    /// <summary>The alias of the node: what a program's number without a node means.</summary>
    public required string Alias { get; init; }

    /// <summary>How this session's own machine runs.</summary>
    public VmSettings Machine { get; init; } = new();

    /// <summary>Where the chance that its programs ask for begins; see <see cref="NodeSettings.Seed"/>.</summary>
    public int? Seed { get; init; }

    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(2);

    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long to wait for the answer to a join: the node itself gives up before.</summary>
    public TimeSpan JoinTimeout { get; init; } = TimeSpan.FromSeconds(15);

    public TimeSpan EndOfInputWait { get; init; } = TimeSpan.FromSeconds(2);

    public int HistoryLines { get; init; } = 1000;

    public int MaxLinesPerSecond { get; init; } = 200;

    public int MaxLineLength { get; init; } = 4096;

    public int MaxFileBytes { get; init; } = 4 << 20;

    /// <exception cref="ConfigurationException">A value makes no sense; the message names its key.</exception>
    public static ReplSettings From(Config config)
    {
        SettingsReader section = IridiumConfig.Section(config, "iridium.shell");
        NodeSettings node = NodeSettings.From(config);
        return new ReplSettings
        {
            Alias = node.Alias,
            Machine = VmSettings.From(config),
            Patience = section.Time("patience"),
            AnswerTimeout = section.Time("answer-timeout"),
            JoinTimeout = node.JoinTimeout + section.Time("answer-timeout"),
            EndOfInputWait = section.Time("end-of-input-wait"),
            HistoryLines = section.Number("history-lines"),
            MaxLinesPerSecond = section.Number("max-lines-per-second"),
            MaxLineLength = section.Number("max-line-length"),
            MaxFileBytes = section.Number("max-file-bytes"),
        };
    }
}
