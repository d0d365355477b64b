using System.Collections.Immutable;

namespace Akka.Remote.TestKit.Conduct;

/// <summary>How a barrier ended.</summary>
/// <param name="Players">Who is to be told: all that had arrived.</param>
/// <param name="Failure">Null when all arrived; else why it failed, for the log.</param>
internal sealed record BarrierEnd(string Name, ImmutableSortedSet<string> Players, string? Failure);

/// <summary>
/// The barrier at which players meet, as a state machine. One is open at a time.
/// <code>
///   closed --Enter--> open --Enter by the last--> closed (all pass)
///   open --other name, Fail, time is up, a player lost--> broken: from then on nobody passes
/// </code>
/// One player alone passes at once.
/// </summary>
/// <remarks>After a failure the players are no longer at the same place of their story, and no later meeting means
/// anything: that is why a broken barrier stays broken.</remarks>
internal sealed record BarrierState(TimeSpan UsualTimeout)
{
    /// <summary>Everybody who has to arrive.</summary>
    public ImmutableSortedSet<string> Players { get; private init; } =
        ImmutableSortedSet<string>.Empty.WithComparer(StringComparer.Ordinal);

    /// <summary>The barrier at which some are waiting, or null.</summary>
    public string? Open { get; private init; }

    public ImmutableSortedSet<string> Arrived { get; private init; } =
        ImmutableSortedSet<string>.Empty.WithComparer(StringComparer.Ordinal);

    /// <summary>When the open barrier fails.</summary>
    public TimeSpan? Deadline { get; private init; }

    /// <summary>Why nobody passes any more, or null.</summary>
    public string? Broken { get; private init; }

    private ImmutableSortedSet<string> Missing => Players.Except(Arrived);

    public BarrierState Join(string player) => this with { Players = Players.Add(player) };

    /// <summary>A player arrives.</summary>
    /// <param name="timeout">How long it is ready to wait; the least patient decides for all.</param>
    public (BarrierState, ImmutableArray<BarrierEnd>) Enter(string player, string name, TimeSpan? timeout, TimeSpan now)
    {
        if (Broken is not null || !Players.Contains(player)) return (this, [Refusal(player, name)]);
        if (Open is not null && Open != name)
        {
            string why = $"{player} came to '{name}' while {Text(Arrived)} waited at '{Open}'";
            (BarrierState broken, ImmutableArray<BarrierEnd> ends) = Break(why);
            return (broken, ends.Add(new BarrierEnd(name, Only(player), why)));
        }
        TimeSpan until = now + (timeout ?? UsualTimeout);
        BarrierState next = this with
        {
            Open = name,
            Arrived = Arrived.Add(player),
            Deadline = Deadline is { } sooner && sooner < until ? sooner : until,
        };
        return next.CloseIfComplete();
    }

    /// <summary>A player leaves as was arranged; nobody waits for it any more.</summary>
    public (BarrierState, ImmutableArray<BarrierEnd>) Remove(string player)
    {
        BarrierState next = this with { Players = Players.Remove(player), Arrived = Arrived.Remove(player) };
        return next.Open is null ? (next, []) : next.CloseIfComplete();
    }

    /// <summary>A player is gone that nobody sent away.</summary>
    public (BarrierState, ImmutableArray<BarrierEnd>) Lose(string player)
    {
        if (!Players.Contains(player)) return (this, []);
        BarrierState next = this with { Players = Players.Remove(player), Arrived = Arrived.Remove(player) };
        return Open is null ? (next, []) : next.Break($"{player} was lost");
    }

    /// <summary>A player calls the barrier off.</summary>
    public (BarrierState, ImmutableArray<BarrierEnd>) Fail(string player, string name) => Open is null
        ? (this, [])
        : Break(Open == name ? $"{player} called it off" : $"{player} called off '{name}'");

    /// <summary>Time has passed.</summary>
    public (BarrierState, ImmutableArray<BarrierEnd>) Tick(TimeSpan now) => Deadline is { } deadline && now >= deadline
        ? Break("the time is up")
        : (this, []);

    private static string Text(ImmutableSortedSet<string> players) =>
        players.IsEmpty ? "nobody" : string.Join(", ", players);

    private static ImmutableSortedSet<string> Only(string player) =>
        ImmutableSortedSet.Create(StringComparer.Ordinal, player);

    private static BarrierEnd Refusal(string player, string name) =>
        new(name, Only(player), "an earlier barrier failed, and no later one counts");

    private (BarrierState, ImmutableArray<BarrierEnd>) CloseIfComplete() => Missing.IsEmpty
        ? (Closed(), [new BarrierEnd(Open!, Arrived, Failure: null)])
        : (this, []);

    private (BarrierState, ImmutableArray<BarrierEnd>) Break(string why)
    {
        string failure = $"{why}; arrived: {Text(Arrived)}; missing: {Text(Missing)}";
        return (Closed() with { Broken = failure }, [new BarrierEnd(Open!, Arrived, failure)]);
    }

    private BarrierState Closed() => this with { Open = null, Arrived = Arrived.Clear(), Deadline = null };
}
