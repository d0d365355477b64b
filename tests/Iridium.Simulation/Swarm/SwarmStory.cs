using Akka.Configuration;
using Iridium.Simulation.Faults;
using Iridium.Simulation.Invariants;
using Iridium.Simulation.Virtual;
using Iridium.Simulation.Whole;

namespace Iridium.Simulation.Swarm;

/// <summary>
/// Whole nodes at work while the faults of a plan meet them. Safety is judged all along, and what was promised is asked
/// for after everything has healed: all agree, everybody is heard, one singleton runs, every death was told once.
/// </summary>
internal sealed class SwarmStory
{
    /// <summary>How long the nodes may take to agree after the last fault.</summary>
    public static readonly TimeSpan LongestToAgree = TimeSpan.FromSeconds(20);

    /// <summary>And how long until the work goes on everywhere: a singleton is taken over late, by design.</summary>
    private static readonly TimeSpan _longestToServe = TimeSpan.FromSeconds(20);

    /// <summary>What a connection needs beyond the longest wait of its TCP.</summary>
    private static readonly TimeSpan _timeToRepeat = TimeSpan.FromSeconds(5);

    /// <summary>A node that was cut off or paused looks content until it notices what it missed.</summary>
    private const int SecondsToSettle = 8;

    /// <summary>How long a process that was held up may go on with a singleton that others have taken over.</summary>
    private static readonly TimeSpan _timeToLearn = TimeSpan.FromSeconds(12);

    private static readonly Config _nothing = Config.Empty;

    private readonly StoryPlan _plan;
    private readonly SwarmNode[] _nodes;
    private readonly SwarmFaults _faults;
    private readonly Ledger _ledger;
    private readonly Workload _workload;
    private readonly SeedRandom _lives;
    private readonly Stranger? _stranger;
    private readonly bool _supervised;

    public SwarmStory(StoryPlan plan, WholeBug? bug = null, TextWriter? trace = null, string settings = "")
    {
        _plan = plan;
        World = new World(plan.Seed, null, trace);
        _lives = World.Chance("lives");
        _supervised = !World.Chance("shape").OneIn(4);
        _stranger = Stranger.For(World);
        string secret = _stranger is null ? "" : Stranger.Secret;
        string all = $"{secret}\n{settings}\n{bug?.Config}";
        Config config = all.Length == 2 ? _nothing : ConfigurationFactory.ParseString(all);
        _nodes = [.. Enumerable.Range(0, plan.Nodes).Select(index => new SwarmNode(index,
            new WholeNode(World, World.Fabric.AddMachine($"n{index}"), config)
            {
                HostOf = process => bug?.Around(process.Host, process) ?? process.Host,
            }))];
        _ledger = new Ledger(World, () => plan.Calm);
        _workload = new Workload(World, _nodes, _ledger) { Restarts = bug?.Restarts ?? Ledger.MostRestarts };
        _faults = new SwarmFaults(World, _nodes, Start);
    }

    public World World { get; }

    /// <summary>A wild story split the cluster, which no rule without consensus can always prevent. It ended
    /// there.</summary>
    public string? Split { get; private set; }

    /// <summary>What a wild story did that a calm one must not: see README.md.</summary>
    public int Excused => _ledger.Excused;

    /// <summary>How long after the last fault all agreed.</summary>
    public TimeSpan ToAgree { get; private set; }

    /// <summary>Null when all went well; otherwise what did not.</summary>
    public string? Run()
    {
        World.Run(Tell);
        foreach (SwarmNode node in _nodes) node.Whole.Machine.Process?.Kill();
        _stranger?.Stop();
        return World.Failure;
    }

    private bool GoesOn => World.Failure is null && Split is null;

    private void Tell()
    {
        for (int index = 0; index < _nodes.Length; index++)
        {
            SwarmNode node = _nodes[index];
            World.After(_plan.Starts[index], () => Start(node));
        }
        if (_stranger is not null) World.After(TimeSpan.Zero, () => _stranger.Start(_nodes));
        _workload.Begin();
        TimeSpan healed = GoThroughFaults();
        while (GoesOn && !AllAgree() && World.Elapsed - healed < LongestToAgree) RunSecond();
        if (!GoesOn) return;
        ToAgree = World.Elapsed - healed;
        if (!AllAgree()) World.Fail($"no agreement {LongestToAgree.TotalSeconds} s after all healed: {Describe()}");
        else if (Views.FindLeftover(Inside()) is { } leftover) World.Fail(leftover);
        else AwaitService();
    }

    private TimeSpan GoThroughFaults()
    {
        CalmPace? pace = _plan.Calm ? new CalmPace(_plan) : null;
        if (pace is null) foreach (Fault fault in _plan.Faults) Plan(fault);
        while (GoesOn)
        {
            if (pace?.Next(World.Elapsed, AllAgree) is { } next) Plan(next);
            else if (pace?.IsOverdue(World.Elapsed, AllAgree) == true) World.Fail($"no agreement: {Describe()}");
            TimeSpan? healed = pace is null ? _plan.Healed : pace.Healed;
            if (World.Elapsed >= healed) return healed.Value;
            RunSecond();
        }
        return World.Elapsed;
    }

    private void Plan(Fault fault)
    {
        World.After(fault.At - World.Elapsed, () => _faults.Begin(fault));
        World.After(fault.End - World.Elapsed, () => _faults.End(fault));
    }

