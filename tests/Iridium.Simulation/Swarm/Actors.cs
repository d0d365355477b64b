using System.Globalization;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.Remote;

namespace Iridium.Simulation.Swarm;

/// <summary>Hears what other nodes say to it, and what they publish.</summary>
internal sealed class Ear : UntypedActor
{
    public const string Topic = "news";
    private readonly Life _life;
    private readonly Ledger _ledger;

    public Ear(Life life, Ledger ledger)
    {
        (_life, _ledger) = (life, ledger);
        DistributedPubSub.Get(Context.System).Mediator.Tell(new Subscribe(Topic, Self));
    }

    protected override void OnReceive(object message)
    {
        if (message is not string text) return;
        string[] words = text.Split(' ');
        int from = Number(words[1]);
        long number = long.Parse(words[2], CultureInfo.InvariantCulture);
        if (words[0] == "news") _ledger.OnNews(_life, from, number);
        else _ledger.OnTold(_life, from, Number(words[3]), number, isWhole: words[4] == Talker.FillerOf(number));
    }

    private static int Number(string word) => int.Parse(word, CultureInfo.InvariantCulture);
}

/// <summary>Speaks to the ears of other nodes, by the reference it once got; and to those it knew before.</summary>
internal sealed class Talker : UntypedActor
{
    // Some of what is said takes several frames: more than WholeNode's fragment-size.
    private const int LongEvery = 4;

    private static readonly string _filler = new('.', 1000);

    private readonly Life _life;
    private readonly Ledger _ledger;
    private readonly Dictionary<Address, IActorRef> _ears = [];
    private readonly List<IActorRef> _formerEars = [];
    private readonly Dictionary<int, long> _said = [];
    private readonly IActorRef _mediator = DistributedPubSub.Get(Context.System).Mediator;
    private long _published;

    public Talker(Life life, Ledger ledger) => (_life, _ledger) = (life, ledger);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case SayTo say: OnSayTo(say.Node); break;
            case SayToTheDead: foreach (IActorRef ear in _formerEars) Say(ear); break;
            case PublishNews: _mediator.Tell(new Publish(Ear.Topic, $"news {_life.Number} {++_published}")); break;
            case ActorIdentity { Subject: { } ear }: OnIdentity(ear); break;
        }
    }

    private void OnSayTo(Address node)
    {
        if (_ears.TryGetValue(node, out IActorRef? ear)) Say(ear);
        // It may be another life by now; who knows asks again.
        Context.ActorSelection(new RootActorPath(node) / "user" / "ear").Tell(new Identify(null!));
    }

    private void OnIdentity(IActorRef ear)
    {
        Address node = ear.Path.Address;
        if (_ears.TryGetValue(node, out IActorRef? known))
        {
            if (known.Path.Uid == ear.Path.Uid) return;
            _formerEars.Add(known);
        }
        _ears[node] = ear;
        Say(ear);
    }

    private void Say(IActorRef ear)
    {
        Life? hearer = _ledger.Lives.FirstOrDefault(life =>
            life.Ear.Path.Uid == ear.Path.Uid && life.Node.Whole.Address == ear.Path.Address);
        if (hearer is null) return;
        long number = _said[hearer.Number] = _said.GetValueOrDefault(hearer.Number) + 1;
        ear.Tell($"told {_life.Number} {number} {hearer.Number} {FillerOf(number)}");
    }

    /// <summary>What makes a message long, or the empty text.</summary>
    public static string FillerOf(long number) => number % LongEvery == 0 ? _filler : "";

    public sealed record SayTo(Address Node) : INoSerializationVerificationNeeded;

    public sealed record SayToTheDead : INoSerializationVerificationNeeded;

    public sealed record PublishNews : INoSerializationVerificationNeeded;
}

/// <summary>Watches flies on other nodes.</summary>
internal sealed class Watcher : UntypedActor
{
    private readonly Life _life;
    private readonly Ledger _ledger;

    // By the number of the fly: a reference of this node itself has another address than one from outside.
    private readonly Dictionary<long, Vigil> _vigils = [];

    public Watcher(Life life, Ledger ledger) => (_life, _ledger) = (life, ledger);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Fly fly:
                IActorRef actor = ((ExtendedActorSystem)Context.System).Provider.ResolveActorRef(fly.Path);
                if (_vigils.TryAdd(actor.Path.Uid, _ledger.Watch(_life, fly))) Context.Watch(actor);
                break;
            case Terminated dead:
                _ledger.OnTerminated(_vigils[dead.ActorRef.Path.Uid]);
                break;
        }
    }
}

/// <summary>Lives until it is told to stop.</summary>
internal sealed class FlyActor(Fly fly) : UntypedActor
{
    protected override void OnReceive(object message)
    {
    }

    protected override void PostStop() => fly.Stop();
}

/// <summary>The one actor that should be but once in the cluster.</summary>
internal sealed class One(Life life, Ledger ledger) : UntypedActor
{
    protected override void PreStart() => ledger.OnSingleton(life, started: true);

    protected override void PostStop() => ledger.OnSingleton(life, started: false);

    protected override void OnReceive(object message)
    {
    }
}

/// <summary>Supervises a child that crashes when it is told to; begins with a new one when it had to give one
/// up.</summary>
internal sealed class Parent : UntypedActor
{
    private readonly Props _child;
    private readonly Ledger _ledger;
    private readonly Life _life;
    private readonly int _restarts;
    private int _children;
    private IActorRef _crasher = ActorRefs.Nobody;

    public Parent(Life life, Ledger ledger, int restarts)
    {
        (_life, _ledger, _restarts) = (life, ledger, restarts);
        _child = Props.Create(() => new Crasher(life, ledger));
        Begin();
    }

    protected override SupervisorStrategy SupervisorStrategy() =>
        new OneForOneStrategy(_restarts, Ledger.RestartWindow, _ =>
        {
            _ledger.OnCrashed(_life);
            return Directive.Restart;
        });

    protected override void OnReceive(object message)
    {
        if (message is Terminated) Begin();
        else _crasher.Forward(message);
    }

    private void Begin()
    {
        _ledger.OnBegun(_life);
        _crasher = Context.Watch(Context.ActorOf(_child, $"crasher-{++_children}"));
    }

    private sealed class Crasher(Life life, Ledger ledger) : UntypedActor
    {
        protected override void OnReceive(object message) =>
            throw new InvalidOperationException("crashes as it was told");

        protected override void PostRestart(Exception reason) => ledger.OnRestarted(life);
    }
}

/// <summary>Enters in the books what its node learns of members.</summary>
internal sealed class Spy : UntypedActor
{
    private readonly Life _life;
    private readonly Ledger _ledger;

    public Spy(Life life, Ledger ledger)
    {
        (_life, _ledger) = (life, ledger);
        Cluster.Get(Context.System).Subscribe(Self, typeof(ClusterEvent.IMemberEvent));
        Context.System.EventStream.Subscribe(Self, typeof(QuarantinedEvent));
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ClusterEvent.MemberRemoved gone:
                _ledger.OnMember(_life, gone.Member.UniqueAddress.Uid, removed: true,
                    gone.PreviousStatus is MemberStatus.Down or MemberStatus.Exiting);
                break;
            case ClusterEvent.IMemberEvent change:
                _ledger.OnMember(_life, change.Member.UniqueAddress.Uid, removed: false, byDecision: false);
                break;
            case QuarantinedEvent quarantined:
                _ledger.OnQuarantined(_life, quarantined.Uid);
                break;
        }
    }
}
