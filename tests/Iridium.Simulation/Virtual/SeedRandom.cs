namespace Iridium.Simulation.Virtual;

/// <summary>
/// A stream of chance that splits: the stream of a name depends on the seed and the name alone, never on how much was
/// drawn elsewhere. So a story can lose a fault without its network being reshuffled.
/// </summary>
/// <remarks>SplitMix64: one addition and three multiplications a draw, and every 64-bit state is a good seed.</remarks>
internal sealed class SeedRandom(ulong seed) : Random
{
    private readonly ulong _seed = seed;
    private ulong _drawn;

    public ulong NextBits()
    {
        _drawn += 0x9E3779B97F4A7C15UL;
        return Scramble(_seed + _drawn);
    }

    /// <summary>The stream of this name; asking twice gives the same stream twice.</summary>
    public SeedRandom Split(string name) => new(Scramble(_seed ^ HashOf(name)));

    /// <summary>True once in so many draws on average; never when <paramref name="times"/> is 0.</summary>
    public bool OneIn(int times) => times > 0 && Next(times) == 0;

    public bool Chance(double probability) => probability > 0 && NextDouble() < probability;

    public long Between(long least, long most) => least >= most ? least : least + NextInt64(most - least + 1);

    public TimeSpan Between(TimeSpan least, TimeSpan most) => new(Between(least.Ticks, most.Ticks));

    public T Pick<T>(IReadOnlyList<T> items) => items[Next(items.Count)];

    public override int Next() => (int)(NextBits() >> 33) & 0x7FFFFFFE;

    public override int Next(int maxValue) => (int)(((NextBits() >> 32) * (ulong)Math.Max(maxValue, 1)) >> 32);

    public override int Next(int minValue, int maxValue) =>
        (int)(minValue + (long)(((NextBits() >> 32) * (ulong)Math.Max((long)maxValue - minValue, 1)) >> 32));

    public override long NextInt64() => (long)(NextBits() >> 1);

    public override long NextInt64(long maxValue) =>
        (long)Math.BigMul(NextBits(), (ulong)Math.Max(maxValue, 1), out _);

    public override long NextInt64(long minValue, long maxValue) => minValue + NextInt64(maxValue - minValue);

    public override double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    public override float NextSingle() => (NextBits() >> 40) * (1.0f / (1U << 24));

    protected override double Sample() => NextDouble();

    public override void NextBytes(byte[] buffer) => NextBytes(buffer.AsSpan());

    public override void NextBytes(Span<byte> buffer)
    {
        for (int index = 0; index < buffer.Length; index++) buffer[index] = (byte)(NextBits() >> 56);
    }

    /// <summary>Spreads every bit of the input over all bits of the output; also what the rolling hash is made
    /// of.</summary>
    public static ulong Scramble(ulong bits)
    {
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9UL;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EBUL;
        return bits ^ (bits >> 31);
    }

    // The runtime's own string hashes differ from process to process.
    private static ulong HashOf(string name)
    {
        ulong hash = 14695981039346656037UL;
        foreach (char letter in name) hash = (hash ^ letter) * 1099511628211UL;
        return hash;
    }
}
