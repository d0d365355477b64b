using System.Collections.Immutable;
using System.Globalization;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Membership;
using Akka.Cluster.Serialization;
using Akka.Util;
using Iridium.Simulation.Virtual;

namespace Iridium.Simulation.Rules;

/// <summary>How long one change of the membership takes until all nodes know that all know it.</summary>
/// <param name="Nodes">How many members there are.</param>
/// <param name="Plain">By Akka.NET's rules alone: one peer a tick. Otherwise with the burst that this engine
/// adds.</param>
/// <param name="RoundsToKnow">Gossip intervals until the last node knows the change.</param>
/// <param name="RoundsToAgree">Gossip intervals until every node knows that every node has seen it.</param>
/// <param name="Gossips">Whole states sent until then, by all.</param>
/// <param name="Statuses">Mere versions sent until then, by all.</param>
/// <param name="Bytes">What both were on the wire, without envelopes.</param>
internal sealed record ConvergenceRow(
    int Nodes, bool Plain, double RoundsToKnow, double RoundsToAgree, long Gossips, long Statuses, long Bytes);

/// <summary>Gossip alone, on a network without faults: all members of a settled cluster are there, and one starts to
/// leave. A pure function of its arguments.</summary>
internal static class Convergence
{
    public static readonly ImmutableArray<int> Sizes = [10, 30, 100, 300, 1_000];

    private const int MostRounds = 300;

    private static readonly TimeSpan _leastLatency = TimeSpan.FromMilliseconds(0.2);

    private static readonly TimeSpan _mostLatency = TimeSpan.FromMilliseconds(2);

    public static void Print(TextWriter output, bool json)
    {
        const string header = " nodes  rules     rounds to know  rounds to agree     gossips    statuses        bytes";
        if (!json) output.WriteLine(header);
        foreach (int nodes in Sizes)
        {
            foreach (bool plain in new[] { true, false }) output.WriteLine(Text(Measure(nodes, plain, seed: 1), json));
        }
    }

    public static ConvergenceRow Measure(int nodes, bool plain, ulong seed)
    {
        var run = new Run(nodes, plain, new SeedRandom(SeedRandom.Scramble(seed)));
        return run.UntilAllAgree();
    }

