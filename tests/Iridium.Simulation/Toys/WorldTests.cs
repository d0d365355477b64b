using Akka.Engine;
using Iridium.Simulation.Network;
using Iridium.Simulation.Virtual;

namespace Iridium.Simulation.Toys;

/// <summary>That a seed is a history: the same twice, another for another seed; and the clocks, turns and tasks of a
/// world.</summary>
public sealed class WorldTests
{
    [Theory]
    [InlineData(TurnPolicy.Fifo)]
    [InlineData(TurnPolicy.Random)]
    [InlineData(TurnPolicy.StarveOne)]
    internal void The_same_seed_is_the_same_history(TurnPolicy policy)
    {
        HashSet<ulong> hashes = [];
        for (ulong seed = 0; seed < 20; seed++)
        {
            ulong first = Chatter(seed, policy);
            Assert.Equal(first, Chatter(seed, policy));
            hashes.Add(first);
        }
        Assert.Equal(20, hashes.Count);
    }

    /// <summary>Three machines that dial each other, talk, die and come back under random faults.</summary>
    private static ulong Chatter(ulong seed, TurnPolicy policy)
    {
        var world = new World(seed, new WorldRules { Turns = policy });
        SeedRandom faults = world.Chance("faults");
        List<Caller> callers = [];
        Machine[] machines = [.. Enumerable.Range(0, 3).Select(n => world.Fabric.AddMachine($"m{n}"))];
        foreach (Machine machine in machines) Enter(machine);
        for (int round = 0; round < 40; round++)
        {
            Machine one = faults.Pick(machines);
            Machine other = faults.Pick(machines);
            switch (faults.Next(7))
            {
                case 0: world.Fabric[one, other].Loss = 0.3; break;
                case 1: world.Fabric.CutOneWay(one, other); break;
                case 2: world.Fabric.Heal(); break;
                case 3: one.Process!.Kill(); break;
                case 4: one.Process!.Pause(); break;
                case 5: one.Process!.Resume(); break;
                default:
                    if (!one.Process!.Alive) Enter(one);
                    break;
            }
            world.RunFor(faults.Between(TimeSpan.Zero, TimeSpan.FromSeconds(2)));
        }
        Assert.Null(world.Failure);
        Assert.Empty(callers.SelectMany(caller => caller.Complaints));
        Assert.Contains(callers, caller => caller.Received > 5);
        return world.Hash;

        void Enter(Machine machine)
        {
            SimHost host = machine.Start().Host;
            ITimerSource timers = host.CreateTimers(TimeSpan.FromMilliseconds(10));
            Random chance = host.CreateRandom("words");
            host.Network.Listen(machine.Host, 7, _ => Meet(new Caller()));
            foreach (Machine target in machines) Talk(host.Network.Connect(target.Host, 7, Meet(new Caller())), callers[^1]);

            void Talk(IConnection connection, Caller caller)
            {
                if (caller.Farewell is not null) return;
                caller.Send(connection, chance.Next(2000));
                timers.Schedule(TimeSpan.FromMilliseconds(chance.Next(1000)), () => Talk(connection, caller));
            }
        }

        Caller Meet(Caller caller)
        {
            callers.Add(caller);
            return caller;
        }
    }

    [Fact]
    public void Timers_fire_in_order_of_time_and_not_before()
    {
        var world = new World(3);
        SimProcess process = world.Fabric.AddMachine("m").Start();
        ITimerSource timers = process.Host.CreateTimers(TimeSpan.FromMilliseconds(10));
        List<double> fired = [];
        foreach (int delay in (int[])[30, 10, 20])
            timers.Schedule(TimeSpan.FromMilliseconds(delay), () => fired.Add(world.Elapsed.TotalMilliseconds));
        timers.Schedule(TimeSpan.FromMilliseconds(15), () => fired.Add(0)).Dispose();
        world.RunFor(TimeSpan.FromMilliseconds(40));
        Assert.Equal(3, fired.Count);
        Assert.All(fired.Zip([10.0, 20, 30]), pair => Assert.InRange(pair.First, pair.Second, pair.Second + 1.1));
    }

    [Fact]
    public void A_starved_piece_of_work_still_runs()
    {
        var world = new World(4, new WorldRules { Turns = TurnPolicy.StarveOne });
        SimProcess process = world.Fabric.AddMachine("m").Start();
        int[] turns = new int[4];
        for (int index = 0; index < turns.Length; index++)
            process.Executor.Execute(new Endless(process.Executor, turns, index));
        world.RunFor(TimeSpan.FromMilliseconds(50));
        Assert.All(turns, count => Assert.InRange(count, 100, 10_000));
    }

    [Fact]
    public void Work_costs_time_so_that_a_busy_node_does_not_stop_the_clock()
    {
        var world = new World(5);
        SimProcess process = world.Fabric.AddMachine("m").Start();
        int[] turns = new int[1];
        process.Executor.Execute(new Endless(process.Executor, turns, 0));
        bool fired = false;
        process.Host.CreateTimers(TimeSpan.FromMilliseconds(10)).Schedule(TimeSpan.FromSeconds(1), () => fired = true);
        world.RunFor(TimeSpan.FromSeconds(2));
        Assert.True(fired);
        Assert.InRange(turns[0], 100_000, 2_000_000);
    }

    [Fact]
    public void Tasks_stay_in_the_world()
    {
        var world = new World(6);
        SimProcess process = world.Fabric.AddMachine("m").Start();
        int thread = Environment.CurrentManagedThreadId;
        List<int> threads = [];
        var signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        world.Run(() =>
        {
            world.RunAs(process, () => _ = Work());
            world.RunFor(TimeSpan.FromSeconds(1));
            world.RunAs(process, signal.SetResult);
            world.RunFor(TimeSpan.FromSeconds(5));
        });
        Assert.Equal([thread, thread, thread], threads);

        async Task Work()
        {
            threads.Add(Environment.CurrentManagedThreadId);
            await signal.Task;
            threads.Add(Environment.CurrentManagedThreadId);
            await Task.Delay(TimeSpan.FromSeconds(2), process.Host.Time);
            threads.Add(Environment.CurrentManagedThreadId);
        }
    }

    [Fact]
    public void What_escapes_from_a_turn_is_the_failure_of_the_seed()
    {
        var world = new World(7);
        SimProcess process = world.Fabric.AddMachine("m").Start();
        process.Executor.Execute(new Thrower());
        world.RunFor(TimeSpan.FromSeconds(1));
        Assert.Contains("broken on purpose", world.Failure);
    }

    [Fact]
    public void A_stream_of_chance_depends_on_its_name_alone()
    {
        var one = new SeedRandom(42);
        var other = new SeedRandom(42);
        other.NextBits();
        Assert.Equal(one.Split("faults").NextBits(), other.Split("faults").NextBits());
        Assert.NotEqual(one.Split("faults").NextBits(), one.Split("network").NextBits());
        double[] draws = [.. Enumerable.Range(0, 10_000).Select(_ => one.NextDouble())];
        Assert.InRange(draws.Average(), 0.48, 0.52);
        Assert.All(Enumerable.Range(0, 10_000), _ => Assert.InRange(one.Next(-3, 4), -3, 3));
    }

    private sealed class Endless(IExecutor executor, int[] turns, int index) : IThreadPoolWorkItem
    {
        public void Execute()
        {
            turns[index]++;
            executor.Execute(this);
        }
    }

    private sealed class Thrower : IThreadPoolWorkItem
    {
        public void Execute() => throw new InvalidOperationException("broken on purpose");
    }
}
