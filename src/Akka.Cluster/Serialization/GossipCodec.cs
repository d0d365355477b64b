using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Membership;
using Akka.Cluster.Serialization.Proto;
using Akka.Util;

namespace Akka.Cluster.Serialization;

/// <summary>Gossip to its wire form and back. On the wire everything that repeats stands once in a table and is named
/// by its index; an index that points nowhere makes the whole message invalid.</summary>
internal static class GossipCodec
{
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

    /// <exception cref="ArgumentException">An index points outside of its table.</exception>
    public static Gossip FromProto(GossipProto proto)
    {
        UniqueAddress[] nodes = [.. proto.AllAddresses.Select(FromProto)];
        AppVersion[] versions = [.. proto.AllAppVersions.Select(AppVersion.Create)];
        var members = ImmutableArray.CreateBuilder<Member>(proto.Members.Count);
        foreach (MemberProto entry in proto.Members)
        {
            ImmutableHashSet<string> roles =
                [.. entry.RolesIndexes.Select(index => At(proto.AllRoles, index, "role"))];
            // Nodes older than app versions send no table at all.
            AppVersion version = versions.Length == 0
                ? AppVersion.Zero
                : At(versions, entry.AppVersionIndex, "version");
            members.Add(new Member(
                At(nodes, entry.AddressIndex, "address"), entry.UpNumber, (MemberStatus)entry.Status, roles, version));
        }

        members.Sort(Member.Ordering);
        OverviewProto overview = proto.Overview ?? new OverviewProto();
        return new Gossip(
            members.ToImmutable(),
            NodeSet.Of(overview.Seen.Select(index => At(nodes, index, "address"))),
            new Reachability(
                [.. overview.ObserverReachability.Select(row => FromProto(nodes, row)).OrderBy(row => row.Observer)]),
            FromProto(proto.Version, proto.AllHashes));
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

    public static VectorClock FromProto(VectorClockProto? proto, IList<string> hashes) => proto is null
        ? VectorClock.Empty
        : VectorClock.Of(proto.Versions
            .Select(v => new VectorClock.Entry(At(hashes, v.HashIndex, "hash"), v.Timestamp)));

    public static AddressProto ToProto(Address address) => new()
    {
        System = address.System,
        Hostname = address.Host ?? "",
        Port = (uint)(address.Port ?? 0),
        Protocol = address.Protocol,
    };

    public static Address FromProto(AddressProto proto) => proto.Hostname.Length == 0
        ? new Address(proto.Protocol, proto.System)
        : new Address(proto.Protocol, proto.System, proto.Hostname, proto.Port == 0 ? null : (int)proto.Port);

    public static UniqueAddressProto ToProto(UniqueAddress node) =>
        new() { Address = ToProto(node.Address), Uid = (uint)node.Uid };

    public static UniqueAddress FromProto(UniqueAddressProto proto) =>
        new(FromProto(proto.Address ?? throw new ArgumentException("A node without an address.")), (int)proto.Uid);

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

    private static Reachability.Row FromProto(UniqueAddress[] nodes, ObserverProto proto) => new(
        At(nodes, proto.AddressIndex, "address"),
        proto.Version,
        [
            .. proto.SubjectReachability
                .Select(s => new Reachability.Record(
                    At(nodes, s.AddressIndex, "address"), (ReachabilityStatus)s.Status, s.Version))
                .OrderBy(record => record.Subject),
        ]);

    private static int IndexOf(Gossip gossip, UniqueAddress node)
    {
        int index = MemberList.Find(gossip.Members, node);
        return index >= 0
            ? index
            : throw new InvalidOperationException($"Gossip names {node}, which is no member of it: {gossip}");
    }

    private static T At<T>(IList<T> table, int index, string what) => (uint)index < (uint)table.Count
        ? table[index]
        : throw new ArgumentException($"Gossip names {what} number {index}, but its table has {table.Count}.");
}
