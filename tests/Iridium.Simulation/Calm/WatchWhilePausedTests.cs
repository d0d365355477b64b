using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Engine;
using Iridium.Simulation.Virtual;

namespace Iridium.Simulation.Calm;

/// <summary>
/// Death watch without a cluster. Who was stopped itself has heard nothing, and must not quarantine the others for it:
/// that cannot be taken back.
/// </summary>
public sealed class WatchWhilePausedTests
{
    private const int Seeds = 20;

    [Fact]
    public void A_watcher_that_was_stopped_for_twenty_seconds_takes_nobody_for_dead()
    {
        for (ulong seed = 0; seed < Seeds; seed++) Assert.False(TakesForDead(seed, ""), $"seed {seed}");
        const string without = "akka.remote.watch-failure-detector.own-pause-tolerance = 0s";
        Assert.Contains(Enumerable.Range(0, Seeds), seed => TakesForDead((ulong)seed, without));
    }

    private static bool TakesForDead(ulong seed, string config)
    {
        var world = new World(seed);
        Machine left = world.Fabric.AddMachine("left"), right = world.Fabric.AddMachine("right");
        bool dead = false;
        Action died = () => dead = true;
        world.Run(() =>
        {
            ActorSystem watching = Start(world, left, config), watched = Start(world, right, config);
            world.RunAs(right.Process, () => watched.ActorOf(Props.Create(() => new Watched()), "watched"));
            world.RunAs(left.Process, () =>
            {
                const string path = "akka.tcp://sim@right:2552/user/watched";
                IActorRef target = ((ExtendedActorSystem)watching).Provider.ResolveActorRef(path);
                watching.ActorOf(Props.Create(() => new Watcher(target, died)));
            });
            world.RunFor(TimeSpan.FromSeconds(10));
            left.Process!.Pause();
            world.RunFor(TimeSpan.FromSeconds(20));
            left.Process!.Resume();
            world.RunFor(TimeSpan.FromSeconds(20));
        });
        Assert.Null(world.Failure);
        return dead;
    }

    private static ActorSystem Start(World world, Machine machine, string config)
    {
        SimProcess process = machine.Start();
        ActorSystem? system = null;
        world.RunAs(process, () => system = ActorSystem.Create("sim", BootstrapSetup.Create()
            .WithConfig(ConfigurationFactory.ParseString($$"""
                {{config}}
                akka { actor.provider = remote, loggers = [], loglevel = OFF, stdout-loglevel = OFF }
                akka.coordinated-shutdown.run-by-clr-shutdown-hook = off
                akka.remote.dot-netty.tcp { hostname = "{{machine.Host}}", port = 2552 }
                """))
            .And(new EngineSetup(process.Host))));
        return system!;
    }

    private sealed class Watched : UntypedActor
    {
        protected override void OnReceive(object message)
        {
        }
    }

    private sealed class Watcher : ReceiveActor
    {
        public Watcher(IActorRef target, Action died)
        {
            Context.Watch(target);
            Receive<Terminated>(_ => died());
        }
    }
}
