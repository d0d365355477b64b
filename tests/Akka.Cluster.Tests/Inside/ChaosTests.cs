using Akka.Cluster.Membership;
using Akka.Cluster.SBR;

namespace Akka.Cluster.Tests.Inside;

/// <summary>
/// Random faults on random clusters: cuts in one or both directions, crashes, restarts on the same address, leaving.
/// After all is mended the nodes that are still in must agree on who is in, and never may two parts go on without
/// each other.
/// </summary>
public class ChaosTests
{
    private const int Seeds = 300;

    private static readonly ClusterNodeSettings Settings = new()
    {
        Downing = new SplitBrainRules(new KeepMajority(null), TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(5)),
    };

    [Fact]
    public void After_any_faults_who_is_left_agrees_on_who_is_left()
    {
        for (int seed = 0; seed < Seeds; seed++) Play(seed);
    }

    private static void Play(int seed)
    {
        var chance = new Random(seed);
        int count = chance.Next(2, 7);
        int[] all = [.. Enumerable.Range(1, count)];
        var lives = all.ToDictionary(number => number, _ => 1);
        World world = new World(Settings).StartAll(all);
        world.Until(() => world.AllUp(all), 60);

        for (int fault = chance.Next(1, 6); fault > 0; fault--)
        {
            Disturb(world, chance, all, lives);
            world.Run(chance.NextDouble() * 20);
        }

        world.Heal();
        world.Run(90);
        int[] left = [.. all.Where(number => world.IsInside(number))];
        foreach (int number in left)
        {
            IEnumerable<UniqueAddress> members = world[number].Gossip.Members.Select(member => member.UniqueAddress);
            Assert.True(
                members.SequenceEqual(left.Select(each => world[each].Self).Order())
                && world[number].Gossip.Members.All(member => member.Status == MemberStatus.Up),
                $"seed {seed}: node {number} of [{string.Join(" ", left)}] sees {world[number].Gossip}");
        }
    }

    private static void Disturb(World world, Random chance, int[] all, Dictionary<int, int> lives)
    {
        int one = all[chance.Next(all.Length)];
        int other = all[chance.Next(all.Length)];
        switch (chance.Next(7))
        {
            case 0:
                foreach (int far in all.Where(number => number != one)) world.CutBoth(one, far);
                break;
            case 1:
                foreach (int here in all.Where(number => number <= one))
                {
                    foreach (int there in all.Where(number => number > one)) world.CutBoth(here, there);
                }

                break;
            case 2 when one != other: world.Cut(one, other); break;
            case 3 when one != other: world.CutBoth(one, other); break;
            case 4: world.Heal(); break;
            case 5: world.Kill(one); break;
            case 6 when world.IsInside(one): world.Tell(one, new Leave(Nodes.AddressOf(one))); break;
        }

        // Who is gone comes back now and then; not as the first seed, which could found a cluster of its own while it
        // is cut off.
        foreach (int gone in all.Where(number => !world.IsInside(number) && chance.Next(4) == 0))
        {
            world.Start(gone, ++lives[gone]);
            world.Tell(gone, new JoinSeedNodes([.. all.Where(number => number != gone).Select(Nodes.AddressOf)]));
        }
    }
}
