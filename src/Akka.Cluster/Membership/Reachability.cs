using System.Collections.Immutable;

namespace Akka.Cluster.Membership;

/// <summary>What one node says about another. The numbers are those of the wire.</summary>
internal enum ReachabilityStatus
{
    Reachable = 0,
    Unreachable = 1,

    /// <summary>
    /// Gone for good: its address was quarantined, or a newer life of it asked to join. Never taken back.
    /// </summary>
    Terminated = 2,
}

/// <summary>
/// Who cannot reach whom: a row per observer, and in it a record per subject. Only the observer writes its row, and
/// its version grows with each change, so that of two rows of one observer the higher version is simply the truth.
/// </summary>
/// <param name="Rows">Sorted by observer. A row may be empty: its version must live on.</param>
internal sealed record Reachability(ImmutableArray<Reachability.Row> Rows)
{
    public static readonly Reachability Empty = new([]);

    public bool IsAllReachable =>
        Rows.All(row => row.Records.All(record => record.Status == ReachabilityStatus.Reachable));

    public Reachability Unreachable(UniqueAddress observer, UniqueAddress subject) =>
        Change(observer, subject, ReachabilityStatus.Unreachable);

    public Reachability Reachable(UniqueAddress observer, UniqueAddress subject) =>
        Change(observer, subject, ReachabilityStatus.Reachable);

    public Reachability Terminated(UniqueAddress observer, UniqueAddress subject) =>
        Change(observer, subject, ReachabilityStatus.Terminated);

    /// <summary>What one observer says of one subject.</summary>
    public ReachabilityStatus Status(UniqueAddress observer, UniqueAddress subject)
    {
        int at = FindRow(observer);
        if (at < 0) return ReachabilityStatus.Reachable;
        foreach (Record record in Rows[at].Records)
        {
            if (record.Subject.Equals(subject)) return record.Status;
        }

        return ReachabilityStatus.Reachable;
    }

    /// <summary>The worst that any observer says.</summary>
    public ReachabilityStatus Status(UniqueAddress subject)
    {
        ReachabilityStatus worst = ReachabilityStatus.Reachable;
        foreach (Row row in Rows)
        {
            foreach (Record record in row.Records)
            {
                if (record.Status > worst && record.Subject.Equals(subject)) worst = record.Status;
            }
        }

        return worst;
    }

    public bool IsReachable(UniqueAddress subject) => Status(subject) == ReachabilityStatus.Reachable;

    public bool IsReachable(UniqueAddress observer, UniqueAddress subject) =>
        Status(observer, subject) == ReachabilityStatus.Reachable;

    /// <summary>Every node that somebody cannot reach, sorted.</summary>
    public ImmutableArray<UniqueAddress> AllUnreachable()
    {
        ImmutableArray<UniqueAddress> found = [];
        foreach (Row row in Rows)
        {
            foreach (Record record in row.Records)
            {
                if (record.Status != ReachabilityStatus.Reachable) found = found.With(record.Subject);
            }
        }

        return found;
    }

    /// <summary>Every node that this observer cannot reach, sorted.</summary>
    public ImmutableArray<UniqueAddress> AllUnreachableFrom(UniqueAddress observer)
    {
        int at = FindRow(observer);
        return at < 0
            ? []
            : [.. Rows[at].Records.Where(r => r.Status != ReachabilityStatus.Reachable).Select(r => r.Subject)];
    }

    /// <summary>Everyone who reports somebody as unreachable, sorted.</summary>
    public ImmutableArray<UniqueAddress> AllObservers() =>
        [.. Rows.Where(row => row.Records.Any(r => r.Status != ReachabilityStatus.Reachable))
            .Select(row => row.Observer)];

    /// <summary>The records of all rows that are not Reachable.</summary>
    public IEnumerable<(UniqueAddress Observer, UniqueAddress Subject)> Complaints()
    {
        foreach (Row row in Rows)
        {
            foreach (Record record in row.Records)
            {
                if (record.Status != ReachabilityStatus.Reachable) yield return (row.Observer, record.Subject);
            }
        }
    }

    /// <summary>Nothing that these nodes said or that was said of them.</summary>
    public Reachability Remove(ImmutableArray<UniqueAddress> nodes) =>
        nodes.IsEmpty ? this : Filter(row => !nodes.Has(row.Observer), (_, record) => !nodes.Has(record.Subject));

    /// <summary>Nothing that these nodes said.</summary>
    public Reachability RemoveObservers(ImmutableArray<UniqueAddress> observers) =>
        observers.IsEmpty ? this : Filter(row => !observers.Has(row.Observer), (_, _) => true);

