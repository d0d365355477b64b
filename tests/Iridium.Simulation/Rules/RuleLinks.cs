using Iridium.Simulation.Virtual;

namespace Iridium.Simulation.Rules;

/// <summary>Which way messages pass between nodes, as a table of cuts; several faults may cut the same way.</summary>
internal sealed class RuleLinks(int nodes, SeedRandom chance)
{
    private readonly int[] _cuts = new int[nodes * nodes];

    public double Loss { get; set; }

    public void Cut(int from, int to, int change) => _cuts[from * nodes + to] += change;

    public void CutBoth(int one, int other, int change)
    {
        Cut(one, other, change);
        Cut(other, one, change);
    }

    /// <summary>Between the nodes of a side, given as bits, and all others.</summary>
    public void Part(int side, int change)
    {
        for (int one = 0; one < nodes; one++)
        {
            for (int other = 0; other < nodes; other++)
            {
                if ((side >> one & 1) != (side >> other & 1)) Cut(one, other, change);
            }
        }
    }

    public bool IsOpen(int from, int to) => _cuts[from * nodes + to] == 0;

    public bool Passes(int from, int to) => IsOpen(from, to) && !chance.Chance(Loss);
}