    private void Start(SwarmNode node)
    {
        if (node.Runs || node.Kept > 0) return;
        // Only the first life of the first node may found a cluster: it names itself first.
        bool founds = node.Index == 0 && node.Whole.Lives.Count == 0;
        var others = _nodes.Where(each => each != node).Select(each => each.Whole.Address);
        node.Whole.Start(founds ? [node.Whole.Address, .. others] : [.. others, node.Whole.Address]);
        node.SettledFor = 0;
        node.Whole.Do(() => _workload.Settle(node));
        if (node.Pauses > 0) node.Whole.Machine.Process!.Pause();
        node.Whole.Machine.Process!.Ended = () => OnEnded(node);
    }

    private void OnEnded(SwarmNode node)
    {
        TimeSpan delay = _lives.Between(TimeSpan.Zero, TimeSpan.FromSeconds(3));
        if (_supervised && node.Kept == 0) World.After(delay, () => Start(node));
    }

    private void RunSecond()
    {
        World.RunFor(TimeSpan.FromSeconds(1));
        if (!GoesOn) return;
        foreach (SwarmNode node in _nodes) Look(node);
        if (_stranger?.FindIntrusion(_nodes) is { } intrusion) World.Fail(intrusion);
        else if (FindSplit() is { } split)
        {
            if (_plan.Calm) World.Fail($"split brain: {split}");
            else Split = split;
        }
        else if (_plan.Calm)
        {
            LookAtSingletons();
        }
    }

    private void Look(SwarmNode node)
    {
        if (node.Gossip.Members.IsEmpty)
        {
            node.SettledFor = 0;
            return;
        }
        bool settled = node.Pauses == 0 && Views.IsSettled(node);
        node.SettledFor = settled ? node.SettledFor + 1 : 0;
        if (Views.FindMalformed(node.Gossip) is { } malformed) World.Fail($"{node}: {malformed}");
        if (_plan.Calm && Views.FindTwins(node.Gossip, settled) is { } twins) World.Fail($"{node}: {twins}");
    }

    private string? FindSplit()
    {
        SwarmNode[] settled = Array.FindAll(_nodes, node => node.SettledFor >= SecondsToSettle);
        foreach (SwarmNode node in settled)
        {
            if (Array.Find(settled, other => other != node && Views.AreStrangers(node, other)) is { } stranger)
                return $"{node} has settled on {Views.Names(node.Gossip)}, "
                    + $"{stranger} on {Views.Names(stranger.Gossip)}";
        }
        return null;
    }

    private void LookAtSingletons()
    {
        SwarmNode[] owners = Array.FindAll(_nodes, node => node is { Runs: true, Pauses: 0, Life.HasSingleton: true });
        if (owners.Length < 2 || owners.Any(owner => World.Elapsed - owner.ResumedAt < _timeToLearn)) return;
        World.Fail($"{string.Join<SwarmNode>(" and ", owners)} have the singleton");
    }

    private void AwaitService()
    {
        TimeSpan longest = LongestToServe;
        TimeSpan end = World.Elapsed + longest;
        Dictionary<(Life, Life), (long, long)> before = [];
        foreach ((Life from, Life to) in Pairs()) before[(from, to)] = HeardBy(to, from);
        string? missing = "";
        while (GoesOn && missing is not null && World.Elapsed < end)
        {
            _workload.CallAll();
            RunSecond();
            missing = FindMissing(before);
        }
        if (GoesOn && missing is not null) World.Fail($"after {longest.TotalSeconds:0} s of peace {missing}");
    }

    // Where packets were lost TCP waits again for as long as it has waited since the first of them.
    private TimeSpan LongestToServe
    {
        get
        {
            if (_plan.Faults.IsEmpty) return _longestToServe;
            TimeSpan harmed = _plan.Faults.Max(fault => fault.End) - _plan.Faults.Min(fault => fault.At) + _timeToRepeat;
            return harmed > _longestToServe ? harmed : _longestToServe;
        }
    }

    private string? FindMissing(Dictionary<(Life, Life), (long Told, long News)> before)
    {
        foreach ((Life from, Life to) in Pairs())
        {
            (long told, long news) = before.GetValueOrDefault((from, to));
            (long toldNow, long newsNow) = HeardBy(to, from);
            if (toldNow == told) return $"{to} hears nothing of {from}";
            if (newsNow == news) return $"{to} hears no news of {from}";
        }
        foreach (Vigil vigil in _ledger.Vigils)
        {
            if (vigil.Watcher.Alive && vigil.Fly.IsDead && vigil.Told == 0)
                return $"{vigil.Watcher} was not told of the death of {vigil.Fly.Path}";
        }
        int singletons = _nodes.Count(node => node is { Runs: true, Life.HasSingleton: true });
        return Inside().Length > 0 && singletons != 1 ? $"{singletons} singletons run" : null;
    }

    // Who is in no cluster hears no news; all are in it, or nobody is.
    private IEnumerable<(Life From, Life To)> Pairs() =>
        from node in Inside()
        from other in Inside()
        where other != node
        select (node.Life!, other.Life!);

    private static (long Told, long News) HeardBy(Life hearer, Life from) =>
        (hearer.Told.GetValueOrDefault(from.Number), hearer.News.GetValueOrDefault(from.Number));

    private bool AllAgree() => Views.AllAgree(Running());

    private SwarmNode[] Inside() => Array.FindAll(_nodes, node => !node.Gossip.Members.IsEmpty);

    private SwarmNode[] Running() => Array.FindAll(_nodes, node => node.Runs);

    private string Describe() => string.Join("; ", _nodes.Select(node => !node.Runs
        ? $"{node} does not run"
        : node.Gossip.Members.IsEmpty ? $"{node} is in no cluster" : $"{node} knows {Views.Names(node.Gossip)}"));
}
