using Akka.Cluster;
using Iridium.Simulation.Virtual;

namespace Iridium.Simulation.Swarm;

/// <summary>
/// The books of a story: the workload's actors enter what happens to them, and each entry is checked against what may
/// happen. It belongs to no node, so it sees what none of them can.
/// </summary>
internal sealed class Ledger(World world, Func<bool> isCalm)
{
    public const int MostRestarts = 3;

    public static readonly TimeSpan RestartWindow = TimeSpan.FromSeconds(10);

    /// <summary>Who is told of a removal later than others enters it later.</summary>
    private static readonly TimeSpan _timeToEnter = TimeSpan.FromSeconds(1);

    private readonly List<Life> _lives = [];
    private readonly List<Vigil> _vigils = [];

    public IReadOnlyList<Life> Lives => _lives;

    public IReadOnlyList<Vigil> Vigils => _vigils;

    /// <summary>What a wild story did that a calm one must not.</summary>
    public int Excused { get; private set; }

    public void Enter(Life life) => _lives.Add(life);

    /// <summary>The ear of a life heard what somebody said to it alone.</summary>
    public void OnTold(Life hearer, int from, int to, long number, bool isWhole)
    {
        if (!isWhole) Fail($"{hearer} heard a message that is not as it was sent");
        if (to != hearer.Number) Fail($"{hearer} heard what was said to {_lives[to]}, another incarnation");
        CheckOrder(hearer.Told, hearer, from, number, "message");
    }

    /// <summary>The ear of a life heard what somebody published.</summary>
    public void OnNews(Life hearer, int from, long number) =>
        CheckOrder(hearer.News, hearer, from, number, "publication");

    public void OnMember(Life life, int uid, bool removed, bool byDecision)
    {
        if (removed)
        {
            life.GivenUp.Add(uid);
            if (byDecision) life.Removed.Add(uid);
        }
        else if (life.Removed.Contains(uid))
        {
            FailIfCalm($"{life}: uid {uid} was removed and is back");
        }
    }

    public void OnQuarantined(Life life, int uid) => life.GivenUp.Add(uid);

    /// <summary>A life begins to watch a fly; it does so once.</summary>
    public Vigil Watch(Life watcher, Fly fly)
    {
        bool amongMembers = watcher.Node.Gossip.Find(fly.Home.Node.Self) is { Status: MemberStatus.Up };
        var vigil = new Vigil(watcher, fly, amongMembers);
        _vigils.Add(vigil);
        return vigil;
    }

    public void OnTerminated(Vigil vigil)
    {
        if (++vigil.Told > 1) Fail($"{vigil.Watcher} was told {vigil.Told} times of the death of {vigil.Fly.Path}");
        if (!vigil.Fly.IsDead && vigil.AmongMembers) world.After(_timeToEnter, () => CheckAlive(vigil));
    }

    private void CheckAlive(Vigil vigil)
    {
        if (!vigil.Fly.IsDead && vigil.Watcher.Alive && !vigil.Watcher.GivenUp.Contains(vigil.Fly.Home.Uid))
            FailIfCalm($"{vigil.Watcher} was told of the death of {vigil.Fly.Path}, which lives");
    }

    /// <summary>A child was restarted by its supervisor, who may do so <see cref="MostRestarts"/> times within
    /// <see cref="RestartWindow"/>, counted from the first.</summary>
    public void OnRestarted(Life life)
    {
        (TimeSpan since, int count) = life.Restarts;
        TimeSpan decided = life.Crashes.Dequeue();
        if (count == 0 || decided - since > RestartWindow - _timeToEnter) (since, count) = (decided, 0);
        life.Restarts = (since, ++count);
        if (count > MostRestarts) Fail($"{life}: {count} restarts within {RestartWindow.TotalSeconds} s");
    }

    /// <summary>A supervisor is asked what to do. A process that is paused then restarts the child long after.</summary>
    public void OnCrashed(Life life) => life.Crashes.Enqueue(world.Elapsed);

    /// <summary>A child began anew, not restarted.</summary>
    public void OnBegun(Life life)
    {
        life.Restarts = default;
        life.Crashes.Clear();
    }

    public void OnSingleton(Life life, bool started)
    {
        life.HasSingleton = started;
        world.Note('W', life.Process, started ? "has the singleton" : "stopped the singleton");
        if (!started) return;
        foreach (Life other in _lives)
        {
            // A process that is held in mid-air does nothing with its singleton; what it does when it goes on is looked
            // at once a second.
            if (other != life && other.HasSingleton && other.Process.CanRun)
                FailIfCalm($"{life} starts the singleton while {other} has it");
        }
    }

    public void Fail(string reason) => world.Fail(reason);

    private void FailIfCalm(string reason)
    {
        if (isCalm()) Fail(reason);
        else Excused++;
    }

    private void CheckOrder(Dictionary<int, long> heard, Life hearer, int from, long number, string what)
    {
        long last = heard.GetValueOrDefault(from);
        if (number <= last) Fail($"{hearer} heard {what} {number} of {_lives[from]} after {last}");
        heard[from] = number;
    }
}
