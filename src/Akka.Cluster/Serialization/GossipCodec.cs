using System.Buffers;
using System.Collections.Immutable;
using System.Net;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Cluster.Membership;
using Akka.Cluster.Serialization.Proto;
using Akka.Util;

namespace Akka.Cluster.Serialization;

/// <summary>
/// Gossip to its wire form and back. On the wire everything that repeats stands once in a table and is named by its
/// index. Reading is the one place that distrusts a state: whatever it lets in can be merged, judged and written again,
/// and what cannot be so is no state at all.
/// </summary>
internal static class GossipCodec
{
    /// <summary>No version counts so far: one that claims to would leave nothing to count on with, and half of the
    /// numbers left over means that no two of them differ by more than fits.</summary>
    private const long HighestVersion = long.MaxValue / 2;

    // What an address is made of ends at these, and a control character has no business in a log.
    private static readonly SearchValues<char> Delimiters =
        SearchValues.Create("/@?#\\\"<> \t\r\n\0");

    public static GossipProto ToProto(Gossip gossip)
    {
        string[] roles = [.. gossip.Members.SelectMany(m => m.Roles).Distinct().Order(StringComparer.Ordinal)];
        string[] versions = [.. gossip.Members.Select(m => m.AppVersion.Version).Distinct()];
        var proto = new GossipProto { Version = new VectorClockProto(), Overview = new OverviewProto() };
        proto.AllRoles.Add(roles);
        proto.AllAppVersions.Add(versions);
        for (int i = 0; i < gossip.Members.Length; i++)
        {
            Member member = gossip.Members[i];
            proto.AllAddresses.Add(ToProto(member.UniqueAddress));
            var entry = new MemberProto
            {
                AddressIndex = i,
                UpNumber = member.UpNumber,
                Status = (MemberProto.Types.Status)member.Status,
                AppVersionIndex = Array.IndexOf(versions, member.AppVersion.Version),
            };
            entry.RolesIndexes.Add(member.SortedRoles().Select(role => Array.IndexOf(roles, role)));
            proto.Members.Add(entry);
        }

        AddClock(gossip.Version, proto.AllHashes, proto.Version);
        proto.Overview.Seen.Add(gossip.Seen.Select(node => IndexOf(gossip, node)));
        proto.Overview.ObserverReachability.Add(gossip.Reachability.Rows.Select(row => ToProto(gossip, row)));
        return proto;
    }

    /// <exception cref="SerializationException">What it says cannot be.</exception>
    public static Gossip FromProto(GossipProto? proto)
    {
        if (proto is null) throw Malformed("The message lacks its gossip.");
        UniqueAddress[] nodes = [.. proto.AllAddresses.Select(FromProto)];
        (ImmutableArray<Member> members, bool[] isMember) = Members(proto, nodes);
        OverviewProto overview = proto.Overview ?? new OverviewProto();
        Reachability.Row[] rows =
            [.. overview.ObserverReachability.Select(row => FromProto(MemberAt, row)).OrderBy(row => row.Observer)];
        RequireOnce(rows, row => row.Observer, "rows of observer");
        return new Gossip(
            members, NodeSet.Of(overview.Seen.Select(MemberAt)), new Reachability([.. rows]),
            FromProto(proto.Version, proto.AllHashes));

        UniqueAddress MemberAt(int index)
        {
            UniqueAddress node = At(nodes, index, "address");
            return isMember[index] ? node : throw Malformed($"Gossip names {node}, which is no member of it.");
        }
    }

    public static void AddClock(VectorClock clock, ICollection<string> hashes, VectorClockProto proto)
    {
        foreach (VectorClock.Entry entry in clock.Entries)
        {
            var version = new VectorClockProto.Types.Version { HashIndex = hashes.Count, Timestamp = entry.Version };
            proto.Versions.Add(version);
            hashes.Add(entry.Node);
        }
    }

    /// <exception cref="SerializationException">An index points outside of its table, a name comes twice, or a number
    /// is none that anybody counts to.</exception>
    public static VectorClock FromProto(VectorClockProto? proto, IList<string> hashes)
    {
        if (proto is null) return VectorClock.Empty;
        VectorClock clock = VectorClock.Of(proto.Versions.Select(version => new VectorClock.Entry(
            At(hashes, version.HashIndex, "hash"), Version(version.Timestamp))));
        RequireOnce(clock.Entries, entry => entry.Node, "versions of");
        return clock;
    }

    public static AddressProto ToProto(Address address) => new()
    {
        System = address.System,
        Hostname = address.Host ?? "",
        Port = (uint)(address.Port ?? 0),
        Protocol = address.Protocol,
    };

    /// <exception cref="SerializationException">It is missing, or no place that a node can be reached
    /// at.</exception>
    public static Address FromProto(AddressProto? proto)
    {
        if (proto is null) throw Malformed("A node came without an address.");
        bool isPlace = IsName(proto.Protocol) && IsName(proto.System) && IsName(proto.Hostname)
            && proto.Port is > 0 and <= IPEndPoint.MaxPort;
        return isPlace
            ? new Address(proto.Protocol, proto.System, proto.Hostname, (int)proto.Port)
            : throw Malformed($"No node can be reached at {proto}.");
    }

