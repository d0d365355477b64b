using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Membership;

namespace Akka.Cluster.Tests.Inside;

/// <summary>
/// A handful of nodes as pure state machines in one virtual time: messages take a millisecond, cut links lose them,
/// and the failure detector is told after three seconds of silence. No actor, no thread, no real clock.
/// </summary>
internal sealed class World(ClusterNodeSettings settings)
{
    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(3);

    private readonly SortedDictionary<int, ClusterNodeState> _nodes = [];
    private readonly PriorityQueue<Action, (TimeSpan At, int Order)> _agenda = new();
    private readonly HashSet<(int From, int To)> _cuts = [];
    private readonly SortedDictionary<(int From, int To), TimeSpan> _cutSince = [];
    private readonly HashSet<(UniqueAddress By, UniqueAddress Whom)> _quarantined = [];
    private readonly Dictionary<(int, UniqueAddress), TimeSpan> _goneSince = [];
    private int _order;

    public TimeSpan Now { get; private set; }

    public Dictionary<int, List<ClusterEvent.IClusterDomainEvent>> Events { get; } = [];

    public List<(int Node, ClusterEffect Effect)> Acts { get; } = [];

    /// <summary>Every message that was put on a link.</summary>
    public List<(TimeSpan At, int From, int To, IClusterMessage Message)> Sent { get; } = [];

    /// <summary>Who has the lease; 0 nobody.</summary>
    public int LeaseOwner { get; set; }

    public ClusterNodeState this[int number] => _nodes[number];

    public bool IsInside(int number) =>
        _nodes.TryGetValue(number, out ClusterNodeState? state) && state.Phase == NodePhase.Inside;

    public World Start(int number, int life = 1, Func<ClusterNodeSettings, ClusterNodeSettings>? with = null)
    {
        ClusterNodeSettings own = with?.Invoke(settings) ?? settings;
        _nodes[number] = ClusterNode.Start(Nodes.Node(number, life), own, (ulong)((number * 31) + life));
        Events[number] = [];
        Reap(number, life);
        return this;
    }

    public World StartAll(params int[] seeds)
    {
        foreach (int number in seeds) Start(number);
        foreach (int number in seeds) Tell(number, new JoinSeedNodes([.. seeds.Select(Nodes.AddressOf)]));
        return this;
    }

    public void Kill(int number) => _nodes.Remove(number);

    public void Cut(int from, int to)
    {
        _cuts.Add((from, to));
        _cutSince[(from, to)] = Now;
    }

    public void CutBoth(int left, int right)
    {
        Cut(left, right);
        Cut(right, left);
    }

    public void Heal()
    {
        _cuts.Clear();
        _cutSince.Clear();
    }

    public void Tell(int number, IClusterCommand command) =>
        Take(number, ClusterNode.Step(_nodes[number], command, Now), null);

    public void Tell(int number, IClusterMessage message) =>
        Take(number, ClusterNode.Step(_nodes[number], message, Now), null);

    public void Run(double seconds) => RunUntil(Now + TimeSpan.FromSeconds(seconds), () => false);

    /// <returns>How long it took.</returns>
    public TimeSpan Until(Func<bool> condition, double seconds = 60)
    {
        TimeSpan start = Now;
        RunUntil(Now + TimeSpan.FromSeconds(seconds), condition);
        IEnumerable<string> views = _nodes.Select(node => $"{node.Key}: {node.Value.Phase} {node.Value.Gossip}");
        Assert.True(condition(), $"not within {seconds} s:\n{string.Join("\n", views)}");
        return Now - start;
    }

    public bool AllUp(params int[] numbers) => numbers.All(number =>
        _nodes[number].Gossip.Members.Length == numbers.Length
        && _nodes[number].Gossip.Members.All(member => member.Status == MemberStatus.Up));

    private void RunUntil(TimeSpan end, Func<bool> done)
    {
        while (!done() && _agenda.TryPeek(out Action? action, out (TimeSpan At, int) when) && when.At <= end)
        {
            _agenda.Dequeue();
            Now = when.At;
            action();
        }

        if (!done()) Now = end;
    }

