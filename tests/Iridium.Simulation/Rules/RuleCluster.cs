using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Membership;
using Akka.Cluster.SBR;
using Iridium.Simulation.Faults;
using Iridium.Simulation.Virtual;

namespace Iridium.Simulation.Rules;

/// <summary>
/// A cluster of nodes that are nothing but the pure rules of membership, on a network that is a table. It is quick: a
/// minute of a cluster's life takes a fraction of a millisecond, so hundreds of thousands of histories can be judged.
/// </summary>
/// <remarks>Heartbeats are not sent one by one: at each reaping a node asks the table who would have
/// answered.</remarks>
internal sealed partial class RuleCluster
{
    private static readonly long _second = TimeSpan.TicksPerSecond;
    private static readonly long _longestShutdown = TimeSpan.FromSeconds(15).Ticks;
    private static readonly long _flap = TimeSpan.FromSeconds(0.6).Ticks;

    private readonly EventQueue<RuleEvent> _queue = new();
    private readonly RuleNode[] _nodes;
    private readonly RuleLinks _links;
    private readonly StoryPlan _plan;
    private readonly CalmPace? _pace;
    private readonly List<Fault> _faults = [];
    private readonly PlantedBug? _bug;
    private readonly TextWriter? _trace;
    private readonly RuleInvariants _invariants;
    private readonly ClusterNodeSettings _settings;
    private readonly SeedRandom _ties;
    private readonly SeedRandom _network;
    private readonly SeedRandom _life;
    private readonly bool _supervised;
    private readonly bool _hasNamesakes;
    private readonly long _patience;
    private uint _sequence;
    private long _now;

    public RuleCluster(StoryPlan plan, PlantedBug? bug = null, TextWriter? trace = null)
    {
        _plan = plan;
        _bug = bug;
        _trace = trace;
        var chance = new SeedRandom(SeedRandom.Scramble(plan.Seed + 2));
        _ties = chance.Split("ties");
        _network = chance.Split("network");
        _life = chance.Split("lives");
        SeedRandom shape = chance.Split("shape");
        _supervised = !shape.OneIn(4);
        _patience = shape.Between(TimeSpan.FromSeconds(3.5), TimeSpan.FromSeconds(5)).Ticks;
        _links = new RuleLinks(plan.Nodes, _network);
        _settings = SettingsOf(plan, shape, chance.Split("strategy"));
        if (bug is not null) _settings = bug.Configure(_settings);
        // The order of hosts must not be the order of starting, or the founder would always lead.
        int[] hosts = [.. Enumerable.Range(0, plan.Nodes)];
        shape.Shuffle(hosts);
        int[] namesakes = NamesakesOf(plan, chance.Split("names"));
        _hasNamesakes = namesakes.Length > 0;
        _nodes = [.. hosts.Select((host, index) => new RuleNode(index, new Address("akka.tcp", "sim", $"h{host}", 2552))
        {
            Alias = namesakes.Contains(index) ? Namesake : null,
        })];
        _invariants = new RuleInvariants(_nodes, this);
        for (int node = 0; node < plan.Nodes; node++)
            Plan(plan.Starts[node].Ticks, new RuleEvent(RuleEventKind.Start, node, 0));
        if (plan.Calm) _pace = new CalmPace(plan, LeaseWait);
        else foreach (Fault fault in plan.Faults) Plan(fault);
    }

    public TimeSpan Now => new(_now);

    public ulong Hash { get; private set; }

    public int Steps { get; private set; }

    public string? Failure { get; private set; }

    /// <summary>What must not happen in a calm story, and in a wild one only for a while. Namesakes make every story wild in
    /// this: they leave while others join.</summary>
    public void FailIfCalm(string reason)
    {
        if (_plan.Calm && !_hasNamesakes) Fail(reason);
        else Returns++;
    }

    public void Fail(string reason) => Failure ??= $"{Now.TotalSeconds:F3} s: {reason}";

    /// <summary>A wild story split the cluster, which no rule without consensus can always prevent. It ended
    /// there.</summary>
    public string? Split { get; private set; }

    /// <summary>How often a wild story brought back somebody who was removed. The wire has no tombstones, so a newcomer
    /// who was not asked about the removal can do that; all must still agree in the end.</summary>
    public int Returns { get; private set; }

