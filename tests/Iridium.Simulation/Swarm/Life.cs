using Akka.Actor;
using Iridium.Simulation.Virtual;

namespace Iridium.Simulation.Swarm;

/// <summary>One life of a node, and what the workload's actors on it have seen. All actors of all nodes share these
/// books: that is what makes one thread worth having.</summary>
internal sealed class Life(int number, SwarmNode node, SimProcess process, int uid)
{
    /// <summary>Unique in the story, from 0.</summary>
    public int Number { get; } = number;

    public SwarmNode Node { get; } = node;

    public SimProcess Process { get; } = process;

    public int Uid { get; } = uid;

    public bool Alive => Process.Alive;

    public IActorRef Ear { get; set; } = ActorRefs.Nobody;

    public IActorRef Talker { get; set; } = ActorRefs.Nobody;

    public IActorRef Watcher { get; set; } = ActorRefs.Nobody;

    public IActorRef Parent { get; set; } = ActorRefs.Nobody;

    /// <summary>The highest number heard of each life that spoke to this one.</summary>
    public Dictionary<int, long> Told { get; } = [];

    /// <summary>The highest number of each life's publications heard here.</summary>
    public Dictionary<int, long> News { get; } = [];

    /// <summary>Uids that this life has seen removed by a decision.</summary>
    public HashSet<int> Removed { get; } = [];

    /// <summary>Uids that this life has given up: removed, or refused for good.</summary>
    public HashSet<int> GivenUp { get; } = [];

    public bool HasSingleton { get; set; }

    /// <summary>When its supervisor heard of crashes that have led to no restart yet.</summary>
    public Queue<TimeSpan> Crashes { get; } = [];

    /// <summary>When restarts of its crasher were counted from, and how many there were since.</summary>
    public (TimeSpan Since, int Count) Restarts { get; set; }

    public override string ToString() => Process.Name;
}

/// <summary>An actor that lives a while, to be watched from other nodes.</summary>
internal sealed class Fly(Life home)
{
    private bool _stopped;

    public Life Home { get; } = home;

    /// <summary>With address and number, as other nodes know it.</summary>
    public string Path { get; set; } = "";

    public bool IsDead => _stopped || !Home.Alive;

    public void Stop() => _stopped = true;
}

/// <summary>That an actor on one node watches a fly on another.</summary>
/// <param name="amongMembers">The watcher's node knew the other as a member when it began. Before that it is judged by
/// its address alone, and takes the end of a former life there for its own.</param>
internal sealed class Vigil(Life watcher, Fly fly, bool amongMembers)
{
    public bool AmongMembers { get; } = amongMembers;

    public Life Watcher { get; } = watcher;

    public Fly Fly { get; } = fly;

    /// <summary>How often it was told of the death.</summary>
    public int Told { get; set; }
}
