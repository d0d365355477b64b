using System.Collections.Immutable;
using System.Text;
using Akka.Actor;

namespace Akka.Cluster.Tools.PublishSubscribe;

/// <summary>Where something is reachable.</summary>
/// <param name="Version">Milliseconds since the year 1; higher is newer.</param>
/// <param name="Ref">A full path; empty for something that is not there any more.</param>
internal sealed record Entry(long Version, string Ref);

/// <summary>What one node has registered.</summary>
internal sealed record Bucket(Address Owner, long Version, ImmutableSortedDictionary<string, Entry> Content)
{
    public static Bucket Empty(Address owner) =>
        new(owner, 0, ImmutableSortedDictionary.Create<string, Entry>(StringComparer.Ordinal));
}

/// <summary>
/// What all nodes have registered, as far as this one knows: a bucket per node, written only by its owner and spread
/// by gossip. Removed entries stay for a while as empty ones, so that others learn of it.
/// </summary>
internal sealed record TopicRegistry(Address Self, ImmutableSortedDictionary<Address, Bucket> Buckets)
{
    // Tags of one byte, lengths of up to five, versions of up to ten.
    private const int EntryOverhead = (5 * 1) + (4 * 5) + 10;
    private const int BucketOverhead = (8 * 1) + (5 * 5) + 10 + 5;

    public static TopicRegistry Of(Address self) =>
        new(self, ImmutableSortedDictionary<Address, Bucket>.Empty.Add(self, Bucket.Empty(self)));

    public ImmutableSortedDictionary<Address, long> Versions =>
        Buckets.ToImmutableSortedDictionary(bucket => bucket.Key, bucket => bucket.Value.Version);

    private Bucket Own => Buckets[Self];

    /// <summary>Registers or, with an empty reference, removes.</summary>
    /// <param name="now">Milliseconds since the year 1; the version is higher even if the clock stands still.</param>
    public TopicRegistry Put(string key, string reference, long now)
    {
        long version = Math.Max(now, Own.Version + 1);
        return With(Own with { Version = version, Content = Own.Content.SetItem(key, new Entry(version, reference)) });
    }

    /// <summary>Who is registered under this key on this node; null if nobody is.</summary>
    public string? OwnOf(string key) =>
        Own.Content.TryGetValue(key, out Entry? entry) && entry.Ref.Length > 0 ? entry.Ref : null;

    /// <summary>Everywhere this key is registered, sorted by node.</summary>
    public IEnumerable<(Address Owner, string Ref)> Find(string key)
    {
        foreach (Bucket bucket in Buckets.Values)
        {
            if (bucket.Content.TryGetValue(key, out Entry? entry) && entry.Ref.Length > 0)
                yield return (bucket.Owner, entry.Ref);
        }
    }

    /// <summary>The registered keys directly below a prefix that ends with a slash, sorted.</summary>
    public ImmutableSortedSet<string> KeysBelow(string prefix) =>
        KeysUnder(prefix).Where(key => !key.AsSpan(prefix.Length).Contains('/')).ToImmutableSortedSet(StringComparer.Ordinal);

    /// <summary>The registered keys that begin with a prefix, however deep, sorted.</summary>
    public ImmutableSortedSet<string> KeysUnder(string prefix) => Buckets.Values
        .SelectMany(bucket => bucket.Content)
        .Where(entry => entry.Value.Ref.Length > 0 && entry.Key.StartsWith(prefix, StringComparison.Ordinal))
        .Select(entry => entry.Key)
        .ToImmutableSortedSet(StringComparer.Ordinal);

    /// <summary>What is newer here than there, at most so many entries, the oldest first, that take so many bytes at
    /// most.</summary>
    /// <remarks>An entry that no message can hold is left out: it would hold up for ever whatever is newer.</remarks>
    public ImmutableArray<Bucket> DeltaFor(IReadOnlyDictionary<Address, long> theirs, int most, int mostBytes)
    {
        int left = mostBytes;
        var delta = ImmutableArray.CreateBuilder<Bucket>();
        foreach (Bucket bucket in Buckets.Values)
        {
            long known = theirs.GetValueOrDefault(bucket.Owner);
            int head = BucketBytes(bucket.Owner);
            if (bucket.Version <= known || most <= 0 || (left < head && left < mostBytes)) continue;
            KeyValuePair<string, Entry>[] newer =
                [.. bucket.Content.Where(entry => entry.Value.Version > known).OrderBy(entry => entry.Value.Version)];
            var sent = ImmutableSortedDictionary.CreateBuilder<string, Entry>(StringComparer.Ordinal);
            int room = left - head;
            int seen = 0;
            for (; seen < newer.Length && most > 0; seen++)
            {
                int bytes = EntryBytes(newer[seen].Key, newer[seen].Value.Ref);
                if (bytes > mostBytes - head) continue;
                if (bytes > room) break;
                room -= bytes;
                most--;
                sent.Add(newer[seen]);
            }

            if (seen == 0 && newer.Length > 0) continue;
            left = room;
            // A part of a bucket is as new as the newest entry that was looked at: the rest is asked for next time.
            long version = seen == newer.Length ? bucket.Version : newer[seen - 1].Value.Version;
            delta.Add(new Bucket(bucket.Owner, version, sent.ToImmutable()));
        }

        return delta.ToImmutable();
    }

    /// <summary>What an entry takes of a message, or a little more: its texts, a version, tags and lengths.</summary>
    public static int EntryBytes(string key, string reference) =>
        Encoding.UTF8.GetByteCount(key) + Encoding.UTF8.GetByteCount(reference) + EntryOverhead;

    public bool IsBehind(IReadOnlyDictionary<Address, long> theirs) =>
        theirs.Any(other => other.Value > (Buckets.GetValueOrDefault(other.Key)?.Version ?? 0));

    /// <summary>Takes what is newer; buckets of those who are no members are left out.</summary>
    public TopicRegistry Merge(IEnumerable<Bucket> delta, Predicate<Address> isMember)
    {
        TopicRegistry merged = this;
        foreach (Bucket news in delta)
        {
            if (news.Owner.Equals(Self) || !isMember(news.Owner)) continue;
            Bucket known = merged.Buckets.GetValueOrDefault(news.Owner) ?? Bucket.Empty(news.Owner);
            if (news.Version <= known.Version) continue;
            Bucket updated = known with { Version = news.Version, Content = known.Content.SetItems(news.Content) };
            merged = merged.With(updated);
        }

        return merged;
    }

    public TopicRegistry Without(Address owner) =>
        owner.Equals(Self) ? this : this with { Buckets = Buckets.Remove(owner) };

    /// <summary>Forgets what was removed before this moment.</summary>
    public TopicRegistry Prune(long before)
    {
        TopicRegistry pruned = this;
        foreach (Bucket bucket in Buckets.Values)
        {
            string[] gone =
                [.. bucket.Content.Where(e => e.Value.Ref.Length == 0 && e.Value.Version < before).Select(e => e.Key)];
            if (gone.Length > 0) pruned = pruned.With(bucket with { Content = bucket.Content.RemoveRange(gone) });
        }

        return pruned;
    }

    private static int BucketBytes(Address owner) => Encoding.UTF8.GetByteCount(owner.ToString()) + BucketOverhead;

    private TopicRegistry With(Bucket bucket) => this with { Buckets = Buckets.SetItem(bucket.Owner, bucket) };
}
