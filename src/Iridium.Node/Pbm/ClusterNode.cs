using System.Globalization;
using Akka.Actor;
using Akka.Cluster;
using Iridium.Actors.Node;
using Iridium.Actors.Protocol;
using Iridium.Node.Cli;

namespace Iridium.Node.Pbm;

/// <summary>Carries out the commands on a live actor system.</summary>
/// <param name="node">The front desk, <c>/user/node</c>, which knows the rules of joining.</param>
public sealed class ClusterNode(ActorSystem system, IActorRef node) : IPbmNode
{
    /// <summary>A join takes <c>iridium.node.join-timeout</c> at most, 10 s by default; the node answers before
    /// this.</summary>
    private static readonly TimeSpan JoinPatience = TimeSpan.FromMinutes(2);

    /// <summary>A node has some hundred actors, and one for each program; beyond this nobody reads.</summary>
    private const int MostActors = 10_000;

    private readonly Cluster _cluster = Cluster.Get(system);

    public Task Answer(PbmRequest request, Func<PbmReply, Task> send, CancellationToken gone) => request.Command switch
    {
        "cluster show" => Show(send),
        "cluster status" => send(Status()),
        "cluster leader" => send(new PbmReply.LedBy(_cluster.State.Leader?.ToString())),
        "cluster join" => Join(request, send),
        "cluster leave" => OnMember(request, send, "is leaving", _cluster.Leave),
        "cluster down" => OnMember(request, send, "is downed", _cluster.Down),
        "cluster down-unreachable" => DownUnreachable(send),
        "cluster tail" => ClusterTail.Run(system, send, gone),
        "actor hierarchy" => Hierarchy(request, send),
        _ => send(new PbmReply.Refused($"this node does not know `{request.Command}`", "use the iridium of its version")),
    };

    private async Task Show(Func<PbmReply, Task> send)
    {
        ClusterEvent.CurrentClusterState state = _cluster.State;
        foreach (Member member in InOrder(state.Members))
        {
            await send(new PbmReply.Member(
                member.Address.ToString(), RolesOf(member), StateOf(member), !state.Unreachable.Contains(member),
                member.AppVersion.ToString()));
        }
        await send(new PbmReply.Count(state.Members.Count));
    }

    private PbmReply Status()
    {
        ClusterEvent.CurrentClusterState state = _cluster.State;
        Member? self = state.Members.FirstOrDefault(m => m.UniqueAddress.Equals(_cluster.SelfUniqueAddress));
        return new PbmReply.Status(
            _cluster.SelfAddress.ToString(),
            self is null ? [.. _cluster.SelfRoles.Order(StringComparer.Ordinal)] : RolesOf(self),
            self is null ? "none" : StateOf(self),
            self?.AppVersion.ToString() ?? "-",
            state.Leader?.ToString(), state.Members.Count, state.Unreachable.Count);
    }

    private async Task Join(PbmRequest request, Func<PbmReply, Task> send)
    {
        string wanted = request.Arguments.GetValueOrDefault("address", "");
        if (EndpointOf(wanted) is not { } peer)
        {
            await send(new PbmReply.Refused(
                $"`{wanted}` is not a node's address", "give host:port, such as 127.0.0.1:2254"));
            return;
        }
        Address self = _cluster.SelfAddress;
        object question = self == new Address(self.Protocol, self.System, peer.Host, peer.Port)
            ? new ClusterProtocol.StartCluster(0)
            : new ClusterProtocol.JoinCluster(0, peer.Host, peer.Port);
        object answer = await node.Ask(question, JoinPatience);
        await send(answer switch
        {
            ClusterProtocol.ClusterStarted started => new PbmReply.Done($"started a cluster at {started.Address}"),
            ClusterProtocol.Joined joined => new PbmReply.Done($"joined {joined.Address}"),
            ClusterProtocol.JoinFailed failed => new PbmReply.Refused(
                $"could not join: {Words.Of(failed.Reason)}",
                $"about {failed.Detail}; `cluster status` shows where this node stands"),
            _ => new PbmReply.Refused($"the node answered {answer.GetType().Name}", "look into its log"),
        });
    }

    private async Task OnMember(PbmRequest request, Func<PbmReply, Task> send, string done, Action<Address> act)
    {
        string wanted = request.Arguments.GetValueOrDefault("address", _cluster.SelfAddress.ToString());
        Member? member = InOrder(_cluster.State.Members).FirstOrDefault(m => IsMeant(m, wanted));
        if (member is null)
        {
            await send(new PbmReply.Refused($"`{wanted}` is not a member", "`cluster show` lists the members"));
            return;
        }
        act(member.Address);
        await send(new PbmReply.Done($"{member.Address} {done}"));
    }

    private async Task DownUnreachable(Func<PbmReply, Task> send)
    {
        foreach (Member member in InOrder(_cluster.State.Unreachable))
        {
            _cluster.Down(member.Address);
            await send(new PbmReply.Done($"{member.Address} is downed"));
        }
        await send(new PbmReply.Done("no other member is unreachable"));
    }

    private async Task Hierarchy(PbmRequest request, Func<PbmReply, Task> send)
    {
        string start = request.Arguments.GetValueOrDefault("path", "/");
        string levels = request.Arguments.GetValueOrDefault("depth", "100");
        if (!int.TryParse(levels, NumberStyles.None, CultureInfo.InvariantCulture, out int depth))
        {
            await send(new PbmReply.Refused($"`{levels}` is not a number of levels", "give a number from 0 up"));
            return;
        }
        int left = MostActors;
        bool found = false;
        foreach (PbmReply.Actor actor in ActorTree.Of(((ExtendedActorSystem)system).Provider.RootGuardian, start, depth))
        {
            found = true;
            if (left-- == 0)
            {
                await send(new PbmReply.Done($"… and more than {MostActors} actors; start further down with -s"));
                return;
            }
            await send(actor);
        }
        if (!found) await send(new PbmReply.Refused($"there is no actor {start}", "`actor hierarchy` shows them all"));
    }

    private static IEnumerable<Member> InOrder(IEnumerable<Member> members) =>
        members.OrderBy(m => m.Address.ToString(), StringComparer.Ordinal);

    /// <summary>Host and port of <c>host:port</c> or of a full address.</summary>
    private static Endpoint? EndpointOf(string text) => SettingParser.PeerOf(text[(text.LastIndexOf('@') + 1)..]);

    private static bool IsMeant(Member member, string wanted) =>
        wanted == member.Address.ToString()
        || wanted == $"{member.Address.Host}:{member.Address.Port}"
        || wanted == Alias.FromRoles(member.Roles);

    internal static string[] RolesOf(Member member) => [.. member.Roles.Order(StringComparer.Ordinal)];

    internal static string StateOf(Member member) => member.Status.ToString().ToLowerInvariant();
}