    private static string Text(ConvergenceRow row, bool json)
    {
        string rules = row.Plain ? "plain" : "burst";
        return json
            ? string.Create(CultureInfo.InvariantCulture,
                $$"""{"nodes":{{row.Nodes}},"rules":"{{rules}}","roundsToKnow":{{row.RoundsToKnow:F2}},"""
                + $$""""roundsToAgree":{{row.RoundsToAgree:F2}},"gossips":{{row.Gossips}},""""
                + $$""""statuses":{{row.Statuses}},"bytes":{{row.Bytes}}}"""")
            : string.Create(CultureInfo.InvariantCulture,
                $"{row.Nodes,6}  {rules,-5}  {row.RoundsToKnow,17:F2}{row.RoundsToAgree,17:F2}"
                + $"{row.Gossips,12:N0}{row.Statuses,12:N0}{row.Bytes,13:N0}");
    }

    private sealed class Run
    {
        private readonly EventQueue<(int Node, int From, IClusterMessage? Message)> _queue = new();
        private readonly ClusterNodeState[] _states;
        private readonly Dictionary<Address, int> _indexes = [];
        private readonly SeedRandom _chance;
        private readonly bool _plain;
        private readonly HashSet<int> _knowing = [];
        private readonly HashSet<int> _agreeing = [];
        private ulong _sequence;
        private long _gossips, _statuses, _bytes;
        private TimeSpan _allKnew;

        public Run(int nodes, bool plain, SeedRandom chance)
        {
            _chance = chance;
            _plain = plain;
            UniqueAddress[] all = [.. Enumerable.Range(0, nodes).Select(node => new UniqueAddress(
                new Address("akka.tcp", "sim", $"host-{node:D4}", 2552), chance.Next(1, int.MaxValue)))];
            for (int node = 0; node < nodes; node++) _indexes.Add(all[node].Address, node);
            Gossip settled = Settled(all);
            ClusterNodeSettings settings = Settings;
            _states = [.. all.Select(node => ClusterNode.Start(node, settings, chance.NextBits()) with
            {
                Phase = NodePhase.Inside,
                Gossip = settled,
                GossipAt = chance.Between(TimeSpan.Zero, settings.GossipInterval / 3),
                GossipTick = chance.Next(3),
                LeaderActionsAt = TimeSpan.FromDays(1),
                KnockAt = TimeSpan.FromDays(1),
            })];
        }

        // The leader rests: it would answer the change with the next one.
        private ClusterNodeSettings Settings => new()
        {
            ActOnConvergence = false,
            LeaderActionsInterval = TimeSpan.FromDays(1),
            GossipOnChangeFanout = _plain ? 0 : new ClusterNodeSettings().GossipOnChangeFanout,
        };

        public ConvergenceRow UntilAllAgree()
        {
            int nodes = _states.Length, leaver = _chance.Next(nodes);
            TimeSpan interval = _states[0].Settings.GossipInterval, begin = interval;
            for (int node = 0; node < nodes; node++) PlanWake(node);
            Plan(begin, leaver, leaver, new Leave(_states[leaver].Self.Address));
            TimeSpan now = TimeSpan.Zero;
            while (_agreeing.Count < nodes)
            {
                (int node, int from, IClusterMessage? message) = _queue.Take(out long time);
                now = new TimeSpan(time);
                if (now > MostRounds * interval)
                    throw new InvalidOperationException($"{nodes} nodes do not come to agree");
                ClusterNodeState before = _states[node];
                if (message is null && before.WakeAt > now) continue;
                Take(node, from, now, message is null
                    ? ClusterNode.Step(before, Wake.Instance, now)
                    : ClusterNode.Step(before, message, now));
                if (_allKnew == TimeSpan.Zero && _knowing.Count == nodes) _allKnew = now;
            }
            return new ConvergenceRow(
                nodes, _plain, (_allKnew - begin) / interval, (now - begin) / interval, _gossips, _statuses, _bytes);
        }

        private void Take(
            int node, int from, TimeSpan now, (ClusterNodeState State, ImmutableArray<ClusterEffect> Effects) step)
        {
            _states[node] = step.State;
            foreach (ClusterEffect effect in step.Effects)
            {
                if (effect is ClusterEffect.Send send) Send(node, _indexes[send.To], now, send.Message);
                else if (effect is ClusterEffect.Reply reply) Send(node, from, now, reply.Message);
                else if (effect is ClusterEffect.Answer answer) Send(node, from, now, answer.Message);
            }
            if (step.Effects.Any(effect => effect is ClusterEffect.SettleSoon))
            {
                Take(node, from, now, ClusterNode.Step(step.State, Settle.Instance, now));
                return;
            }
            Gossip gossip = step.State.Gossip;
            if (gossip.Members.Any(member => member.Status == MemberStatus.Leaving))
            {
                _knowing.Add(node);
                if (gossip.Seen.Length == _states.Length) _agreeing.Add(node);
            }
            PlanWake(node);
        }

        private void Send(int from, int to, TimeSpan now, IClusterMessage message)
        {
            if (message is GossipEnvelope) _gossips++;
            else _statuses++;
            _bytes += ClusterMessageCodec.ToBytes(message).Length;
            Plan(now + _chance.Between(_leastLatency, _mostLatency), to, from, message);
        }

        private void PlanWake(int node)
        {
            if (_states[node].WakeAt is { } due) Plan(due, node, node, null);
        }

        private void Plan(TimeSpan at, int node, int from, IClusterMessage? message) =>
            _queue.Add(at.Ticks, _sequence++, (node, from, message));

        private static Gossip Settled(UniqueAddress[] all)
        {
            ImmutableArray<Member> members = [.. all.Select((node, index) =>
                new Member(node, index + 1, MemberStatus.Up, [], AppVersion.Zero))];
            Gossip gossip = Gossip.Empty;
            foreach (Member member in members) gossip = gossip.With(member);
            VectorClock version = gossip.Version.Increment(all[0].ClockName);
            return gossip with { Seen = [.. gossip.Members.Nodes()], Version = version };
        }
    }
}
