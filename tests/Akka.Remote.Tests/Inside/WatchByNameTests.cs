using Akka.Actor;
using Akka.Remote.Tests.Specs;
using static Akka.Remote.Tests.Specs.RemotePair;

namespace Akka.Remote.Tests.Inside;

/// <summary>A reference that was resolved from a path without a number can be watched as well.</summary>
public sealed class WatchByNameTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_death_of_who_lived_at_the_place_is_told(bool local)
    {
        using RemotePair pair = new();
        Mail mail = new();
        ActorSystem home = local ? pair.Here : pair.There;
        IActorRef echo = home.ActorOf(Props.Create<Echo>(), "echo");
        IActorRef place = ((ExtendedActorSystem)pair.Here).Provider.ResolveActorRef(AddressOf(home) + "/user/echo");
        Assert.Equal(local, echo.Equals(place));
        pair.Here.ActorOf(Props.Create(() => new Keeper(mail))).Tell(new WatchIt(place));
        place.Tell("stop");
        Assert.Equal("echo", mail.Take<Terminated>().ActorRef.Path.Name);
    }
}
