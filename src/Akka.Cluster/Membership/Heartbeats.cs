using System.Collections.Immutable;
using Akka.Actor;
using Akka.Remote;

namespace Akka.Cluster.Membership;

/// <summary>
/// Watches the neighbours in the ring: whom to send a heartbeat, who answered, who has been silent for too long. It
/// sends nothing itself and is told the time; the failure detectors it is given must run on the same clock.
/// </summary>
/// <remarks>Owned by one actor.</remarks>
internal sealed class Heartbeats
{
    private readonly UniqueAddress _self;
    private readonly HeartbeatSettings _settings;
    private readonly IFailureDetectorRegistry<Address> _detectors;
    private readonly SignsOfLife _signs;
    private readonly Func<UniqueAddress, bool> _provenSilent;
    private readonly Func<UniqueAddress, bool> _isKin;
    private readonly SortedDictionary<UniqueAddress, TimeSpan> _expectedFirst = [];
    private readonly SortedDictionary<UniqueAddress, Suspicion> _suspects = [];
    private readonly Dictionary<UniqueAddress, TimeSpan> _silentSince = [];
    private ImmutableArray<UniqueAddress> _members = [];
    private ImmutableArray<UniqueAddress> _receivers = [];

    // Who was watched and silent when the ring moved on. Watched until it answers, or nobody would notice that it
    // does.
    private ImmutableArray<UniqueAddress> _formerSilent = [];
    private ImmutableArray<UniqueAddress> _toldSilent = [];
    private LocalHealth _health;
    private TimeSpan _beatAt;
    private TimeSpan _reapAt;
    private TimeSpan _lookAt = TimeSpan.MaxValue;
    private TimeSpan _expectedWake = TimeSpan.MaxValue;

    /// <param name="self">This node.</param>
    /// <param name="settings">How it watches.</param>
    /// <param name="detectors">Judge by the rhythm of the answers; on the same clock as the times given here.</param>
    /// <param name="firstAt">When to begin.</param>
    /// <param name="receivedFrom">Counts whatever comes from a node; null if only answers count.</param>
    /// <param name="probeAnswersFrom">Counts what a node answers on a connection that only asks; null if there is
    /// none.</param>
    /// <param name="provenSilent">Whether a node is being asked on such connections and has left so many of them
    /// unanswered that it cannot be alive; null if there are none.</param>
    /// <param name="isKin">Whether a node has said that it runs this engine. Of all others a broken connection says
    /// nothing: an Akka.NET node is judged by its rhythm alone, as its own kind judges it. Null: all run it.</param>
    public Heartbeats(
        UniqueAddress self,
        HeartbeatSettings settings,
        IFailureDetectorRegistry<Address> detectors,
        TimeSpan firstAt,
        Func<UniqueAddress, long>? receivedFrom = null,
        Func<UniqueAddress, long>? probeAnswersFrom = null,
        Func<UniqueAddress, bool>? provenSilent = null,
        Func<UniqueAddress, bool>? isKin = null)
    {
        _isKin = isKin ?? (_ => true);
        _provenSilent = provenSilent ?? (_ => false);
        _signs = new SignsOfLife(receivedFrom, probeAnswersFrom);
        _self = self;
        _settings = settings;
        _detectors = detectors;
        _beatAt = firstAt;
        _reapAt = firstAt;
    }

    /// <summary>Who gets heartbeats, sorted.</summary>
    public ImmutableArray<UniqueAddress> Receivers => _receivers.Union(_formerSilent);

    /// <summary>What is kept of others, beside their failure detectors.</summary>
    public int Kept =>
        _signs.Count + _suspects.Count + _silentSince.Count + _expectedFirst.Count + _formerSilent.Length;

    /// <summary>How far this node trusts its own clockwork.</summary>
    public LocalHealth Health => _health;

    /// <summary>When <see cref="Advance"/> is due next.</summary>
    public TimeSpan WakeAt
    {
        get
        {
            TimeSpan first = _beatAt < _reapAt ? _beatAt : _reapAt;
            if (_lookAt < first) first = _lookAt;
            foreach (Suspicion suspicion in _suspects.Values)
            {
                if (suspicion.NextProbe < first) first = suspicion.NextProbe;
            }

            return first;
        }
    }

    /// <summary>The membership changed.</summary>
    public void Observe(Gossip gossip)
    {
        ImmutableArray<UniqueAddress> members = gossip.Members.Nodes();
        foreach (UniqueAddress gone in _members.RemoveAll(node => members.Has(node)))
        {
            _suspects.Remove(gone);
            _signs.Forget(gone);
            _silentSince.Remove(gone);
            _expectedFirst.Remove(gone);
            _detectors.Remove(gone.Address);
        }

        // A new life must not inherit the rhythm, or the silence, of its predecessor at that address.
        foreach (UniqueAddress fresh in members.RemoveAll(node => _members.Has(node)))
            _detectors.Remove(fresh.Address);

        _members = members;
        ImmutableArray<UniqueAddress> receivers = HeartbeatRing.Receivers(
            members, _self, _settings.MonitoredByNrOfMembers, node => !gossip.Reachability.IsReachable(node));
        foreach (UniqueAddress former in _receivers.RemoveAll(node => receivers.Has(node)))
        {
            if (!members.Has(former) || _detectors.IsAvailable(former.Address)) _detectors.Remove(former.Address);
            else _formerSilent = _formerSilent.With(former);
            if (!_formerSilent.Has(former)) _signs.WaitNoLonger(former);
        }

        _receivers = receivers;
        _formerSilent = _formerSilent.RemoveAll(node => !members.Has(node) || receivers.Has(node));
    }

