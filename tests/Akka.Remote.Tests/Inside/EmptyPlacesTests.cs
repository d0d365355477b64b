using Akka.Actor;
using Akka.Remote.Tests.Specs;
using static Akka.Remote.Tests.Specs.RemotePair;

namespace Akka.Remote.Tests.Inside;

/// <summary>Places of the tree that are no actors: whoever asks or watches there is told so.</summary>
public sealed class EmptyPlacesTests : IDisposable
{
    private readonly RemotePair _pair = new();

    public void Dispose() => _pair.Dispose();

    [Theory]
    [InlineData("/remote")]
    [InlineData("/remote/x")]
    [InlineData("/remote/x/y")]
    [InlineData("/temp")]
    [InlineData("/temp/x")]
    [InlineData("/temp/x/y")]
    public async Task Questions_and_watches_are_answered(string path)
    {
        ActorIdentity selected = await _pair.Select(path).Ask<ActorIdentity>(new Identify("s"), Patience);
        Assert.Null(selected.Subject);
        Assert.Equal("s", selected.MessageId);
        IActorRef reference = ((ExtendedActorSystem)_pair.Here).Provider.ResolveActorRef(AddressOf(_pair.There) + path);
        ActorIdentity addressed = await reference.Ask<ActorIdentity>(new Identify("r"), Patience);
        Assert.Null(addressed.Subject);
        Mail mail = new();
        _pair.Here.ActorOf(Props.Create(() => new Keeper(mail))).Tell(new WatchIt(reference));
        Terminated death = mail.Take<Terminated>();
        Assert.Equal(reference, death.ActorRef);
        Assert.False(death.ExistenceConfirmed);
    }

    [Fact]
    public async Task A_pattern_below_them_finds_nobody()
    {
        foreach (string path in new[] { "/remote/*", "/temp/*", "/temp/.." })
        {
            ActorIdentity selected = await _pair.Select(path).Ask<ActorIdentity>(new Identify(path), Patience);
            Assert.Null(selected.Subject);
        }
    }
}
