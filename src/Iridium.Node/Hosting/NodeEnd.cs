using Akka.Actor;
using Iridium.Actors.Protocol;
using Iridium.Node.Cli;

namespace Iridium.Node.Hosting;

/// <summary>Why an actor system ended that this process had not told to end.</summary>
public sealed record NodeEnd(ExitCode Code, string Text)
{
    /// <summary>Completes when the actor system ends.</summary>
    public static async Task<NodeEnd> Of(NodeHost host)
    {
        var holder = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        IActorRef listener = host.System.ActorOf(Props.Create(() => new AliasTakenListener(holder)), "alias-taken");
        host.System.EventStream.Subscribe(listener, typeof(ClusterProtocol.AliasTaken));
        host.Node.Tell(ClusterProtocol.AskAlias.Instance, listener);
        await host.System.WhenTerminated;
        if (holder.Task.IsCompleted)
        {
            return new(ExitCode.NotJoined,
                $"{await holder.Task} has the alias {host.Alias}, so this node has left. "
                + "Start it with another --node-alias.");
        }
        return CoordinatedShutdown.Get(host.System).ShutdownReason switch
        {
            CoordinatedShutdown.ClusterLeavingReason => new(ExitCode.Ok, "This node has left its cluster, and stops."),
            CoordinatedShutdown.ClusterDowningReason => new(ExitCode.Removed,
                "The cluster has removed this node, and it stops. Start it again to join anew."),
            _ => new(ExitCode.Removed, "This node's actor system has ended. Its log says why."),
        };
    }

    private sealed class AliasTakenListener : ReceiveActor
    {
        public AliasTakenListener(TaskCompletionSource<string> holder) =>
            Receive<ClusterProtocol.AliasTaken>(taken => holder.TrySetResult(taken.Holder));
    }
}