    private void Take(int number, (ClusterNodeState State, ImmutableArray<ClusterEffect> Effects) step, int? sender)
    {
        _nodes[number] = step.State;
        foreach (ClusterEffect effect in step.Effects)
        {
            Acts.Add((number, effect));
            switch (effect)
            {
                case ClusterEffect.Send send: Carry(number, send.To.Port!.Value - 8000, send.Message); break;
                case ClusterEffect.Reply reply: Carry(number, sender!.Value, reply.Message); break;
                case ClusterEffect.Answer answer:
                    Carry(number, answer.To.Address.Port!.Value - 8000, answer.Message);
                    break;
                case ClusterEffect.SettleSoon:
                    At(Now, () => IfAlive(step.State.Self, () => Tell(number, Settle.Instance)));
                    break;
                case ClusterEffect.Publish publish:
                    Events[number].AddRange(publish.Events);
                    Quarantine(step.State.Self, publish.Events);
                    break;
                case ClusterEffect.AcquireLease acquire: Acquire(number, step.State.Self, acquire.Question); break;
                case ClusterEffect.ReleaseLease when LeaseOwner == number: LeaseOwner = 0; break;
                case ClusterEffect.RunCoordinatedShutdown { Cause: ShutdownCause.Leaving }:
                    UniqueAddress self = step.State.Self;
                    At(Now + TimeSpan.FromMilliseconds(20),
                        () => IfAlive(self, () => Tell(number, ExitingCompleted.Instance)));
                    break;
            }
        }

        if (_nodes[number].WakeAt is { } wakeAt)
        {
            UniqueAddress self = step.State.Self;
            At(wakeAt, () => IfAlive(self, () =>
            {
                if (_nodes[number].WakeAt <= Now) Tell(number, Wake.Instance);
            }));
        }
    }

    private void Acquire(int number, UniqueAddress self, long question)
    {
        if (LeaseOwner == 0) LeaseOwner = number;
        bool granted = LeaseOwner == number;
        At(Now + Latency, () => IfAlive(self, () => Tell(number, new LeaseAnswered(question, granted))));
    }

    private void Carry(int from, int to, IClusterMessage message)
    {
        Sent.Add((Now, from, to, message));
        if (_cuts.Contains((from, to))) return;
        At(Now + Latency, () =>
        {
            if (!_nodes.TryGetValue(to, out ClusterNodeState? state)) return;
            if (_nodes.TryGetValue(from, out ClusterNodeState? sender)
                && IsQuarantined(sender.Self, state.Self)) return;
            Take(to, ClusterNode.Step(state, message, Now), from);
        });
    }

    private void Reap(int number, int life) =>
        At(Now + TimeSpan.FromMilliseconds(500), () => IfAlive(Nodes.Node(number, life), () =>
    {
        ImmutableArray<UniqueAddress> silent =
            [.. _nodes[number].Gossip.Members.Select(member => member.UniqueAddress)
                .Where(node => IsSilent(number, node))];
        Tell(number, new Reap(silent));
        Reap(number, life);
    }));

    private bool IsSilent(int observer, UniqueAddress node)
    {
        int number = node.Address.Port!.Value - 8000;
        bool alive = _nodes.TryGetValue(number, out ClusterNodeState? state) && state.Self.Equals(node)
            && state.Phase != NodePhase.Stopped;
        if (alive)
        {
            if (IsQuarantined(_nodes[observer].Self, node)) return true;
            return (_cutSince.TryGetValue((observer, number), out TimeSpan there) && Now - there >= Silence)
                || (_cutSince.TryGetValue((number, observer), out TimeSpan back) && Now - back >= Silence);
        }

        _goneSince.TryAdd((observer, node), Now);
        return Now - _goneSince[(observer, node)] >= Silence;
    }

    /// <summary>Remoting ends all contact with a member that was removed as Down.</summary>
    private void Quarantine(UniqueAddress self, IEnumerable<ClusterEvent.IClusterDomainEvent> events)
    {
        foreach (ClusterEvent.MemberRemoved removed in events.OfType<ClusterEvent.MemberRemoved>())
        {
            if (removed.PreviousStatus == MemberStatus.Down) _quarantined.Add((self, removed.Member.UniqueAddress));
        }
    }

    private bool IsQuarantined(UniqueAddress left, UniqueAddress right) =>
        _quarantined.Contains((left, right)) || _quarantined.Contains((right, left));

    private void IfAlive(UniqueAddress self, Action action)
    {
        int number = self.Address.Port!.Value - 8000;
        if (_nodes.TryGetValue(number, out ClusterNodeState? state) && state.Self.Equals(self)) action();
    }

    private void At(TimeSpan moment, Action action) => _agenda.Enqueue(action, (moment, _order++));
}
