using System.Globalization;
using System.Text.Json;
using Akka.Actor;
using Akka.Configuration;
using Iridium.Node.Pbm;

namespace Iridium.FaultLab.Nodes;

/// <summary>A <see cref="PlainNode"/> that sends one long message when it is told to. (A program of an Iridium node cannot
/// make one so long.) It says what becomes of members, and when the answer to its message is there; and records its
/// conversations. <see cref="FreightProcess"/> reads what it says.</summary>
internal static class FreightNode
{
    /// <summary>How <c>faultlab</c> is told to be one.</summary>
    public const string Verb = "--freight-node";

    /// <summary>Begins the line that says the receiver has the whole message; the other lines are changes of members, as
    /// JSON.</summary>
    public const string Arrived = "arrived";

    public const string Scale = "scale";

    /// <summary>The longest message, and room for what is around it.</summary>
    private const int MostBytes = 9 << 20;

    /// <param name="wireLog">The engine adds its port to the name.</param>
    public static async Task Run(string ip, string wireLog)
    {
        ActorSystem system = PlainNode.Start(ip, string.Create(CultureInfo.InvariantCulture, $$"""
            akka.remote { wire-log = "{{wireLog}}", dot-netty.tcp.maximum-frame-size = {{MostBytes}}b }
            """));
        IActorRef scale = system.ActorOf(Props.Create(() => new Weigher()), Scale);
        _ = ClusterTail.Run(system, change =>
        {
            PlainNode.Say(JsonSerializer.Serialize(change));
            return Task.CompletedTask;
        }, CancellationToken.None);
        await PlainNode.Run(system, line =>
        {
            if (line.Split(' ') is not [var to, var bytes]) return;
            IActorRef receiver = ((ExtendedActorSystem)system).Provider.ResolveActorRef(
                $"akka.tcp://iridium@{to}:{LabNode.ClusterPort}/user/{Scale}");
            receiver.Tell(new byte[int.Parse(bytes, CultureInfo.InvariantCulture)], scale);
        });
    }

    private sealed class Weigher : ReceiveActor
    {
        public Weigher()
        {
            Receive<byte[]>(bytes => Sender.Tell(bytes.Length.ToString(CultureInfo.InvariantCulture)));
            Receive<string>(bytes => PlainNode.Say($"{Arrived} {bytes}"));
        }
    }
}
