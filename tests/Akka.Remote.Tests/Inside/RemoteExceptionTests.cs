using Akka.Actor;
using Akka.Remote.Serialization;
using Akka.Remote.Tests.Specs;
using static Akka.Remote.Tests.Specs.RemotePair;

namespace Akka.Remote.Tests.Inside;

public sealed class RemoteExceptionTests
{
    [Fact]
    public async Task A_type_that_is_not_known_here_still_tells_what_went_wrong()
    {
        using RemotePair pair = new();
        Exception cause = await Ask(pair);
        RemoteException stranger = Assert.IsType<RemoteException>(cause);
        Assert.Equal("own trouble", stranger.Message);
        Assert.Equal(typeof(OwnException).FullName, stranger.TypeName);
    }

    [Fact]
    public async Task A_type_that_the_configuration_allows_is_made_again()
    {
        using RemotePair pair = new($"""
            akka.actor.serialization-settings.allowed-types = ["{typeof(RemoteExceptionTests).Namespace}.*, Akka.Remote.Tests"]
            """);
        Assert.Equal("own trouble", Assert.IsType<OwnException>(await Ask(pair)).Message);
    }

    private static async Task<Exception> Ask(RemotePair pair)
    {
        IActorRef echo = pair.FromHere(pair.There.ActorOf(Props.Create<Echo>(), "echo"));
        Status.Failure failure = new(new OwnException("own trouble"));
        Exception error = await Assert.ThrowsAnyAsync<Exception>(() => echo.Ask<string>(failure, Patience));
        return error.InnerException ?? error;
    }

    public sealed class OwnException(string message) : Exception(message);
}
