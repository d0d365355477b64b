using Akka.Actor;
using Akka.Configuration;
using Iridium.Actors.Configuration;
using Iridium.Actors.Node;
using Iridium.Actors.Protocol;
using Iridium.Actors.Vm;
using Iridium.Simulation.Virtual;
using Iridium.Simulation.Whole;

namespace Iridium.Simulation.Nodes;

/// <summary>A whole node with Iridium's front desk on it, and an ear that hears what the desk answers.</summary>
internal sealed class IridiumNode(World world, string host, string alias)
{
    public WholeNode Whole { get; } = new(world, world.Fabric.AddMachine(host), ConfigOf(alias));

    public string Alias { get; } = alias;

    /// <summary>What it was told of being refused its alias.</summary>
    public List<ClusterProtocol.AliasTaken> Refusals { get; } = [];

    /// <summary>What answered its questions, and what its programs said.</summary>
    public List<object> Heard { get; } = [];

    private IActorRef Desk { get; set; } = ActorRefs.Nobody;

    private IActorRef Ear { get; set; } = ActorRefs.Nobody;

    public void Start(params IEnumerable<Address> seeds)
    {
        Whole.Start(seeds);
        Whole.Do(() =>
        {
            Config config = ConfigOf(Alias);
            Ear = Whole.System!.ActorOf(Props.Create(() => new Listener(this)), "ear");
            Whole.System.EventStream.Subscribe(Ear, typeof(ClusterProtocol.AliasTaken));
            Desk = Whole.System.ActorOf(NodeActor.Props(NodeSettings.From(config), VmSettings.From(config)), "node");
        });
    }

    public void Ask(object question) => Whole.Do(() => Desk.Tell(question, Ear));

    public override string ToString() => $"{Whole} ({Alias})";

    private static Config ConfigOf(string alias) => ConfigurationFactory.ParseString($$"""
        akka.cluster.roles = ["{{Actors.Node.Alias.RoleOf(alias)}}"]
        iridium.node.alias = {{alias}}
        """).WithFallback(IridiumConfig.Reference);

    private sealed class Listener : ReceiveActor
    {
        public Listener(IridiumNode node)
        {
            Receive<ClusterProtocol.AliasTaken>(node.Refusals.Add);
            ReceiveAny(node.Heard.Add);
        }
    }
}
