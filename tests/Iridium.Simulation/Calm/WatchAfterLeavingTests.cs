using Akka.Actor;
using Akka.Cluster;
using Iridium.Simulation.Whole;

namespace Iridium.Simulation.Calm;

/// <summary>
/// A node whose membership has ended, and whose system lives on, watches an actor of a member that has not removed it
/// yet. When that member does, its actors forget whoever watches from there; the death must be told all the same.
/// </summary>
public sealed class WatchAfterLeavingTests
{
    private const int Seeds = 12;

    private const string LivesOn = "akka.coordinated-shutdown { terminate-actor-system = off, exit-clr = off }";

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    [Fact]
    public void A_death_is_told_once_to_who_began_to_watch_between_its_nodes_end_and_its_removal()
    {
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            int told = TimesTold(seed);
            Assert.True(told == 1, $"seed {seed}: told {told} times");
        }
    }

    private static int TimesTold(ulong seed)
    {
        var story = new ClusterStory(seed, Stories.Nodes, config: LivesOn);
        int told = 0;
        Action died = () => told++;
        string? failure = story.Tell(_ =>
        {
            Stories.Join(story);
            WholeNode leader = story.Nodes.Single(node => node.Cluster!.State.Leader == node.Address);
            WholeNode[] others = [.. story.Nodes.Where(node => node != leader)];
            (WholeNode left, WholeNode stays) = (others[0], others[1]);
            IActorRef watched = ActorRefs.Nobody;
            stays.Do(() => watched = stays.System!.ActorOf(Props.Create(() => new Watched()), "watched"));

            left.Do(() => left.Cluster!.Leave(left.Address));
            Assert.True(story.World.RunUntil(
                () => Status(left, left) == MemberStatus.Exiting, _patience, every: TimeSpan.FromMicroseconds(50)));
            leader.Machine.Process!.Pause();
            story.Await("it has left", () => left.Cluster!.IsTerminated, _patience);
            left.Do(() =>
            {
                IActorRef far = ((ExtendedActorSystem)left.System!).Provider.ResolveActorRef(
                    watched.Path.ToSerializationFormatWithAddress(stays.Address));
                left.System.ActorOf(Props.Create(() => new Watcher(far, died)));
            });
            story.Wait(1);
            Assert.NotNull(Status(stays, left));
            leader.Machine.Process!.Resume();
            story.Await("it is removed", () => stays.Cluster!.State.Members.Count == 2, _patience);
            story.Wait(5);
            Assert.Equal(0, told);
            stays.Do(() => stays.System!.Stop(watched));
            story.Wait(60);
        });
        Assert.True(failure is null, $"seed {seed}: {failure}");
        return told;
    }

    private static MemberStatus? Status(WholeNode seenBy, WholeNode node) =>
        seenBy.Cluster!.State.Members.FirstOrDefault(member => member.Address == node.Address)?.Status;

    private sealed class Watched : UntypedActor
    {
        protected override void OnReceive(object message)
        {
        }
    }

    private sealed class Watcher : ReceiveActor
    {
        public Watcher(IActorRef target, Action died)
        {
            Context.Watch(target);
            Receive<Terminated>(_ => died());
        }
    }
}
