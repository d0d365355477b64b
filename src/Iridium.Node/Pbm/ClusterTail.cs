using System.Threading.Channels;
using Akka.Actor;
using Akka.Cluster;

namespace Iridium.Node.Pbm;

/// <summary>Tells a client what happens to members, until it hangs up.</summary>
public static class ClusterTail
{
    /// <summary>What waits for a slow client; at 200 bytes an event, 200 KB. Older events give way to newer
    /// ones.</summary>
    private const int WaitingEvents = 1000;

    public static async Task Run(ActorSystem system, Func<PbmReply, Task> send, CancellationToken gone)
    {
        Channel<PbmReply> events = Channel.CreateBounded<PbmReply>(
            new BoundedChannelOptions(WaitingEvents) { FullMode = BoundedChannelFullMode.DropOldest });
        IActorRef listener = system.ActorOf(Props.Create(() => new Listener(events.Writer)));
        try
        {
            await foreach (PbmReply change in events.Reader.ReadAllAsync(gone)) await send(change);
        }
        finally
        {
            system.Stop(listener);
        }
    }

    private sealed class Listener : ReceiveActor
    {
        private readonly ChannelWriter<PbmReply> _events;
        private readonly Cluster _cluster = Cluster.Get(Context.System);
        private Member? _self;

        public Listener(ChannelWriter<PbmReply> events)
        {
            _events = events;
            Receive<ClusterEvent.ReachabilityEvent>(e => Tell(
                e is ClusterEvent.UnreachableMember ? "unreachable" : "reachable", e.Member));
            Receive<ClusterEvent.IMemberEvent>(e =>
            {
                // A node that ends takes leave of all others, who go on.
                bool isOwn = e.Member.Address == _cluster.SelfAddress;
                if (e is ClusterEvent.MemberRemoved && _cluster.IsTerminated && !isOwn) return;
                if (isOwn) _self = e is ClusterEvent.MemberRemoved ? null : e.Member;
                Tell(ClusterNode.StateOf(e.Member), e.Member);
            });
            Receive<ClusterEvent.LeaderChanged>(e =>
            {
                if (e.Leader is { } leader) _events.TryWrite(Change("leader", leader.ToString(), []));
            });
        }

        protected override void PreStart() => _cluster.Subscribe(
            Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents,
            typeof(ClusterEvent.IMemberEvent), typeof(ClusterEvent.ReachabilityEvent),
            typeof(ClusterEvent.LeaderChanged));

        protected override void PostStop()
        {
            _cluster.Unsubscribe(Self);
            // The order to stop overtakes events that still wait, and the node's own end is among the last.
            if (_self is not null && _cluster.IsTerminated) Tell("removed", _self);
            // The client of a node that ends is told so by the end of its stream.
            _events.TryComplete();
        }

        private void Tell(string what, Member member) =>
            _events.TryWrite(Change(what, member.Address.ToString(), ClusterNode.RolesOf(member)));

        private static PbmReply.Change Change(string what, string address, string[] roles) =>
            new(Context.System.Scheduler.Now, what, address, roles);
    }
}