    /// <summary>Runs the whole story, and then as long as the survivors are allowed to take to agree.</summary>
    public string? Run()
    {
        while (GoesOn && (Healed is not { } end || _now < end)) RunSecond();
        long limit = _now + _plan.StableAfter.Ticks + 25 * _second;
        while (GoesOn && !_invariants.AllAgree() && _now < limit) RunSecond();
        if (GoesOn && !_invariants.AllAgree()) Fail($"no agreement: {_invariants.Describe()}");
        if (GoesOn) _invariants.CheckFinal();
        return Failure;
    }

    private long? Healed => (_pace is null ? _plan.Healed : _pace.Healed)?.Ticks;

    private bool GoesOn => Failure is null && Split is null;

    private void RunSecond()
    {
        if (_pace?.Next(Now, _invariants.AllAgree) is { } fault) Plan(fault);
        else if (_pace?.IsOverdue(Now, _invariants.AllAgree) == true) Fail($"no agreement: {_invariants.Describe()}");
        RunUntil(_now + _second);
        if (Failure is not null || _invariants.FindSplit() is not { } split) return;
        if (_plan.Calm) Fail($"split brain: {split}");
        else Split = split;
    }

    private void RunUntil(long end)
    {
        while (Failure is null && _queue.NextTime <= end)
        {
            RuleEvent next = _queue.Take(out _now);
            try
            {
                Happen(next);
            }
            catch (Exception error)
            {
                // The rules throw when an invariant of theirs is broken; whatever it is, it is a finding.
                Fail(error.ToString());
            }
        }
        _now = Math.Max(_now, end);
    }

    private void Plan(long time, in RuleEvent what)
    {
        ulong chance = _ties.NextBits() >> 32 << 32;
        _queue.Add(time, chance | _sequence++, what);
    }

    private void Plan(Fault fault)
    {
        Plan(fault.At.Ticks, new RuleEvent(RuleEventKind.FaultBegins, _faults.Count, 0));
        Plan(fault.End.Ticks, new RuleEvent(RuleEventKind.FaultEnds, _faults.Count, 0));
        _faults.Add(fault);
    }

    private void Happen(in RuleEvent what)
    {
        Steps++;
        Hash = SeedRandom.Scramble(Hash ^ (ulong)_now ^ ((ulong)what.Kind << 56) ^ ((ulong)what.Node << 48)) + 1;
        switch (what.Kind)
        {
            case RuleEventKind.Start: Start(_nodes[what.Node]); return;
            case RuleEventKind.FaultBegins: Begin(_faults[what.Node]); return;
            case RuleEventKind.FaultEnds: End(_faults[what.Node]); return;
            case RuleEventKind.Check: Flap(_faults[what.Node], what.Life); return;
        }
        RuleNode node = _nodes[what.Node];
        if (!node.Alive || node.Life != what.Life) return;
        if (what.Kind == RuleEventKind.ShutdownTimesOut)
        {
            Stop(node);
            return;
        }
        if (node.Pauses > 0)
        {
            node.Held.Add(what);
            return;
        }
        switch (what.Kind)
        {
            case RuleEventKind.Message: Hear(node, what); break;
            case RuleEventKind.Wake: Wake(node); break;
            case RuleEventKind.Reap: Reap(node); break;
            case RuleEventKind.LeaseAnswer: HearOfLease(node, what); break;
            case RuleEventKind.ExitingCompleted: Step(node, ExitingCompleted.Instance); break;
        }
    }

    private void Start(RuleNode node)
    {
        if (node.Alive) return;
        node.Start(_bug?.Uid(node) ?? _life.Next(), _settings, _life.NextBits());
        Note(node, "starts");
        Plan(_now + _life.NextInt64(_second), new RuleEvent(RuleEventKind.Reap, node.Index, node.Life));
        // Only the first life of the first node may found a cluster: it names itself first.
        IEnumerable<Address> others = _nodes.Where(each => each != node).Select(each => each.Address);
        Step(node, new JoinSeedNodes(
            node is { Index: 0, Life: 1 } ? [node.Address, .. others] : [.. others, node.Address]));
    }

