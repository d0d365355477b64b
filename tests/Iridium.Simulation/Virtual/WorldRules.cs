namespace Iridium.Simulation.Virtual;

/// <summary>Who runs next among the runnable pieces of work of one process.</summary>
internal enum TurnPolicy
{
    /// <summary>In the order they came, and ties of time in the order they were planned.</summary>
    Fifo,

    /// <summary>Any, by seed.</summary>
    Random,

    /// <summary>Any, by seed, but one of them waits as long as it can.</summary>
    StarveOne,
}

/// <summary>What a world is like, apart from what its seed decides.</summary>
internal sealed record WorldRules
{
    public TurnPolicy Turns { get; init; } = TurnPolicy.Random;

    /// <summary>What one turn of a mailbox costs, in ticks of 100 ns. Never zero, or a node that talks to itself would
    /// stop the clock.</summary>
    public long LeastTurnTicks { get; init; } = 10;

    public long MostTurnTicks { get; init; } = 200;

    /// <summary>How late a timer may fire, in ticks of 100 ns.</summary>
    public long TimerLatenessTicks { get; init; } = 10_000;

    /// <summary>A read shows only a part of what has arrived once in so many reads; 0 is never.</summary>
    public int PartialReadOneIn { get; init; } = 4;

    /// <summary>How many turns a starved piece of work is passed over at most.</summary>
    public int StarvedTurns { get; init; } = 100;

    /// <summary>A world where more happens than this is taken for one that never comes to rest.</summary>
    public long MostHappenings { get; init; } = 50_000_000;
}