    /// <summary>A node answered.</summary>
    public void SignOfLife(UniqueAddress from, TimeSpan now)
    {
        // Anybody can say that he answers, and a removed member's answer may be late: nothing is kept of either.
        if (!_members.Has(from)) return;
        _signs.Answered(from, now);
        Trust(from);
    }

    /// <summary>Who lives at this address has quarantined this node. From now on only a heartbeat's answer says that it
    /// is there for this node.</summary>
    public void RefusedBy(Address address)
    {
        foreach (UniqueAddress node in _members)
        {
            if (node.Address.Equals(address)) _signs.Refuses(node);
        }
    }

    private void Trust(UniqueAddress from)
    {
        _suspects.Remove(from);
        _silentSince.Remove(from);
        if (!Receivers.Has(from)) return;
        _detectors.Heartbeat(from.Address);
        _expectedFirst.Remove(from);
        if (_formerSilent.Has(from))
        {
            _formerSilent = _formerSilent.Without(from);
            _detectors.Remove(from.Address);
        }
    }

    /// <summary>The connection to this address broke. Who lives there is asked at once, if it is of this kind.</summary>
    public void ConnectionBroke(Address address, TimeSpan now)
    {
        if (_settings.ProbeTimeout <= TimeSpan.Zero) return;
        foreach (UniqueAddress node in Receivers)
        {
            if (!node.Address.Equals(address) || !_isKin(node)) continue;
            // What came before the connection broke says nothing of what broke it.
            _signs.Look(node, now, _settings.ProbeConnectionFor);
            TimeSpan deadline = now + _settings.ProbeTimeout + ExtraPatience;
            _suspects.TryAdd(node, new Suspicion(deadline, now));
        }
    }

    /// <summary>What is due: heartbeats to send, and now and then the verdicts.</summary>
    public HeartbeatRound Advance(TimeSpan now)
    {
        TimeSpan late = now - _expectedWake;
        bool wasPaused = late > _settings.OwnPauseTolerance;
        if (wasPaused) ForgiveAll(now);
        if (_beatAt <= now || late > LocalHealth.Lateness) _health = _health.After(late);

        NoticeSigns(now);
        ImmutableArray<UniqueAddress> probes = DueProbes(now);
        ImmutableArray<UniqueAddress> beats = probes;
        if (_beatAt <= now)
        {
            _beatAt = Next(_beatAt, _settings.Interval, now);
            beats = Receivers;
            foreach (UniqueAddress node in beats)
            {
                ExpectFirstAnswer(node, now);
                _signs.Asked(node, now);
            }
        }

        bool verdictDue = _reapAt <= now || _suspects.Values.Any(s => s.Deadline <= now && !s.Told)
            || Receivers.Any(node => IsProvenSilent(node, now) && !_toldSilent.Has(node));
        if (_reapAt <= now) _reapAt = Next(_reapAt, _settings.ReaperInterval, now);
        ImmutableArray<UniqueAddress>? verdict = verdictDue ? Silent(now) : null;
        _lookAt = NextLook(now);
        _expectedWake = WakeAt;
        return new HeartbeatRound(beats, probes, Unheard(now), verdict, wasPaused ? late : null);
    }

    private TimeSpan ExtraPatience => _settings.LocalHealthPatience * _health.Score;

    private static TimeSpan Next(TimeSpan due, TimeSpan interval, TimeSpan now) =>
        due + interval > now ? due + interval : now + interval;

    /// <summary>
    /// Who seems silent, but of whom anything came lately, lives: its answers are only late. Peers that answer in time are
    /// left to their rhythm; so what came is remembered for a heartbeat, should their rhythm condemn them by then.
    /// </summary>
    private void NoticeSigns(TimeSpan now)
    {
        foreach (UniqueAddress node in Receivers)
        {
            bool came = _signs.Look(node, now, _settings.ProbeConnectionFor);
            bool isOnlyLate = !_detectors.IsAvailable(node.Address) && _signs.LivedWithin(node, now, _settings.Interval);
            if (isOnlyLate || (came && _suspects.ContainsKey(node))) Trust(node);
        }
    }

    /// <summary>Of whom nothing was heard for so long that they should be asked in another way.</summary>
    private ImmutableArray<UniqueAddress> Unheard(TimeSpan now) => _settings.ProbeConnectionAfter <= TimeSpan.Zero
        ? []
        : [.. Receivers.Where(node => !_signs.IsRefusedBy(node)
            && _signs.SilenceOf(node, now) is var silence
            && silence >= _settings.ProbeConnectionAfter && silence < _settings.ProbeConnectionFor)];

