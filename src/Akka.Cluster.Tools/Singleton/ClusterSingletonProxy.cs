using Akka.Actor;
using Akka.Configuration;
using Akka.Event;

namespace Akka.Cluster.Tools.Singleton;

/// <summary>
/// Passes what it gets to the singleton, wherever that is, with the sender it came from. While the place is not known
/// it keeps the last messages, and asks.
/// </summary>
public sealed class ClusterSingletonProxy : UntypedActor
{
    // A hand-over takes some tenths of a second. Akka.NET asks anew after the whole interval, and so it is that interval for
    // which its singleton answers nobody.
    private const int FirstPausePart = 16;

    private readonly string _managerPath;
    private readonly ClusterSingletonProxySettings _settings;
    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly OldestMember _oldest;
    private readonly Queue<(object Message, IActorRef Sender)> _waiting = [];
    private UniqueAddress? _home;
    private IActorRef? _singleton;
    private ICancelable? _asking;
    private TimeSpan _pause;
    private int _questions;

    /// <summary>For its Props.</summary>
    public ClusterSingletonProxy(string singletonManagerPath, ClusterSingletonProxySettings settings)
    {
        _managerPath = singletonManagerPath;
        _settings = settings;
        _oldest = new OldestMember(settings.Role, settings.ConsiderAppVersion);
    }

    /// <summary>The defaults of this package.</summary>
    public static Config DefaultConfig() => SingletonDefaults.Config;

    /// <param name="singletonManagerPath">The manager's path without an address, as in <c>/user/single</c>.</param>
    /// <param name="settings">Role, patience, buffer.</param>
    public static Props Props(string singletonManagerPath, ClusterSingletonProxySettings settings) =>
        Actor.Props.Create(() => new ClusterSingletonProxy(singletonManagerPath, settings))
            .WithDispatcher(Dispatch.Dispatchers.InternalDispatcherId)
            .WithDeploy(Deploy.Local);

    private string CorrelationId => $"identify-singleton-{_managerPath}{_questions}";

    protected override void PreStart()
    {
        _cluster.Subscribe(Self, typeof(ClusterEvent.IMemberEvent));
        // The membership may have ended before it read that: then this alone is told.
        IActorRef self = Self;
        _cluster.RegisterOnMemberRemoved(() => self.Tell(MembershipEnded.Instance, ActorRefs.NoSender));
    }

    protected override void PostStop()
    {
        _cluster.Unsubscribe(Self);
        _asking?.Cancel();
        while (_waiting.TryDequeue(out (object Message, IActorRef Sender) letter)) Bury(letter);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ClusterEvent.CurrentClusterState state:
                foreach (Member member in state.Members) _oldest.See(member);
                FollowOldest();
                break;
            case MembershipEnded:
            case ClusterEvent.MemberRemoved gone when gone.Member.UniqueAddress == _cluster.SelfUniqueAddress:
                // It will hear of no singleton any more: what is told to it is lost, and better so that it shows.
                Context.Stop(Self);
                break;
            case ClusterEvent.IMemberEvent change:
                _oldest.See(change.Member);
                FollowOldest();
                break;
            case Ask: AskForSingleton(); break;
            case ActorIdentity identity: OnIdentity(identity); break;
            case Terminated dead when dead.ActorRef.Equals(_singleton): Lose(); break;
            case Terminated: break;
            default: Pass(message); break;
        }
    }

    private void FollowOldest()
    {
        if (Equals(_home, _oldest.Node)) return;
        _home = _oldest.Node;
        Lose();
    }

    private void Lose()
    {
        if (_singleton is not null) Context.Unwatch(_singleton);
        _singleton = null;
        _questions++;
        _pause = _settings.SingletonIdentificationInterval / FirstPausePart;
        AskForSingleton();
    }

    /// <summary>Asks, and again after pauses that double up to the interval.</summary>
    private void AskForSingleton()
    {
        _asking?.Cancel();
        if (_singleton is not null || _home is null) return;
        string path = $"{_home.Address}{_managerPath}/{_settings.SingletonName}";
        Context.ActorSelection(path).Tell(new Identify(CorrelationId), Self);
        _asking = Context.System.Scheduler.ScheduleTellOnceCancelable(_pause, Self, Ask.Instance, Self);
        TimeSpan longest = _settings.SingletonIdentificationInterval;
        _pause = _pause * 2 < longest ? _pause * 2 : longest;
    }

    private void OnIdentity(ActorIdentity identity)
    {
        if (identity.Subject is null || !Equals(identity.MessageId, CorrelationId) || _singleton is not null) return;
        _asking?.Cancel();
        _singleton = Context.Watch(identity.Subject);
        _log.Info("Singleton identified at [{0}]", _singleton.Path);
        while (_waiting.TryDequeue(out (object Message, IActorRef Sender) letter))
            _singleton.Tell(letter.Message, letter.Sender);
    }

    private void Pass(object message)
    {
        if (_singleton is not null)
        {
            _singleton.Forward(message);
            return;
        }

        if (_settings.BufferSize == 0) return;
        if (_waiting.Count >= _settings.BufferSize) Bury(_waiting.Dequeue());
        _waiting.Enqueue((message, Sender));
    }

    private void Bury((object Message, IActorRef Sender) letter) => Context.System.DeadLetters.Tell(
        new DeadLetter(letter.Message, letter.Sender, Self), letter.Sender);

    private sealed class Ask
    {
        public static readonly Ask Instance = new();
    }

    private sealed class MembershipEnded : IDeadLetterSuppression
    {
        public static readonly MembershipEnded Instance = new();
    }
}
