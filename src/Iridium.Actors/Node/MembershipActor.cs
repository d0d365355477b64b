using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using Akka.Remote;
using Iridium.Actors.Protocol;

namespace Iridium.Actors.Node;

/// <summary>
/// The node's eye on the cluster: it starts and joins clusters, greets the nodes that come Up, tells the front desk
/// where they are and the event stream what happens to them, and gives way when an older member has this node's alias.
/// </summary>
/// <remarks>
/// <code>
///   JoinCluster --> Hello, again every hello-interval --HelloAck--> Cluster.Join --member--> Joined
///                     |--HelloRefused, connection refused, time over--> JoinFailed; nothing was changed, try again
/// </code>
/// A node that is no Iridium node has no front desk to say hello to; it is told apart by Identify, and joined at once.
/// </remarks>
internal sealed class MembershipActor : ReceiveActor, IWithTimers
{
    private const string JoinTimer = "join";
    private const string HelloTimer = "hello";
    private const string LeaveTimer = "leave";

    /// <summary>A leave that the others do not confirm in this time, cut off as we may be, ends without
    /// them.</summary>
    private static readonly TimeSpan LeaveTimeout = TimeSpan.FromSeconds(10);

    private readonly NodeSettings _settings;
    private readonly Cluster _cluster;
    private readonly MemberView _view = new();
    private readonly HashSet<UniqueAddress> _acknowledged = [];
    private readonly HashSet<(string, long)> _heard = [];
    private JoinAttempt? _attempt;
    private int _lastAttempt;
    private ClusterProtocol.AliasTaken? _taken;
    private bool _isLeaving;

    public MembershipActor(NodeSettings settings)
    {
        _settings = settings;
        _cluster = Cluster.Get(Context.System);
        Receive<ClusterProtocol.StartCluster>(OnStart);
        Receive<ClusterProtocol.JoinCluster>(OnJoin);
        Receive<ClusterProtocol.ListMembers>(OnListMembers);
        Receive<ClusterProtocol.Hello>(OnHello);
        Receive<ClusterProtocol.HelloAck>(OnHelloAck);
        Receive<ClusterProtocol.HelloRefused>(OnHelloRefused);
        Receive<ClusterProtocol.AskAlias>(_ => OnAskAlias());
        Receive<ActorIdentity>(OnIdentity);
        Receive<AssociationErrorEvent>(OnConnectionError);
        Receive<SayHello>(_ => OnSayHello());
        Receive<JoinOverdue>(_ => FailJoin(JoinRefusal.TimedOut, _attempt?.Endpoint ?? ""));
        Receive<LeaveOverdue>(_ => Context.System.Terminate());
        Receive<ClusterEvent.IMemberEvent>(OnMemberEvent);
        Receive<ClusterEvent.UnreachableMember>(unreachable => OnReachability(unreachable.Member, isReachable: false));
        Receive<ClusterEvent.ReachableMember>(reachable => OnReachability(reachable.Member, isReachable: true));
        Receive<ClusterEvent.LeaderChanged>(changed => _view.Leader = changed.Leader);
    }

    private sealed record SayHello;

    private sealed record JoinOverdue;

    private sealed record LeaveOverdue;

    public ITimerScheduler Timers { get; set; } = null!;

    private long Uid => _cluster.SelfUniqueAddress.Uid;

    private bool IsMember => _view.Find(_cluster.SelfUniqueAddress) is not null;

    public static Props Props(NodeSettings settings) => Akka.Actor.Props.Create(() => new MembershipActor(settings));

    protected override void PreStart()
    {
        _cluster.Subscribe(
            Self,
            ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents,
            typeof(ClusterEvent.IMemberEvent),
            typeof(ClusterEvent.UnreachableMember),
            typeof(ClusterEvent.ReachableMember),
            typeof(ClusterEvent.LeaderChanged));
        Context.System.EventStream.Subscribe(Self, typeof(AssociationErrorEvent));
        Timers.StartPeriodicTimer(HelloTimer, new SayHello(), _settings.HelloInterval);
    }

    protected override void PostStop()
    {
        _cluster.Unsubscribe(Self);
        Context.System.EventStream.Unsubscribe(Self);
    }

    private void OnStart(ClusterProtocol.StartCluster start)
    {
        if (IsMember)
        {
            Sender.Tell(new ClusterProtocol.ClusterStarted(start.Request, $"{_cluster.SelfAddress}", WasMember: true));
        }
        else if (Refusal(_cluster.SelfAddress, isOwn: true) is { } reason)
        {
            Sender.Tell(new ClusterProtocol.JoinFailed(start.Request, reason, _settings.Alias));
        }
        else
        {
            Begin(new JoinAttempt(0, start.Request, Sender, _cluster.SelfAddress, IsOwn: true, IsWelcome: true));
            _cluster.Join(_cluster.SelfAddress);
        }
    }

