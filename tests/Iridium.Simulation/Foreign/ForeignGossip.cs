namespace Iridium.Simulation.Foreign;

internal enum MemberStatus
{
    Joining = 0,
    Up = 1,
    Leaving = 2,
    Exiting = 3,
    Down = 4,
    Removed = 5,
    WeaklyUp = 6,
}

/// <summary>
/// A gossip as it came, with the little this node reads of it: who is a member and how, who has seen it, and its
/// version. All it ever changes is its own mark among those who have seen.
/// </summary>
internal sealed class ForeignGossip
{
    private readonly ProtoMessage _raw;
    private readonly Being[] _beings;

    public ForeignGossip(ProtoMessage raw)
    {
        _raw = raw;
        _beings = [.. raw.Messages(1).Select(Being.Read)];
        Members = raw.Messages(4).ToDictionary(
            member => _beings[member.Int(1)], member => (MemberStatus)member.Int(3));
        ProtoMessage overview = raw.Message(5);
        Seen = overview.Ints(1).Select(index => _beings[index]).ToHashSet();
        string[] hashes = [.. raw.Texts(3)];
        Version = raw.Message(6).Messages(2).ToDictionary(entry => hashes[entry.Int(1)], entry => (long)entry.Number(2));
        Observers = [.. overview.Messages(2).Select(observer => _beings[observer.Int(1)])];
    }

    public IReadOnlyDictionary<Being, MemberStatus> Members { get; }

    public IReadOnlySet<Being> Seen { get; }

    public IReadOnlyList<Being> Observers { get; }

    public IReadOnlyDictionary<string, long> Version { get; }

    public ForeignGossip SeenBy(IEnumerable<Being> beings)
    {
        int[] seen = [.. Seen.Union(beings).Select(being => Array.IndexOf(_beings, being)).Where(index => index >= 0).Order()];
        ProtoMessage overview = new ProtoMessage().WithPacked(1, seen).WithAllBut(_raw.Message(5), 1);
        return new ForeignGossip(new ProtoMessage().WithAllBut(_raw, 5).With(5, overview));
    }

    public byte[] ToBytes() => _raw.ToBytes();

    /// <summary>As a status: the clock and its names without the members.</summary>
    public ProtoMessage Status(Being from)
    {
        ProtoMessage status = new ProtoMessage().With(1, from.Write());
        foreach (string hash in _raw.Texts(3)) status.With(2, hash);
        return status.With(3, _raw.Message(6));
    }

    /// <summary>-1: this one is older; 0: the same; 1: newer; null: neither has seen all of the other.</summary>
    public int? CompareTo(IReadOnlyDictionary<string, long> other)
    {
        bool ahead = Version.Any(entry => entry.Value > other.GetValueOrDefault(entry.Key, long.MinValue));
        bool behind = other.Any(entry => entry.Value > Version.GetValueOrDefault(entry.Key, long.MinValue));
        return (ahead, behind) switch
        {
            (true, true) => null,
            (true, false) => 1,
            (false, true) => -1,
            _ => 0,
        };
    }
}
