using System.Diagnostics;
using Akka.Actor;
using Akka.Cluster;

namespace Iridium.Benchmarks;

/// <summary>
/// Nodes in this process that end together. Their views are looked at, not events: an observer would cost time.
/// </summary>
internal sealed class ClusterNodes : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);

    private readonly List<ActorSystem> _systems = [];

    public List<Cluster> All { get; } = [];

    public static ClusterNodes Start(int count)
    {
        var nodes = new ClusterNodes();
        for (int i = 0; i < count; i++) nodes.Add();
        Address seed = nodes.All[0].SelfAddress;
        foreach (Cluster node in nodes.All) node.JoinSeedNodes([seed]);
        return nodes;
    }

    public Cluster Add()
    {
        ActorSystem system = ActorSystem.Create("bench", ClusterBenchmark.Settings);
        _systems.Add(system);
        All.Add(Cluster.Get(system));
        return All[^1];
    }

    /// <summary>Waits until all see so many members, all of them up.</summary>
    public void Await(int up) => Await(cluster =>
        cluster.State.Members.Count == up
        && cluster.State.Members.All(member => member.Status == MemberStatus.Up));

    public void Await(Func<Cluster, bool> condition)
    {
        long start = Stopwatch.GetTimestamp();
        while (!All.TrueForAll(cluster => condition(cluster)))
        {
            if (Stopwatch.GetElapsedTime(start) > _patience)
            {
                IEnumerable<string> views = All.Select(each => $"{each.SelfAddress}: {each.State}");
                throw new TimeoutException(string.Join("\n", views));
            }

            Thread.Sleep(1); // The state may be read, not awaited; a millisecond is the precision of these figures.
        }
    }

    public void Dispose()
    {
        foreach (ActorSystem system in _systems) ((ExtendedActorSystem)system).Abort();
        Task.WaitAll([.. _systems.Select(system => system.WhenTerminated)], _patience);
    }
}