    private void Hear(RuleNode node, in RuleEvent what)
    {
        RuleNode from = _nodes[what.From];
        int fromUid = what.FromLife == from.Life ? from.Self.Uid : -1;
        if (node.Quarantined.Contains(fromUid))
        {
            if (from.Runs && _links.IsOpen(node.Index, from.Index)) Step(from, new QuarantinedBy(node.Address));
            return;
        }
        IClusterMessage message = _bug?.Hear(node, what.Message!) ?? what.Message!;
        if (_trace is not null) Note(node, $"hears {message.GetType().Name} from {from}");
        Take(node, ClusterNode.Step(node.State, message, Now), message, what.From, what.FromLife);
    }

    private void Wake(RuleNode node)
    {
        node.PlannedWake = long.MaxValue;
        if (node.State.WakeAt is { } due && due.Ticks <= _now) Step(node, Akka.Cluster.Membership.Wake.Instance);
        else PlanWake(node);
    }

    private void Step(RuleNode node, IClusterCommand command) =>
        Take(node, ClusterNode.Step(node.State, command, Now), null, node.Index, node.Life);

    /// <summary>Asks who answers, and tells the rules who has been silent for too long.</summary>
    private void Reap(RuleNode node)
    {
        Plan(_now + _second, new RuleEvent(RuleEventKind.Reap, node.Index, node.Life));
        if (node.State.Phase != NodePhase.Inside) return;
        ImmutableArray<UniqueAddress> silent = [];
        foreach (Member member in node.State.Gossip.Members)
        {
            UniqueAddress peer = member.UniqueAddress;
            if (peer.Equals(node.Self)) continue;
            bool answers = Answers(node, peer);
            if (answers || !node.Heard.TryGetValue(peer.Uid, out long heard)) node.Heard[peer.Uid] = heard = _now;
            if (_now - heard > _patience) silent = silent.Add(peer);
        }
        TellQuarantined(node);
        silent = _bug?.Reap(node, silent) ?? silent;
        if (!silent.IsEmpty || !node.State.Gossip.Reachability.IsAllReachable) Step(node, new Reap(silent));
    }

    /// <summary>Heartbeats go to who is silent, too, and who has quarantined their sender says so.</summary>
    private void TellQuarantined(RuleNode node)
    {
        foreach (Member member in node.State.Gossip.Members)
        {
            RuleNode peer = _nodes[IndexOf(member.Address)];
            bool refuses = peer.Runs && peer.Quarantined.Contains(node.Self.Uid)
                && _links.Passes(node.Index, peer.Index) && _links.Passes(peer.Index, node.Index);
            if (refuses && node.State.Phase == NodePhase.Inside) Step(node, new QuarantinedBy(peer.Address));
        }
    }

    private bool Answers(RuleNode node, UniqueAddress uniqueAddress)
    {
        foreach (RuleNode peer in _nodes)
        {
            if (peer.Address != uniqueAddress.Address) continue;
            return peer.Runs && peer.Self.Uid == uniqueAddress.Uid && peer.State.Phase == NodePhase.Inside
                && !node.Quarantined.Contains(uniqueAddress.Uid) && !peer.Quarantined.Contains(node.Self.Uid)
                && _links.Passes(node.Index, peer.Index) && _links.Passes(peer.Index, node.Index);
        }
        return false;
    }

    private void Take(
        RuleNode node, (ClusterNodeState State, ImmutableArray<ClusterEffect> Effects) step,
        IClusterMessage? heard, int from, int fromLife)
    {
        ClusterNodeState before = node.State;
        if (_bug is not null) step = _bug.Step(before, heard, step);
        node.State = step.State;
        foreach (ClusterEffect effect in step.Effects)
        {
            switch (effect)
            {
                case ClusterEffect.Send send: Send(node, IndexOf(send.To), 0, send.Message); break;
                case ClusterEffect.Reply reply: Send(node, from, fromLife, reply.Message); break;
                case ClusterEffect.Answer answer: Send(node, from, fromLife, answer.Message); break;
                case ClusterEffect.Publish published: OnPublished(node, published); break;
                case ClusterEffect.AcquireLease acquire: AskForLease(node, acquire.Question); break;
                case ClusterEffect.ReleaseLease: ReleaseLease(node); break;
                case ClusterEffect.RunCoordinatedShutdown: PlanExit(node); break;
                case ClusterEffect.Stop: Stop(node); break;
                case ClusterEffect.Log log when _trace is not null: Note(node, Text(log)); break;
            }
        }
        if (!ReferenceEquals(before.Gossip, step.State.Gossip)) _invariants.CheckStep(node);
        if (node.Alias is not null) JudgeAlias(node);
        if (step.Effects.Any(effect => effect is ClusterEffect.SettleSoon))
            Take(node, ClusterNode.Step(node.State, Settle.Instance, Now), null, from, fromLife);
        else PlanWake(node);
    }

