using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Engine;
using Iridium.Simulation.Network;
using Iridium.Simulation.Virtual;

namespace Iridium.Simulation.Remoting;

/// <summary>
/// Two actor systems whose actors watch one another while connections are reset and links cut and healed. Whatever
/// happened, once the links are whole again everybody is heard, and every death was told exactly once. Silence is never
/// long enough for a quarantine.
/// </summary>
public sealed class RemotingUnderFaults
{
    private const int Seeds = 150;
    private const int Actors = 20;
    private const int Faults = 30;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Everybody_is_heard_again_and_every_death_is_told_once(bool otherRestarts)
    {
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            Story story = new(seed, otherRestarts);
            story.Run();
            Assert.True(story.Complaint is null, $"seed {seed}: {story.Complaint}");
        }
    }

    [Fact]
    public void The_same_seed_is_the_same_history()
    {
        Story first = new(7, otherRestarts: true), second = new(7, otherRestarts: true);
        first.Run();
        second.Run();
        Assert.Equal(first.Hash, second.Hash);
    }

    private sealed class Story
    {
        private readonly World _world;
        private readonly SeedRandom _chance;
        private readonly bool _otherRestarts;
        private readonly Side[] _sides;

        public Story(ulong seed, bool otherRestarts)
        {
            _world = new World(seed);
            _chance = _world.Chance("faults");
            _otherRestarts = otherRestarts;
            _sides = [new Side(_world.Fabric.AddMachine("left")), new Side(_world.Fabric.AddMachine("right"))];
        }

        public string? Complaint { get; private set; }

        public ulong Hash => _world.Hash;

        // Without restarts both sides watch; with them, only the one that stays.
        private IEnumerable<int> Watching => _otherRestarts ? [0] : [0, 1];

        public void Run() => _world.Run(() =>
        {
            foreach (Side side in _sides) Start(side);
            foreach (int index in Watching) Watch(_sides[index], _sides[1 - index]);
            _world.RunFor(TimeSpan.FromSeconds(3));
            for (int step = 0; step < Faults; step++)
            {
                _world.RunFor(TimeSpan.FromMilliseconds(_chance.Between(1, 800)));
                if (_otherRestarts && step == Faults / 2) Restart(_sides[1]);
                else Disturb(_chance.Next(2));
            }
            _world.Fabric.Heal();
            _world.RunFor(TimeSpan.FromSeconds(30));
            foreach (int index in Watching) Call(_sides[index]);
            _world.RunFor(TimeSpan.FromSeconds(5));
            foreach (int index in Watching) Judge(_sides[index], _sides[1 - index]);
            Complaint ??= _world.Failure;
        });

        private void Start(Side side)
        {
            SimProcess process = side.Machine.Start();
            _world.RunAs(process, () =>
            {
                side.System = CreateSystem(process, side.Machine.Host);
                for (int number = 0; number < Actors; number++)
                {
                    side.System.ActorOf(Props.Create(() => new Echo()), "actor" + number);
                }
            });
        }

        private void Watch(Side side, Side other) => _world.RunAs(side.Machine.Process!, () =>
        {
            string address = $"akka.tcp://sim@{other.Machine.Host}:2552";
            side.Watcher = side.System.ActorOf(Props.Create(() => new Watcher(address, side)), "watcher");
        });

        private void Restart(Side side)
        {
            side.Machine.Process!.Kill();
            if (_chance.OneIn(2)) _world.RunFor(TimeSpan.FromMilliseconds(_chance.Between(1, 800)));
            for (int number = 0; number < Actors; number++) side.Dead.Add("actor" + number);
            Start(side);
        }

        private void Disturb(int side)
        {
            Machine machine = _sides[side].Machine, other = _sides[1 - side].Machine;
            switch (_chance.Next(5))
            {
                case 0: ResetSomeConnection(machine.Process!); break;
                case 1: _world.Fabric.CutOneWay(machine, other); break;
                case 2: _world.Fabric.Part([machine], [other]); break;
                case 3: _world.Fabric.Heal(); break;
                default: Kill(_sides[side]); break;
            }
        }

        private void ResetSomeConnection(SimProcess process)
        {
            IConnection[] open = [.. process.Connections.Where(each => !each.IsClosed)];
            if (open.Length > 0) _world.RunAs(process, () => _chance.Pick(open).Abort());
        }

        private void Kill(Side side)
        {
            _world.Fabric.Heal();
            if (_otherRestarts && side == _sides[1]) return;
            string victim = "actor" + _chance.Next(Actors);
            if (!side.Dead.Add(victim)) return;
            _world.RunAs(side.Machine.Process!, () =>
                side.System.ActorSelection("/user/" + victim).Tell(PoisonPill.Instance));
        }

        private void Call(Side side) => _world.RunAs(side.Machine.Process!, () => side.Watcher.Tell("call"));

        private void Judge(Side side, Side other)
        {
            int alive = _otherRestarts ? Actors : Actors - other.Dead.Count;
            if (side.Answers != alive) Complain(side, $"{side.Answers} of {alive} answered");
            foreach (string name in other.Dead.Union(side.Deaths.Keys).Order(StringComparer.Ordinal))
            {
                int told = side.Deaths.GetValueOrDefault(name);
                int due = other.Dead.Contains(name) ? 1 : 0;
                if (told != due) Complain(side, $"the death of {name} was told {told} times, not {due}");
            }
        }

        private void Complain(Side side, string what) => Complaint ??= $"{side.Machine.Host}: {what}";

        private static ActorSystem CreateSystem(SimProcess process, string host) =>
            ActorSystem.Create("sim", ActorSystemSetup.Create(
            BootstrapSetup.Create().WithConfig(ConfigurationFactory.ParseString($$"""
                akka.actor.provider = remote
                akka.remote.dot-netty.tcp { hostname = "{{host}}", port = 2552 }
                akka.remote.watch-failure-detector.acceptable-heartbeat-pause = 100s
                """)),
            new EngineSetup(process.Host)));
    }

    private sealed class Side(Machine machine)
    {
        public Machine Machine { get; } = machine;

        public ActorSystem System { get; set; } = null!;

        public IActorRef Watcher { get; set; } = null!;

        /// <summary>Names of actors of this side that were stopped.</summary>
        public HashSet<string> Dead { get; } = [];

        /// <summary>How often this side was told of the death of an actor of the other.</summary>
        public Dictionary<string, int> Deaths { get; } = [];

        public int Answers { get; set; }
    }

    private sealed class Echo : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(message);
    }

    private sealed class Watcher : UntypedActor
    {
        private readonly string _address;
        private readonly Side _side;

        public Watcher(string address, Side side)
        {
            _address = address;
            _side = side;
            Everybody(new Identify(null!));
        }

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case ActorIdentity identity:
                    Context.Watch(identity.Subject!);
                    break;
                case Terminated dead:
                    string name = dead.ActorRef.Path.Name;
                    _side.Deaths[name] = _side.Deaths.GetValueOrDefault(name) + 1;
                    break;
                case "call":
                    Everybody("answer");
                    break;
                case "answer":
                    _side.Answers++;
                    break;
            }
        }

        private void Everybody(object message)
        {
            for (int number = 0; number < Actors; number++)
            {
                Context.ActorSelection($"{_address}/user/actor{number}").Tell(message);
            }
        }
    }
}
