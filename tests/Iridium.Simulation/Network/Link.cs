using Iridium.Simulation.Virtual;

namespace Iridium.Simulation.Network;

/// <summary>The way from one machine to another; the way back is another link. Faults are set here.</summary>
internal sealed class Link(World world, SeedRandom chance, Machine from, Machine to)
{
    /// <summary>Between two machines.</summary>
    public static readonly TimeSpan UsualJitter = TimeSpan.FromMicroseconds(300);

    private long _freeAt;

    public Machine From { get; } = from;

    public Machine To { get; } = to;

    /// <summary>What every packet takes at least.</summary>
    public TimeSpan Latency { get; set; } = TimeSpan.FromMicroseconds(from == to ? 20 : 200);

    /// <summary>What a packet may take beyond that.</summary>
    public TimeSpan Jitter { get; set; } = from == to ? TimeSpan.FromMicroseconds(20) : UsualJitter;

    /// <summary>The share of packets that never arrive, 0 to 1.</summary>
    public double Loss { get; set; }

    /// <summary>Nothing passes.</summary>
    public bool Cut { get; set; }

    /// <summary>How much passes in a second; 0 is without limit.</summary>
    public long BytesPerSecond { get; set; }

    /// <summary>Tries to send so many bytes at once; true if they arrive, and when.</summary>
    public bool TryPass(int bytes, out long arrival)
    {
        arrival = 0;
        if (Cut || chance.Chance(Loss)) return false;
        long start = Math.Max(world.Now, _freeAt);
        if (BytesPerSecond > 0)
        {
            start += bytes * TimeSpan.TicksPerSecond / BytesPerSecond;
            _freeAt = start;
        }
        arrival = start + Latency.Ticks + chance.Between(0, Jitter.Ticks);
        return true;
    }

    public override string ToString() => $"{From.Host}>{To.Host}";
}
