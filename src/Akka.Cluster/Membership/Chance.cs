namespace Akka.Cluster.Membership;

/// <summary>
/// A stream of random numbers as a value, so that the state of a node holds its own chance and the same state with the
/// same input always takes the same step (SplitMix64).
/// </summary>
internal readonly record struct Chance(ulong State)
{
    public (ulong Number, Chance Next) Draw()
    {
        ulong state = unchecked(State + 0x9E3779B97F4A7C15UL);
        ulong mixed = unchecked((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9UL);
        mixed = unchecked((mixed ^ (mixed >> 27)) * 0x94D049BB133111EBUL);
        return (mixed ^ (mixed >> 31), new Chance(state));
    }

    /// <summary>At least 0, below 1.</summary>
    public (double Fraction, Chance Next) Fraction()
    {
        (ulong number, Chance next) = Draw();
        return ((number >> 11) * (1.0 / (1UL << 53)), next);
    }

    /// <summary>At least 0, below <paramref name="count"/>.</summary>
    public (int Index, Chance Next) Index(int count)
    {
        (ulong number, Chance next) = Draw();
        return ((int)(number % (uint)count), next);
    }
}