    private void OnPublished(RuleNode node, ClusterEffect.Publish published)
    {
        foreach (ClusterEvent.IClusterDomainEvent happened in published.Events)
        {
            if (node.Alias is not null) Learn(node, happened);
            if (happened is not ClusterEvent.IMemberEvent member) continue;
            if (_trace is not null) Note(node, happened.ToString()!);
            _invariants.CheckEvent(node, member);
            if (member is not ClusterEvent.MemberRemoved removed) continue;
            // A newcomer whose first host was lost drops what that host believed; nobody was removed then.
            if (removed.PreviousStatus is MemberStatus.Down or MemberStatus.Exiting)
                node.Removed.Add(removed.Member.UniqueAddress.Uid);
            if (removed.PreviousStatus == MemberStatus.Down) node.Quarantined.Add(removed.Member.UniqueAddress.Uid);
        }
    }

    private void Send(RuleNode from, int to, int toLife, IClusterMessage message)
    {
        RuleNode target = _nodes[to];
        // A stream belongs to two processes: what is in it dies with either.
        if (!target.Alive || (toLife != 0 && target.Life != toLife)) return;
        if (from.Quarantined.Contains(target.Self.Uid)) return;
        long arrival = _now + _network.Between(2_000, 50_000);
        bool passes = _links.Passes(from.Index, to);
        if (!passes)
        {
            // Lost with its stream, or retransmitted later, if the way is open by then.
            if (_network.OneIn(2)) return;
            arrival += _network.Between(_second / 5, 3 * _second);
        }
        else if (_network.OneIn(50))
        {
            arrival += _network.NextInt64(_second / 2);
        }
        if (!passes && !_links.IsOpen(from.Index, to)) return;
        Plan(arrival, new RuleEvent(RuleEventKind.Message, to, target.Life, message, from.Index, from.Life));
    }

    private void PlanExit(RuleNode node) =>
        Plan(_now + _life.NextInt64(_second), new RuleEvent(RuleEventKind.ExitingCompleted, node.Index, node.Life));

    private void Stop(RuleNode node)
    {
        Note(node, "stops");
        node.End();
        if (_supervised && !node.GivesWay) PlanStart(node, _life.Between(TimeSpan.Zero, TimeSpan.FromSeconds(5)));
    }

    private void PlanStart(RuleNode node, TimeSpan delay) =>
        Plan(_now + delay.Ticks, new RuleEvent(RuleEventKind.Start, node.Index, 0));

    private void PlanWake(RuleNode node)
    {
        if (!node.Alive || node.State.WakeAt is not { } due || due.Ticks >= node.PlannedWake) return;
        node.PlannedWake = Math.Max(due.Ticks, _now);
        Plan(node.PlannedWake, new RuleEvent(RuleEventKind.Wake, node.Index, node.Life));
    }

    private void Say(RuleNode node, IClusterMessage message) =>
        Take(node, ClusterNode.Step(node.State, message, Now), message, node.Index, node.Life);

    private int IndexOf(Address address)
    {
        foreach (RuleNode node in _nodes)
        {
            if (node.Address == address) return node.Index;
        }
        throw new InvalidOperationException($"{address} is no node of this story");
    }

    private static ClusterNodeSettings SettingsOf(StoryPlan plan, SeedRandom shape, SeedRandom strategy) => new()
    {
        // Half of the seeds without what the engine adds to Akka.NET's rules.
        ActOnConvergence = shape.OneIn(2),
        GossipOnChangeFanout = shape.OneIn(2) ? 4 : 0,
        Downing = new SplitBrainRules(
            strategy.OneIn(LeaseInOneOf) ? _leaseMajority : new KeepMajority(null), plan.StableAfter, null),
    };

    private static string Text(ClusterEffect.Log log) => string.Format(log.Text, [.. log.Arguments]);

    private void Note(RuleNode? node, string text) =>
        _trace?.WriteLine($"{Now.TotalSeconds,10:F4}  {node?.ToString() ?? "-",-6} {text}");
}
