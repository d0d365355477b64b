using Akka.Actor;
using Akka.Configuration;
using static Akka.Remote.Tests.Specs.RemotePair;

namespace Akka.Remote.Tests.Specs;

/// <summary>What <c>akka.actor.deployment</c> may say of nodes.</summary>
public sealed class ElsewhereDeploymentsSpec
{
    [EmbeddedTheory("Akka.NET makes them there")]
    [InlineData("remote = \"akka.tcp://Far@127.0.0.1:1\"", "remote = akka.tcp://Far@127.0.0.1:1")]
    [InlineData("remote = nonsense", "remote = nonsense")]
    [InlineData("router = round-robin-pool, target.nodes = [\"akka.tcp://Far@127.0.0.1:1\"]", "target.nodes = [akka.tcp")]
    public void Actors_on_other_nodes_are_refused_and_not_made_here(string deployment, string says)
    {
        Exception error = Assert.ThrowsAny<Exception>(() => Start(deployment));
        Assert.Contains("akka.actor.deployment./far", error.Message, StringComparison.Ordinal);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("remote = \"akka.tcp://Pair@127.0.0.1:PORT\"")]
    [InlineData("remote = \"akka://Pair\"")]
    [InlineData("router = round-robin-pool, nr-of-instances = 2, target.nodes = [\"akka.tcp://Pair@127.0.0.1:PORT\"]")]
    [InlineData("router = round-robin-pool, nr-of-instances = 2, cluster.enabled = on")]
    [InlineData("remote = \"\", target.nodes = [], cluster.enabled = off")]
    public async Task Actors_on_this_node_are_made_here(string deployment)
    {
        using RemotePair pair = new();
        int port = AddressOf(pair.There).Port!.Value;
        await pair.There.Terminate().WaitAsync(Patience);

        ActorSystem system = Start(deployment.Replace("PORT", $"{port}", StringComparison.Ordinal), port);

        IActorRef near = system.ActorOf(Props.Create<Echo>(), "far");
        Assert.Equal("hello", await near.Ask<string>("hello", Patience));
        await system.Terminate().WaitAsync(Patience);
    }

    private static ActorSystem Start(string deployment, int port = 0) => ActorSystem.Create(
        "Pair", ConfigurationFactory.ParseString($$"""
            akka { loglevel = OFF, stdout-loglevel = OFF, actor.provider = remote }
            akka.actor.deployment { /far { {{deployment}} } }
            akka.remote.dot-netty.tcp { hostname = "127.0.0.1", port = {{port}} }
            """));
}
