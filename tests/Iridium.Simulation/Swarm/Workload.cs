using Akka.Actor;
using Akka.Cluster.Tools.Singleton;
using Iridium.Simulation.Virtual;
using Iridium.Simulation.Whole;

namespace Iridium.Simulation.Swarm;

/// <summary>
/// What the nodes of a story are there for: they speak to each other, publish, watch each other's actors, keep a
/// singleton, and crash some children. Drawn from a stream of chance of its own, so that leaving out a fault leaves it
/// as it is.
/// </summary>
internal sealed class Workload(World world, SwarmNode[] nodes, Ledger ledger)
{
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(0.5);
    private readonly SeedRandom _chance = world.Chance("workload");

    // In one story of four: a node may come up in the moment in which the one with the singleton begins to go.
    private readonly bool _managesWhenUp = world.Chance("managers").Next(4) == 0;

    /// <summary>How often a child may be restarted; more than the ledger allows only if somebody planted
    /// that.</summary>
    public int Restarts { get; init; } = Ledger.MostRestarts;

    /// <summary>Puts the workload's actors on a node that has just started. Runs as the node's program.</summary>
    public void Settle(SwarmNode node)
    {
        WholeNode whole = node.Whole;
        ActorSystem system = whole.System!;
        var life = new Life(ledger.Lives.Count, node, whole.Machine.Process!, whole.Cluster!.SelfUniqueAddress.Uid);
        node.Life = life;
        ledger.Enter(life);
        system.ActorOf(Props.Create(() => new Spy(life, ledger)), "spy");
        life.Ear = system.ActorOf(Props.Create(() => new Ear(life, ledger)), "ear");
        life.Talker = system.ActorOf(Props.Create(() => new Talker(life, ledger)), "talker");
        life.Watcher = system.ActorOf(Props.Create(() => new Watcher(life, ledger)), "watcher");
        life.Parent = system.ActorOf(Props.Create(() => new Parent(life, ledger, Restarts)), "parent");
        if (_managesWhenUp) whole.Cluster.RegisterOnMemberUp(Manage);
        else Manage();

        void Manage() => system.ActorOf(
            ClusterSingletonManager.Props(
                Props.Create(() => new One(life, ledger)), ClusterSingletonManagerSettings.Create(system)),
            "singleton");
    }

    /// <summary>Begins, and goes on for ever.</summary>
    public void Begin() => world.After(_chance.Between(TimeSpan.Zero, _pause), () =>
    {
        Work();
        Begin();
    });

    /// <summary>Everybody speaks to everybody, and publishes.</summary>
    public void CallAll()
    {
        foreach (SwarmNode node in nodes)
        {
            if (!node.Runs) continue;
            foreach (SwarmNode other in nodes)
            {
                if (other != node) Tell(node.Life!, node.Life!.Talker, new Talker.SayTo(other.Whole.Address));
            }
            Tell(node.Life!, node.Life!.Talker, new Talker.PublishNews());
        }
    }

    private void Work()
    {
        SwarmNode node = _chance.Pick(nodes), other = _chance.Pick(nodes);
        int what = _chance.Next(20);
        TimeSpan lifetime = _chance.Between(TimeSpan.FromSeconds(0.2), TimeSpan.FromSeconds(8));
        // A paused node is not asked: what it would be told waits outside until it is too late.
        if (node is not { Runs: true, Pauses: 0, Life: { } life }) return;
        switch (what)
        {
            case < 10 when node != other: Tell(life, life.Talker, new Talker.SayTo(other.Whole.Address)); break;
            case < 10: Tell(life, life.Talker, new Talker.SayToTheDead()); break;
            case < 14: Tell(life, life.Talker, new Talker.PublishNews()); break;
            case < 17: Breed(life, other, lifetime); break;
            default: for (int time = 0; time <= what % 5; time++) Tell(life, life.Parent, "crash"); break;
        }
    }

    private void Breed(Life home, SwarmNode watcher, TimeSpan lifetime)
    {
        var fly = new Fly(home);
        IActorRef actor = ActorRefs.Nobody;
        WholeNode whole = home.Node.Whole;
        // A system on its way out has no more children.
        if (((ExtendedActorSystem)whole.System!).Guardian.IsTerminated || whole.Cluster!.IsTerminated) return;
        whole.Do(() => actor = whole.System!.ActorOf(Props.Create(() => new FlyActor(fly))));
        fly.Path = actor.Path.ToSerializationFormatWithAddress(whole.Address);
        if (watcher.Runs && watcher.Life is { } life) Tell(life, life.Watcher, fly);
        world.After(lifetime, () => Tell(home, actor, PoisonPill.Instance));
    }

    private static void Tell(Life life, IActorRef actor, object message)
    {
        if (life.Alive) life.Node.Whole.Do(() => actor.Tell(message));
    }
}
