using System.Diagnostics.CodeAnalysis;
using Iridium.Simulation.Virtual;

namespace Iridium.Simulation.Network;

/// <summary>All machines of a world and the links between them.</summary>
internal sealed class Fabric(World world, SeedRandom chance)
{
    private readonly List<Machine> _machines = [];
    private readonly Dictionary<(int From, int To), Link> _links = [];
    private int _processes;

    public IReadOnlyList<Machine> Machines => _machines;

    public SeedRandom Chance { get; } = chance;

    public Machine AddMachine(string host)
    {
        var machine = new Machine(world, host, _machines.Count);
        _machines.Add(machine);
        return machine;
    }

    public bool TryFind(string host, [NotNullWhen(true)] out Machine? machine)
    {
        machine = _machines.Find(each => string.Equals(each.Host, host, StringComparison.OrdinalIgnoreCase));
        return machine is not null;
    }

    public Link this[Machine from, Machine to]
    {
        get
        {
            if (!_links.TryGetValue((from.Index, to.Index), out Link? link))
            {
                link = new Link(world, Chance.Split($"{from.Host}>{to.Host}"), from, to);
                _links.Add((from.Index, to.Index), link);
            }
            return link;
        }
    }

    /// <summary>The links from each machine of one side to each of the other, without the way back.</summary>
    public IEnumerable<Link> Between(IEnumerable<Machine> from, IEnumerable<Machine> to)
    {
        Machine[] targets = [.. to];
        return from.SelectMany(source => targets.Where(target => target != source).Select(target => this[source, target]));
    }

    /// <summary>Lets nothing pass between the two sides, either way.</summary>
    public void Part(IReadOnlyCollection<Machine> side, IReadOnlyCollection<Machine> other)
    {
        foreach (Link link in Between(side, other).Concat(Between(other, side))) link.Cut = true;
        world.Note('F', null, $"parted {Names(side)} from {Names(other)}");
    }

    /// <summary>Lets nothing pass one way.</summary>
    public void CutOneWay(Machine from, Machine to)
    {
        this[from, to].Cut = true;
        world.Note('F', null, $"cut {from.Host}>{to.Host}");
    }

    /// <summary>All links carry everything again, at full speed.</summary>
    public void Heal()
    {
        foreach (Link link in _links.Values)
        {
            link.Cut = false;
            link.Loss = 0;
            link.BytesPerSecond = 0;
        }
        world.Note('F', null, "healed every link");
    }

    internal int NextProcessNumber() => ++_processes;

    private static string Names(IEnumerable<Machine> machines) => string.Join(",", machines.Select(each => each.Host));
}