    private void OnJoin(ClusterProtocol.JoinCluster join)
    {
        Address self = _cluster.SelfAddress;
        var through = new Address(self.Protocol, self.System, join.Host, join.Port);
        if (Refusal(through, isOwn: false) is { } reason)
        {
            Sender.Tell(new ClusterProtocol.JoinFailed(join.Request, reason, $"{join.Host}:{join.Port}"));
            return;
        }
        var attempt = new JoinAttempt(++_lastAttempt, join.Request, Sender, through, IsOwn: false, IsWelcome: false);
        Begin(attempt);
        AskToJoin(attempt);
    }

    private JoinRefusal? Refusal(Address through, bool isOwn) => this switch
    {
        { _isLeaving: true } or { _cluster.IsTerminated: true } => JoinRefusal.Leaving,
        { IsMember: true } => JoinRefusal.AlreadyMember,
        { _attempt: not null } => JoinRefusal.Busy,
        _ when !isOwn && through == _cluster.SelfAddress => JoinRefusal.BadEndpoint,
        _ when string.IsNullOrWhiteSpace(through.Host) => JoinRefusal.BadEndpoint,
        _ when through.Port is not (> 0 and <= 65535) => JoinRefusal.BadEndpoint,
        _ => null,
    };

    private void Begin(JoinAttempt attempt)
    {
        _attempt = attempt;
        Timers.StartSingleTimer(JoinTimer, new JoinOverdue(), _settings.JoinTimeout);
    }

    private void AskToJoin(JoinAttempt attempt)
    {
        ActorSelection desk = Desk(attempt.Through);
        desk.Tell(new ClusterProtocol.Hello(_settings.Alias, Uid, Joining: true, attempt.Number), Self);
        desk.Tell(new Identify($"join-{attempt.Number}"), Self);
    }

    private void OnHello(ClusterProtocol.Hello hello)
    {
        // What a node without a host and port says of itself came from this very process.
        Address from = Sender.Path.Address.HasGlobalScope ? Sender.Path.Address : _cluster.SelfAddress;
        Sender.Tell(Greeting.Answer(
            hello, from.ToString(), _settings.Alias, Uid, _view.KnownNodes(), _isLeaving || _cluster.IsTerminated));
        if (hello.Joining || !Alias.IsValid(hello.Alias)) return;
        if (_view.Find(from, hello.Uid) is not { } member || Alias.FromRoles(member.Roles) != hello.Alias) return;
        if (_heard.Add((hello.Alias, hello.Uid))) Publish(NodeChange.Hello, member);
    }

    private void OnHelloAck(ClusterProtocol.HelloAck ack)
    {
        Address from = Sender.Path.Address;
        if (_attempt is { IsWelcome: false } attempt && attempt.Number == ack.Attempt) Welcomed(attempt);
        if (_view.Find(from, ack.Uid) is { } member) _acknowledged.Add(member.UniqueAddress);
    }

    private void OnHelloRefused(ClusterProtocol.HelloRefused refused)
    {
        if (_attempt is not { IsWelcome: false } attempt || attempt.Number != refused.Attempt) return;
        bool isAboutAnother = refused.Reason == JoinRefusal.AliasTaken;
        FailJoin(refused.Reason, isAboutAnother ? refused.Detail : attempt.Endpoint);
    }

    private void OnIdentity(ActorIdentity identity)
    {
        if (_attempt is not { IsWelcome: false } attempt) return;
        bool isStranger = identity.Subject is null && $"join-{attempt.Number}".Equals(identity.MessageId);
        if (isStranger) Welcomed(attempt);
    }

    private void OnAskAlias()
    {
        if (_taken is not null) Sender.Tell(_taken);
    }

    private void Welcomed(JoinAttempt attempt)
    {
        _attempt = attempt with { IsWelcome = true };
        _cluster.Join(attempt.Through);
    }

    private void OnConnectionError(AssociationErrorEvent error)
    {
        if (_attempt is not { IsWelcome: false } attempt || error.RemoteAddress != attempt.Through) return;
        FailJoin(JoinRefusal.CannotConnect, attempt.Endpoint + Why(error.Cause));
    }

    private void FailJoin(JoinRefusal reason, string detail)
    {
        if (_attempt is not { } attempt) return;
        EndAttempt();
        attempt.Asker.Tell(new ClusterProtocol.JoinFailed(attempt.Request, reason, detail));
    }

    private void EndAttempt()
    {
        _attempt = null;
        Timers.Cancel(JoinTimer);
    }

    private void OnListMembers(ClusterProtocol.ListMembers list) => Sender.Tell(
        new ClusterProtocol.Members(list.Request, _view.Rows(_cluster.SelfUniqueAddress, _acknowledged)));

