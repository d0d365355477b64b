using System.Diagnostics;
using Iridium.Actors.Protocol;
using Iridium.Simulation.Virtual;
using Iridium.Simulation.Whole;
using Iridium.Vm.Assembly;
using Xunit.Abstractions;

namespace Iridium.Simulation.Nodes;

/// <summary>What Iridium's own actors promise, on whole nodes in virtual time, over many seeds.</summary>
public sealed class IridiumTests(ITestOutputHelper output)
{
    private const int Seeds = 100;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Two nodes of one alias join at the same moment, neither having asked first, through one of two members: exactly
    /// one of them stays, the other one leaves and knows why, and the members are undisturbed.
    /// </summary>
    [Fact]
    public void Of_two_that_join_with_one_alias_exactly_one_stays() => ForEverySeed((world, chance) =>
    {
        IridiumNode[] members = [new(world, "n0", "first"), new(world, "n1", "second")];
        IridiumNode[] twins = [new(world, "n2", "twin"), new(world, "n3", "twin")];
        members[0].Start(members[0].Whole.Address);
        members[1].Start(members[0].Whole.Address);
        Until(() => AreOneCluster(members), "the members meet");
        foreach (IridiumNode twin in twins)
        {
            if (chance.OneIn(2)) world.RunFor(chance.Between(TimeSpan.Zero, TimeSpan.FromSeconds(2)));
            twin.Start(members[chance.Next(2)].Whole.Address);
        }
        Until(() => twins.Count(twin => !twin.Whole.Runs) == 1, "one of the twins ends");
        IridiumNode stays = twins.Single(twin => twin.Whole.Runs);
        IridiumNode gone = twins.Single(twin => !twin.Whole.Runs);
        IridiumNode[] left = [.. members, stays];
        Until(() => AreOneCluster(left), "the rest agree");
        world.RunFor(TimeSpan.FromSeconds(10));
        if (!left.All(node => node.Whole.Runs)) world.Fail("a node that had won left later");
        if (gone.Refusals.Count != 1) world.Fail($"the loser was told {gone.Refusals.Count} times");
        if (left.Any(node => node.Refusals.Count > 0)) world.Fail("a node that stayed was told to go");

        void Until(Func<bool> condition, string what) => Await(world, condition, what, [.. members, .. twins]);
    });

    /// <summary>A program that is spawned on another node runs there once, and what it prints comes back whole and in
    /// order.</summary>
    [Fact]
    public void A_program_on_another_node_is_heard_in_order() => ForEverySeed((world, chance) =>
    {
        IridiumNode[] nodes = [new(world, "n0", "a"), new(world, "n1", "b"), new(world, "n2", "c")];
        foreach (IridiumNode node in nodes) node.Start(nodes[0].Whole.Address);
        Await(world, () => AreOneCluster(nodes), "the nodes meet", nodes);
        world.RunFor(TimeSpan.FromSeconds(2));
        IridiumNode asker = nodes[chance.Next(3)];
        string on = nodes[chance.Next(3)].Alias;
        asker.Ask(new NodeProtocol.Spawn(1, on, Program("again: prts @one prts @two loop @again hlt", "cloop #40")));
        Await(world, () => asker.Heard.OfType<VmProtocol.Ended>().Any(), "the program ends", nodes);
        string text = string.Concat(asker.Heard.OfType<VmProtocol.Printed>().Select(printed => printed.Text));
        if (text != string.Concat(Enumerable.Repeat("one two ", 41))) world.Fail($"it printed {text}");
        if ((asker.Heard[0] as NodeProtocol.Spawned)?.Pid.Node != on) world.Fail("the first news was not of its start");
        bool ended = asker.Heard[^1] is VmProtocol.Ended { State: ProcessState.Finished, Code: 0 };
        if (!ended) world.Fail("the last news was not of its end");
    });

    private static bool AreOneCluster(IridiumNode[] nodes)
    {
        WholeNode[] all = [.. nodes.Select(node => node.Whole)];
        return all.All(node => node.Runs && node.Sees(all));
    }

    private static ProgramFile Program(string code, string before)
    {
        AssemblyResult result = Assembler.Assemble(
            $".data\none: .asciiz 'one '\ntwo: .asciiz 'two '\n.code\n{before}\n{code}\n");
        Assert.True(result.Succeeded, result.ErrorText());
        return new ProgramFile("loop.iasm", result.Image, RestartPolicy.Never, []);
    }

    private void ForEverySeed(Action<World, SeedRandom> story)
    {
        var clock = Stopwatch.StartNew();
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            var world = new World(seed);
            world.Run(() => story(world, world.Chance("story")));
            Assert.True(world.Failure is null, $"seed {seed}: {world.Failure}");
        }
        output.WriteLine($"{Seeds / clock.Elapsed.TotalSeconds:F0} seeds/s");
    }

    private static void Await(World world, Func<bool> condition, string what, IEnumerable<IridiumNode> nodes)
    {
        if (world.Failure is not null || world.RunUntil(condition, Patience)) return;
        world.Fail(
            $"it did not come true that {what}; "
            + string.Join("; ", nodes.Select(node => $"{node} sees [{node.Whole.View()}]")));
    }
}
