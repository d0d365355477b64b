namespace Iridium.Actors.Repl;

/// <summary>What may differ from one session to the next; <c>iridium.shell</c> in the reference configuration says what each
/// means.</summary>
public sealed record ReplSettings
{
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(2);

    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long to wait for the answer to a join: the node itself gives up before.</summary>
    public TimeSpan JoinTimeout { get; init; } = TimeSpan.FromSeconds(15);

    public TimeSpan EndOfInputWait { get; init; } = TimeSpan.FromSeconds(2);

    public int HistoryLines { get; init; } = 1000;

    public int MaxLinesPerSecond { get; init; } = 200;

    public int MaxLineLength { get; init; } = 4096;

    public int MaxFileBytes { get; init; } = 4 << 20;
}