    private ImmutableArray<UniqueAddress> DueProbes(TimeSpan now)
    {
        UniqueAddress[] due = [.. _suspects.Where(s => s.Value.NextProbe <= now).Select(s => s.Key)];
        foreach (UniqueAddress node in due)
        {
            // Past the deadline the usual heartbeats ask on.
            Suspicion suspicion = _suspects[node];
            TimeSpan next = suspicion.Deadline <= now ? TimeSpan.MaxValue : now + _settings.ProbeInterval;
            if (next > suspicion.Deadline && suspicion.Deadline > now) next = suspicion.Deadline;
            _suspects[node] = suspicion with { NextProbe = next };
        }

        return [.. due];
    }

    /// <summary>Starts the detector of a peer that never answered, so that its silence counts.</summary>
    private void ExpectFirstAnswer(UniqueAddress node, TimeSpan now)
    {
        if (_detectors.IsMonitoring(node.Address)) return;
        if (!_expectedFirst.TryGetValue(node, out TimeSpan due))
        {
            _expectedFirst[node] = now + _settings.ExpectedResponseAfter;
        }
        else if (due <= now)
        {
            _expectedFirst.Remove(node);
            _detectors.Heartbeat(node.Address);
        }
    }

    private ImmutableArray<UniqueAddress> Silent(TimeSpan now)
    {
        foreach (UniqueAddress node in _suspects.Keys.ToArray())
        {
            if (_suspects[node].Deadline <= now) _suspects[node] = _suspects[node] with { Told = true };
        }

        _toldSilent = [.. _members.Where(node => IsSilentForLong(node, now) || IsProvenSilent(node, now)
            || (_suspects.TryGetValue(node, out Suspicion? s) && s.Told))];
        return _toldSilent;
    }

    /// <summary>The failure detector's verdict, and as much longer as this node doubts itself.</summary>
    private bool IsSilentForLong(UniqueAddress node, TimeSpan now)
    {
        if (_detectors.IsAvailable(node.Address))
        {
            _silentSince.Remove(node);
            return false;
        }

        _silentSince.TryAdd(node, now);
        return now - _silentSince[node] >= ExtraPatience;
    }

    /// <summary>The probe connections' verdict, as long as the silence has lasted beyond a pause that is none of this
    /// node's business, and as much longer as this node doubts itself.</summary>
    private bool IsProvenSilent(UniqueAddress node, TimeSpan now) =>
        _settings.ProbedSilence > TimeSpan.Zero && _provenSilent(node)
        && _signs.SilenceOf(node, now) >= _settings.ProbedSilence + ExtraPatience;

    /// <summary>
    /// While a heartbeat waits for anything to follow it, it matters when that comes: to the decision to ask in another
    /// way, to the asking itself, which ends with it, and to the verdict.
    /// </summary>
    private TimeSpan NextLook(TimeSpan now)
    {
        TimeSpan next = TimeSpan.MaxValue;
        if (_settings.ProbeConnectionAfter <= TimeSpan.Zero) return next;
        foreach (UniqueAddress node in Receivers)
        {
            if (_signs.WaitsSince(node) is not { } since || now - since >= _settings.ProbeConnectionFor) continue;
            TimeSpan probedAt = since + _settings.ProbeConnectionAfter;
            TimeSpan verdictAt = since + _settings.ProbedSilence + ExtraPatience;
            TimeSpan at = probedAt > now ? probedAt : now + _settings.ProbeInterval;
            if (verdictAt > now && verdictAt < at) at = verdictAt;
            if (at < next) next = at;
        }

        return next;
    }

    private void ForgiveAll(TimeSpan now)
    {
        foreach (UniqueAddress node in Receivers)
        {
            if (_detectors.IsMonitoring(node.Address)) _detectors.Heartbeat(node.Address);
            _signs.Heard(node, now);
        }

        _silentSince.Clear();
        foreach (UniqueAddress node in _suspects.Keys.ToArray())
            _suspects[node] = new Suspicion(now + _settings.ProbeTimeout, now);
    }

    /// <param name="Deadline">Without a sign of life until then it counts as silent.</param>
    /// <param name="Told">It has been counted.</param>
    private sealed record Suspicion(TimeSpan Deadline, TimeSpan NextProbe, bool Told = false);
}

/// <param name="Beats">Who gets a heartbeat now.</param>
/// <param name="Probes">Those of them whose connection broke: a gate must not stand in the way.</param>
/// <param name="Unheard">Of whom nothing was heard for a while: ask them over a connection of its own.</param>
/// <param name="Unavailable">The verdicts, if they are due.</param>
/// <param name="OwnPause">How long this node itself was held up, if it was.</param>
internal sealed record HeartbeatRound(
    ImmutableArray<UniqueAddress> Beats,
    ImmutableArray<UniqueAddress> Probes,
    ImmutableArray<UniqueAddress> Unheard,
    ImmutableArray<UniqueAddress>? Unavailable,
    TimeSpan? OwnPause);