    private void OnMemberEvent(ClusterEvent.IMemberEvent happened)
    {
        Member member = happened.Member;
        bool isSelf = member.UniqueAddress.Equals(_cluster.SelfUniqueAddress);
        // At the end of this node the cluster takes leave of all members. The others have not gone.
        if (!isSelf && happened is ClusterEvent.MemberRemoved && _cluster.IsTerminated) return;
        MemberStatus? before = _view.Find(member.UniqueAddress)?.Status;
        if (happened is ClusterEvent.MemberRemoved) _view.Remove(member.UniqueAddress);
        else _view.Set(member);
        _isLeaving |= isSelf && !MemberView.IsStaying(member);
        JudgeAlias();
        AnswerAttempt();
        if (before != member.Status && ChangeOf(happened) is { } change) Publish(change, member);
        if (happened is ClusterEvent.MemberRemoved) Forget(member);
        Changed();
    }

    private void OnReachability(Member member, bool isReachable)
    {
        if (!_view.SetReachable(member.UniqueAddress, isReachable)) return;
        AnswerAttempt();
        Publish(isReachable ? NodeChange.Reachable : NodeChange.Unreachable, member);
        JudgeAlias();
        Changed();
    }

    private static NodeChange? ChangeOf(ClusterEvent.IMemberEvent happened) => happened switch
    {
        ClusterEvent.MemberJoined => NodeChange.Joining,
        ClusterEvent.MemberUp => NodeChange.Joined,
        ClusterEvent.MemberLeft => NodeChange.Leaving,
        ClusterEvent.MemberDowned => NodeChange.Downed,
        ClusterEvent.MemberRemoved { PreviousStatus: MemberStatus.Down } => NodeChange.Removed,
        ClusterEvent.MemberRemoved => NodeChange.Left,
        _ => null,
    };

    // The first news of any member is the welcome: before it, a node hears of none.
    private void AnswerAttempt()
    {
        if (_attempt is not { IsWelcome: true } attempt) return;
        EndAttempt();
        attempt.Asker.Tell(attempt.IsOwn
            ? new ClusterProtocol.ClusterStarted(attempt.Request, $"{_cluster.SelfAddress}", WasMember: false)
            : new ClusterProtocol.Joined(attempt.Request, $"{attempt.Through}"));
    }

    private void Forget(Member member)
    {
        _acknowledged.Remove(member.UniqueAddress);
        _heard.RemoveWhere(heard => heard.Item2 == member.UniqueAddress.Uid);
    }

    private void JudgeAlias()
    {
        ImmutableArray<AliasHolder> holders = _view.Holders(_cluster.SelfUniqueAddress);
        if (!_isLeaving && AliasRule.LosesTo(_settings.Alias, holders) is { } holder) GiveWay(holder.Address);
    }

    private void Changed()
    {
        Context.Parent.Tell(new NodesChanged(_view.Others(_cluster.SelfUniqueAddress), _isLeaving));
        OnSayHello();
    }

    private void GiveWay(string holder)
    {
        _isLeaving = true;
        FailJoin(JoinRefusal.AliasTaken, holder);
        _taken = new ClusterProtocol.AliasTaken(_settings.Alias, holder);
        Context.System.EventStream.Publish(_taken);
        _cluster.Leave(_cluster.SelfAddress);
        Timers.StartSingleTimer(LeaveTimer, new LeaveOverdue(), LeaveTimeout);
    }

    private void OnSayHello()
    {
        if (_attempt is { IsWelcome: false } attempt) AskToJoin(attempt);
        if (_isLeaving || !_view.IsUp(_cluster.SelfUniqueAddress)) return;
        var hello = new ClusterProtocol.Hello(_settings.Alias, Uid, Joining: false, Attempt: 0);
        foreach (Member member in _view.ToGreet(_cluster.SelfUniqueAddress))
        {
            if (!_acknowledged.Contains(member.UniqueAddress)) Desk(member.Address).Tell(hello, Self);
        }
    }

    private void Publish(NodeChange change, Member member) => Context.System.EventStream.Publish(
        new ClusterProtocol.NodeEvent(change, MemberView.NameOf(member), $"{member.Address}", $"{member.Status}"));

    private static ActorSelection Desk(Address address) =>
        Context.ActorSelection(new RootActorPath(address) / "user" / "node");

    // Transports word it differently, and wrap it; these words of the system's are in all of them.
    private static string Why(Exception? cause)
    {
        for (; cause is not null; cause = cause.InnerException)
        {
            if (Says("refused")) return " (connection refused)";
            if (Says("not known") || Says("no such host") || Says("no address")) return " (there is no such host)";
            if (Says("unreachable") || Says("no route")) return " (there is no way to that host)";
            if (Says("this node has none")) return ": it has a cluster secret, and this node was started without one";
            if (Says("has no cluster secret")) return ": this node has a cluster secret, and that one has none";
            if (Says("cluster secret") || Says("different secrets")) return ": the two nodes have different cluster secrets";
        }
        return "";

        bool Says(string words) => cause.Message.Contains(words, StringComparison.OrdinalIgnoreCase);
    }
}
