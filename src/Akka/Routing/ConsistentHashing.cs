using System.Globalization;
using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;

namespace Akka.Routing;

/// <summary>A message that says by what it is to be hashed.</summary>
public interface IConsistentHashable
{
    object ConsistentHashKey { get; }
}

/// <summary>A message together with what it is to be hashed by; the routee gets the message alone.</summary>
public sealed class ConsistentHashableEnvelope(object message, object hashKey) : RouterEnvelope(message),
    IConsistentHashable
{
    public object HashKey { get; } = hashKey;

    public object ConsistentHashKey => HashKey;
}

/// <summary>Says by what a message is hashed; null if it does not know.</summary>
public delegate object? ConsistentHashMapping(object msg);

/// <summary>
/// The same key goes to the same routee, and when routees come or go few keys move. Each routee stands at many points
/// of a ring; a key goes to the next point after its own hash.
/// </summary>
public sealed class ConsistentHashingRoutingLogic(ActorSystem system, int virtualNodesFactor = 0,
    ConsistentHashMapping? hashMapping = null) : RoutingLogic
{
    // One ring per set of routees: the array is the set, as routers never change theirs.
    private readonly ConditionalWeakTable<Routee[], HashRing> _rings = [];
    private readonly int _virtualNodes = virtualNodesFactor > 0 ? virtualNodesFactor : 10;

    public override Routee Select(object message, Routee[] routees)
    {
        if (routees.Length == 0) return Routee.NoRoutee;
        object? key = hashMapping?.Invoke(message is RouterEnvelope envelope ? envelope.Message : message)
            ?? (message as IConsistentHashable)?.ConsistentHashKey;
        if (key is null)
        {
            system.Log.Warning("Message [{0}] has no key to be hashed by; let it be IConsistentHashable, wrap it in a"
                + " ConsistentHashableEnvelope, or give the router a hash mapping.", message.GetType());
            return Routee.NoRoutee;
        }
        HashRing ring = _rings.GetValue(routees, all => new HashRing(all, _virtualNodes));
        return ring.After(HashRing.Of(TextOf(key)));
    }

    private static string TextOf(object key) => key switch
    {
        string text => text,
        byte[] bytes => Convert.ToHexString(bytes),
        IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
        _ => key.ToString() ?? key.GetType().Name,
    };
}

/// <summary>Points on a circle, each belonging to a routee.</summary>
internal sealed class HashRing
{
    private readonly uint[] _points;
    private readonly Routee[] _owners;

    public HashRing(Routee[] routees, int virtualNodes)
    {
        List<(uint Point, string Name, Routee Owner)> all = [];
        foreach (Routee routee in routees)
        {
            string name = routee.ToString() ?? "";
            for (int node = 0; node < virtualNodes; node++)
                all.Add((Of(string.Create(CultureInfo.InvariantCulture, $"{name}:{node}")), name, routee));
        }
        // By name where two points are the same, so that every node draws the same circle.
        all.Sort(static (left, right) => left.Point != right.Point
            ? left.Point.CompareTo(right.Point)
            : string.CompareOrdinal(left.Name, right.Name));
        _points = [.. all.Select(entry => entry.Point)];
        _owners = [.. all.Select(entry => entry.Owner)];
    }

    public Routee After(uint hash)
    {
        int index = Array.BinarySearch(_points, hash);
        if (index < 0) index = ~index;
        return _owners[index == _owners.Length ? 0 : index];
    }

    /// <summary>The stable hash with its bits stirred: FNV alone leaves neighbours of similar texts close
    /// together.</summary>
    public static uint Of(string text)
    {
        uint hash = (uint)StableHash.Of(text);
        hash = (hash ^ (hash >> 16)) * 0x85EBCA6B;
        hash = (hash ^ (hash >> 13)) * 0xC2B2AE35;
        return hash ^ (hash >> 16);
    }
}

public sealed class ConsistentHashingPool : Pool
{
    public ConsistentHashingPool(int nrOfInstances) : this(nrOfInstances, 0, null, null, null)
    {
    }

    public ConsistentHashingPool(int nrOfInstances, ConsistentHashMapping hashMapping)
        : this(nrOfInstances, 0, hashMapping, null, null)
    {
    }

    public ConsistentHashingPool(Config config)
        : this(Instances(config), config.GetInt("virtual-nodes-factor"), null, null, null)
    {
    }

    private ConsistentHashingPool(int nrOfInstances, int virtualNodes, ConsistentHashMapping? mapping,
        SupervisorStrategy? strategy, string? dispatcher) : base(nrOfInstances, strategy, dispatcher)
    {
        VirtualNodesFactor = virtualNodes;
        HashMapping = mapping;
    }

    public int VirtualNodesFactor { get; }

    internal ConsistentHashMapping? HashMapping { get; }

    public override Router CreateRouter(ActorSystem system) =>
        new(new ConsistentHashingRoutingLogic(system, VirtualNodesFactor, HashMapping));

    public ConsistentHashingPool WithVirtualNodesFactor(int vnodes) =>
        new(NrOfInstances, vnodes, HashMapping, SupervisorStrategy, RouterDispatcher);

    public ConsistentHashingPool WithHashMapping(ConsistentHashMapping mapping) =>
        new(NrOfInstances, VirtualNodesFactor, mapping, SupervisorStrategy, RouterDispatcher);

    public ConsistentHashingPool WithSupervisorStrategy(SupervisorStrategy strategy) =>
        new(NrOfInstances, VirtualNodesFactor, HashMapping, strategy, RouterDispatcher);

    public ConsistentHashingPool WithDispatcher(string dispatcher) =>
        new(NrOfInstances, VirtualNodesFactor, HashMapping, SupervisorStrategy, dispatcher);

    // How messages are hashed is code; a configuration says the rest.
    public override RouterConfig WithFallback(RouterConfig routerConfig) =>
        HashMapping is null && routerConfig is ConsistentHashingPool { HashMapping: { } mapping }
            ? WithHashMapping(mapping)
            : this;
}

public sealed class ConsistentHashingGroup : Group
{
    private readonly int _virtualNodes;
    private readonly ConsistentHashMapping? _mapping;

    public ConsistentHashingGroup(params string[] paths) : this(paths, 0, null)
    {
    }

    public ConsistentHashingGroup(IEnumerable<string> paths) : this(paths, 0, null)
    {
    }

    public ConsistentHashingGroup(Config config) : this(Paths(config), config.GetInt("virtual-nodes-factor"), null)
    {
    }

    private ConsistentHashingGroup(IEnumerable<string> paths, int virtualNodes, ConsistentHashMapping? mapping)
        : base(paths)
    {
        _virtualNodes = virtualNodes;
        _mapping = mapping;
    }

    public override Router CreateRouter(ActorSystem system) =>
        new(new ConsistentHashingRoutingLogic(system, _virtualNodes, _mapping));

    public ConsistentHashingGroup WithHashMapping(ConsistentHashMapping mapping) =>
        new(GetPaths(null!), _virtualNodes, mapping);

    public ConsistentHashingGroup WithVirtualNodesFactor(int vnodes) => new(GetPaths(null!), vnodes, _mapping);

    public override RouterConfig WithFallback(RouterConfig routerConfig) =>
        _mapping is null && routerConfig is ConsistentHashingGroup { _mapping: { } mapping }
            ? WithHashMapping(mapping) : this;
}
