using System.Runtime.InteropServices;
using Iridium.Simulation.Network;

namespace Iridium.Simulation.Virtual;

/// <summary>
/// A world of machines on one thread in virtual time. Everything that happens goes through one queue; a seed decides
/// every tie, every delay and every choice, so the same seed is the same history, to the byte.
/// </summary>
internal sealed class World
{
    /// <summary>A Thursday in June: late enough that no clock in the engine is near its zero.</summary>
    private static readonly DateTimeOffset Birth = new(2028, 6, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly EventQueue<Planned> _queue = new();
    private readonly SeedRandom _root;
    private readonly SeedRandom _ties;
    private readonly SimTaskScheduler _tasks;
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private uint _sequence;
    private long _end;

    public World(ulong seed, WorldRules? rules = null, TextWriter? trace = null)
    {
        Seed = seed;
        Rules = rules ?? new WorldRules();
        Trace = trace;
        _root = new SeedRandom(SeedRandom.Scramble(seed + 1));
        _ties = _root.Split("ties");
        _tasks = new SimTaskScheduler(this);
        Fabric = new Fabric(this, _root.Split("network"));
    }

    public ulong Seed { get; }

    public WorldRules Rules { get; }

    /// <summary>Where the trace goes; null when nobody reads it.</summary>
    public TextWriter? Trace { get; }

    /// <summary>Virtual time since the world began, in ticks of 100 ns.</summary>
    public long Now { get; private set; }

    public TimeSpan Elapsed => new(Now);

    public DateTimeOffset WallClock => Birth + Elapsed;

    /// <summary>Rolls over everything that happened: what, when, to whom, and every byte that arrived.</summary>
    public ulong Hash { get; private set; } = 0x243F6A8885A308D3UL;

    /// <summary>How many things have happened.</summary>
    public long Happened { get; private set; }

    public Fabric Fabric { get; }

    /// <summary>The process whose code runs now, or null between them.</summary>
    public SimProcess? Running { get; private set; }

    /// <summary>The first broken invariant; the run stops there.</summary>
    public string? Failure { get; private set; }

    public SeedRandom Chance(string stream) => _root.Split(stream);

    /// <summary>Runs the body, and all tasks it starts, inside this world.</summary>
    public void Run(Action body) => _tasks.Run(body);

    public void Plan(long time, SimProcess? owner, IHappening what)
    {
        if (Environment.CurrentManagedThreadId != _thread)
            Fail($"something of {owner?.Name ?? "the world"} ran on another thread: {Environment.StackTrace}");
        uint chance = Rules.Turns == TurnPolicy.Fifo ? 0 : (uint)(_ties.NextBits() >> 32);
        _queue.Add(Math.Max(time, Now), ((ulong)chance << 32) | _sequence++, new Planned(owner, what));
    }

    /// <summary>Something that the story or a fault does to the world.</summary>
    public void After(TimeSpan delay, Action what) => Plan(Now + delay.Ticks, null, new Act(what));

    /// <summary>Runs what happens in the next <paramref name="span"/> of virtual time.</summary>
    public void RunFor(TimeSpan span)
    {
        long end = Now + span.Ticks;
        _end = end;
        while (Failure is null && _queue.NextTime <= end) Step();
        if (Failure is null) Now = Math.Max(Now, end);
    }

    /// <summary>Runs until the condition holds, looking every <paramref name="every"/>; false if it does not in
    /// time.</summary>
    public bool RunUntil(Func<bool> condition, TimeSpan limit, TimeSpan? every = null)
    {
        long end = Now + limit.Ticks;
        TimeSpan stride = every ?? TimeSpan.FromMilliseconds(100);
        while (Failure is null)
        {
            if (condition()) return true;
            if (Now >= end) return false;
            RunFor(new TimeSpan(Math.Min(stride.Ticks, end - Now)));
        }
        return false;
    }

    public void Fail(string reason) => Failure ??= $"{Elapsed:c}: {reason}";

    /// <summary>Adds what was seen to the rolling hash.</summary>
    public void Stir(ulong bits) => Hash = SeedRandom.Scramble(Hash ^ bits) + 0x9E3779B97F4A7C15UL;

    public void Stir(ReadOnlySpan<byte> bytes)
    {
        ulong hash = (ulong)bytes.Length;
        foreach (ulong word in MemoryMarshal.Cast<byte, ulong>(bytes)) hash = (hash ^ word) * 0x9FB21C651E98DF25UL;
        foreach (byte rest in bytes[(bytes.Length & ~7)..]) hash = (hash ^ rest) * 0x9FB21C651E98DF25UL;
        Stir(hash);
    }

    public void Note(char letter, SimProcess? owner, string text)
    {
        Trace?.WriteLine($"{Now / 10_000_000.0,12:F6} {letter} {owner?.Name ?? "-",-10} {text}");
    }

    /// <summary>
    /// Whether the process may go on at <paramref name="time"/> without anything else coming first. If so, it is that
    /// time. Saves the queue a round trip per turn when a single node is busy.
    /// </summary>
    public bool TryAdvance(long time, SimProcess process)
    {
        if (time >= _queue.NextTime || time > _end || Failure is not null || !process.CanRun) return false;
        Now = time;
        return true;
    }

    /// <summary>Counts one thing that happened.</summary>
    public void Record(char letter, SimProcess? owner)
    {
        Happened++;
        Stir(((ulong)Now << 16) ^ ((ulong)letter << 8) ^ (ulong)(owner?.Number ?? 0));
        if (Happened > Rules.MostHappenings) Fail($"nothing came to rest in {Happened:N0} happenings");
    }

    /// <summary>Runs code as the given process.</summary>
    public void RunAs(SimProcess? process, Action code)
    {
        SimProcess? before = Running;
        Running = process;
        try
        {
            code();
        }
        finally
        {
            Running = before;
        }
    }

    private void Step()
    {
        Planned next = _queue.Take(out long time);
        Now = time;
        SimProcess? owner = next.Owner;
        if (owner is not null && !owner.CanRun)
        {
            owner.Hold(next.What);
            return;
        }
        Running = owner;
        try
        {
            Record(next.What.Letter, owner);
            next.What.Happen();
        }
        catch (Exception error)
        {
            // Nothing may throw here: the engine's borders promise not to. So whatever it is, it is a finding.
            Fail($"{owner?.Name ?? "the world"} threw at '{next.What.Letter}': {error}");
        }
        finally
        {
            Running = null;
        }
    }

    private sealed class Act(Action what) : IHappening
    {
        public char Letter => 'F';

        public void Happen() => what();
    }
}
