using System.Collections.Immutable;

namespace Akka.Cluster.Membership;

/// <summary>How one version of the gossip relates to another.</summary>
internal enum ClockOrder
{
    Same,
    Before,
    After,
    Concurrent,
}

/// <summary>
/// Counts the changes that each node has made, so that any two gossips can be ordered or found concurrent.
/// </summary>
/// <param name="Entries">Sorted by node name (<see cref="UniqueAddress.ClockName"/>), each name once.</param>
internal sealed record VectorClock(ImmutableArray<VectorClock.Entry> Entries)
{
    public static readonly VectorClock Empty = new([]);

    public long this[string node]
    {
        get
        {
            int at = Find(node);
            return at >= 0 ? Entries[at].Version : 0;
        }
    }

    /// <summary>One more change made by <paramref name="node"/>.</summary>
    public VectorClock Increment(string node)
    {
        int at = Find(node);
        return at >= 0
            ? new(Entries.SetItem(at, new Entry(node, Entries[at].Version + 1)))
            : new(Entries.Insert(~at, new Entry(node, 1)));
    }

    /// <summary>Forgets a node that is gone, or the clock would grow for ever.</summary>
    public VectorClock Prune(string node)
    {
        int at = Find(node);
        return at >= 0 ? new(Entries.RemoveAt(at)) : this;
    }

    /// <summary>The smallest clock that is not before either.</summary>
    public VectorClock Merge(VectorClock other)
    {
        var merged = ImmutableArray.CreateBuilder<Entry>(Math.Max(Entries.Length, other.Entries.Length));
        int i = 0, j = 0;
        while (i < Entries.Length || j < other.Entries.Length)
        {
            int order = OrderAt(Entries, i, other.Entries, j);
            if (order < 0) merged.Add(Entries[i++]);
            else if (order > 0) merged.Add(other.Entries[j++]);
            else
            {
                Entry mine = Entries[i++];
                Entry theirs = other.Entries[j++];
                merged.Add(mine.Version >= theirs.Version ? mine : theirs);
            }
        }

        return new(merged.ToImmutable());
    }

    /// <summary>
    /// An entry that only one side has makes that side newer in it, whatever its number: a missing entry is absent,
    /// not 0.
    /// </summary>
    public ClockOrder CompareTo(VectorClock other)
    {
        if (ReferenceEquals(this, other)) return ClockOrder.Same;
        bool newer = false, older = false;
        int i = 0, j = 0;
        while ((i < Entries.Length || j < other.Entries.Length) && !(newer && older))
        {
            int order = OrderAt(Entries, i, other.Entries, j);
            if (order < 0) { newer = true; i++; }
            else if (order > 0) { older = true; j++; }
            else
            {
                long difference = Entries[i++].Version - other.Entries[j++].Version;
                newer |= difference > 0;
                older |= difference < 0;
            }
        }

        return (newer, older) switch
        {
            (false, false) => ClockOrder.Same,
            (true, false) => ClockOrder.After,
            (false, true) => ClockOrder.Before,
            _ => ClockOrder.Concurrent,
        };
    }

    public bool Equals(VectorClock? other) => other is not null && Entries.SequenceEqual(other.Entries);

    public override int GetHashCode() => Entries.Length == 0 ? 0 : (int)Entries[0].Version;

    public override string ToString() =>
        $"VectorClock({string.Join(", ", Entries.Select(e => $"{e.Node} -> {e.Version}"))})";

    /// <summary>Entries in any order, as they come from the wire.</summary>
    public static VectorClock Of(IEnumerable<Entry> entries) =>
        new([.. entries.OrderBy(e => e.Node, StringComparer.Ordinal)]);

    private static int OrderAt(ImmutableArray<Entry> left, int i, ImmutableArray<Entry> right, int j)
    {
        if (i >= left.Length) return 1;
        if (j >= right.Length) return -1;
        return string.CompareOrdinal(left[i].Node, right[j].Node);
    }

    private int Find(string node)
    {
        int low = 0, high = Entries.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            int order = string.CompareOrdinal(Entries[middle].Node, node);
            if (order == 0) return middle;
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }

        return ~low;
    }

    internal readonly record struct Entry(string Node, long Version);
}