    public static UniqueAddressProto ToProto(UniqueAddress node) =>
        new() { Address = ToProto(node.Address), Uid = (uint)node.Uid };

    /// <exception cref="SerializationException">It is missing, or its address is none.</exception>
    public static UniqueAddress FromProto(UniqueAddressProto? proto) => new(FromProto(proto?.Address), (int)proto!.Uid);

    /// <summary>Older nodes send no version.</summary>
    public static AppVersion VersionOf(string text) => text.Length == 0 ? AppVersion.Zero : AppVersion.Of(text);

    /// <summary>Members sort by host, port and uid alone, which is enough as long as all are of one system.</summary>
    /// <exception cref="SerializationException">They are of different systems.</exception>
    public static void RequireOneSystem(Address one, Address other)
    {
        if (one.System != other.System || one.Protocol != other.Protocol)
            throw Malformed($"{one} and {other} are of different systems, which form no cluster.");
    }

    public static SerializationException Malformed(string what) => new(what);

    private static (ImmutableArray<Member> Members, bool[] IsMember) Members(GossipProto proto, UniqueAddress[] nodes)
    {
        AppVersion[] versions = [.. proto.AllAppVersions.Select(VersionOf)];
        bool[] isMember = new bool[nodes.Length];
        var members = ImmutableArray.CreateBuilder<Member>(proto.Members.Count);
        foreach (MemberProto entry in proto.Members)
        {
            UniqueAddress node = At(nodes, entry.AddressIndex, "address");
            ImmutableHashSet<string> roles =
                [.. entry.RolesIndexes.Select(index => At(proto.AllRoles, index, "role"))];
            // Nodes older than app versions send no table at all.
            AppVersion version = versions.Length == 0
                ? AppVersion.Zero
                : At(versions, entry.AppVersionIndex, "version");
            var status = (MemberStatus)entry.Status;
            if (!Enum.IsDefined(status) || status == MemberStatus.Removed)
                throw Malformed($"Member {node} has status {(int)status}, which no member has.");
            if (entry.UpNumber < 0) throw Malformed($"Member {node} has up-number {entry.UpNumber}.");
            RequireOneSystem(nodes[proto.Members[0].AddressIndex].Address, node.Address);
            members.Add(new Member(node, entry.UpNumber, status, roles, version));
            isMember[entry.AddressIndex] = true;
        }

        members.Sort(Member.Ordering);
        RequireOnce(members, member => member.UniqueAddress, "members");
        return (members.ToImmutable(), isMember);
    }

    private static ObserverProto ToProto(Gossip gossip, Reachability.Row row)
    {
        var proto = new ObserverProto { AddressIndex = IndexOf(gossip, row.Observer), Version = row.Version };
        proto.SubjectReachability.Add(row.Records.Select(record => new SubjectProto
        {
            AddressIndex = IndexOf(gossip, record.Subject),
            Status = (SubjectProto.Types.Status)record.Status,
            Version = record.Version,
        }));
        return proto;
    }

    private static Reachability.Row FromProto(Func<int, UniqueAddress> memberAt, ObserverProto proto)
    {
        Reachability.Record[] records =
            [.. proto.SubjectReachability.Select(each => FromProto(memberAt, each)).OrderBy(record => record.Subject)];
        RequireOnce(records, record => record.Subject, "records of subject");
        return new Reachability.Row(memberAt(proto.AddressIndex), Version(proto.Version), [.. records]);
    }

    private static Reachability.Record FromProto(Func<int, UniqueAddress> memberAt, SubjectProto proto)
    {
        var status = (ReachabilityStatus)proto.Status;
        if (!Enum.IsDefined(status)) throw Malformed($"Gossip holds the unknown reachability {(int)status}.");
        return new Reachability.Record(memberAt(proto.AddressIndex), status, Version(proto.Version));
    }

    private static int IndexOf(Gossip gossip, UniqueAddress node)
    {
        int index = MemberList.Find(gossip.Members, node);
        return index >= 0
            ? index
            : throw new InvalidOperationException($"Gossip names {node}, which is no member of it: {gossip}");
    }

    private static T At<T>(IList<T> table, int index, string what) => (uint)index < (uint)table.Count
        ? table[index]
        : throw Malformed($"Gossip names {what} number {index}, but its table has {table.Count}.");

    private static long Version(long version) => version is >= 0 and <= HighestVersion
        ? version
        : throw Malformed($"Gossip holds the version {version}; they go from 0 to {HighestVersion}.");

    private static bool IsName(string text) =>
        text.Length > 0 && !text.AsSpan().ContainsAny(Delimiters) && !text.Any(char.IsControl);

    /// <param name="sorted">By the key.</param>
    private static void RequireOnce<T, TKey>(IReadOnlyList<T> sorted, Func<T, TKey> key, string what)
        where TKey : IComparable<TKey>
    {
        for (int i = 1; i < sorted.Count; i++)
        {
            if (key(sorted[i - 1]).CompareTo(key(sorted[i])) == 0)
                throw Malformed($"Gossip holds two {what} {key(sorted[i])}.");
        }
    }
}