    /// <summary>Without the given records; empty rows keep their version.</summary>
    public Reachability Without(Func<UniqueAddress, UniqueAddress, bool> observerSubject) =>
        Filter(_ => true, (row, record) => !observerSubject(row.Observer, record.Subject));

    /// <summary>
    /// Per observer the row of the higher version; observers and subjects that are no longer members are dropped. Rows
    /// of the same version differ only where one side has dropped a subject that the other still has.
    /// </summary>
    public Reachability Merge(ImmutableArray<Member> members, Reachability other)
    {
        if (Rows.IsEmpty && other.Rows.IsEmpty) return Empty;
        var merged = ImmutableArray.CreateBuilder<Row>();
        foreach (Member member in members)
        {
            Row? mine = RowOf(member.UniqueAddress);
            Row? theirs = other.RowOf(member.UniqueAddress);
            long difference = (mine?.Version ?? 0) - (theirs?.Version ?? 0);
            Row? winner = difference > 0 ? mine : difference < 0 ? theirs : Union(mine, theirs);
            if (winner is not null)
                merged.Add(winner with { Records = winner.Records.RemoveAll(r => !IsMember(members, r.Subject)) });
        }

        return new(merged.ToImmutable());
    }

    public Row? RowOf(UniqueAddress observer)
    {
        int at = FindRow(observer);
        return at >= 0 ? Rows[at] : null;
    }

    public bool Equals(Reachability? other) => other is not null && Rows.SequenceEqual(other.Rows);

    public override int GetHashCode() => Rows.Length;

    public override string ToString() => string.Join(", ", Rows.SelectMany(row =>
        row.Records.Select(r => $"{row.Observer.Address} -> {r.Subject.Address}: {r.Status} ({r.Version})")));

    private static Row? Union(Row? mine, Row? theirs)
    {
        if (mine is null || theirs is null || mine.Equals(theirs)) return mine ?? theirs;
        IEnumerable<Record> union = mine.Records.Concat(theirs.Records)
            .GroupBy(record => record.Subject, (_, same) => same.MaxBy(record => record.Version))
            .OrderBy(record => record.Subject);
        return mine with { Records = [.. union] };
    }

    private Reachability Change(UniqueAddress observer, UniqueAddress subject, ReachabilityStatus status)
    {
        int rowAt = FindRow(observer);
        Row row = rowAt >= 0 ? Rows[rowAt] : new Row(observer, 0, []);
        int recordAt = FindRecord(row.Records, subject);
        ReachabilityStatus before = recordAt >= 0 ? row.Records[recordAt].Status : ReachabilityStatus.Reachable;
        if (before == status || before == ReachabilityStatus.Terminated) return this;

        long version = row.Version + 1;
        var record = new Record(subject, status, version);
        ImmutableArray<Record> records = recordAt >= 0
            ? row.Records.SetItem(recordAt, record)
            : row.Records.Insert(~recordAt, record);
        // An observer that complains of nobody any more needs no records, but must not fall back to an older version.
        if (records.All(r => r.Status == ReachabilityStatus.Reachable)) records = [];
        var changed = new Row(observer, version, records);
        return new(rowAt >= 0 ? Rows.SetItem(rowAt, changed) : Rows.Insert(~rowAt, changed));
    }

    private Reachability Filter(Func<Row, bool> keepRow, Func<Row, Record, bool> keepRecord) => new(
    [
        .. Rows.Where(keepRow).Select(row => row with { Records = row.Records.RemoveAll(r => !keepRecord(row, r)) }),
    ]);

    private static bool IsMember(ImmutableArray<Member> members, UniqueAddress node) =>
        MemberList.Find(members, node) >= 0;

    private int FindRow(UniqueAddress observer)
    {
        for (int i = 0; i < Rows.Length; i++)
        {
            int order = Rows[i].Observer.CompareTo(observer);
            if (order == 0) return i;
            if (order > 0) return ~i;
        }

        return ~Rows.Length;
    }

    private static int FindRecord(ImmutableArray<Record> records, UniqueAddress subject)
    {
        for (int i = 0; i < records.Length; i++)
        {
            int order = records[i].Subject.CompareTo(subject);
            if (order == 0) return i;
            if (order > 0) return ~i;
        }

        return ~records.Length;
    }

    /// <param name="Records">Sorted by subject.</param>
    internal sealed record Row(UniqueAddress Observer, long Version, ImmutableArray<Record> Records)
    {
        public bool Equals(Row? other) =>
            other is not null && Version == other.Version && Observer.Equals(other.Observer)
            && Records.SequenceEqual(other.Records);

        public override int GetHashCode() => Observer.Uid;
    }

    internal readonly record struct Record(UniqueAddress Subject, ReachabilityStatus Status, long Version);
}
