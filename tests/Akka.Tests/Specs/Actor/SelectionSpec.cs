using Akka.Actor;
using Akka.Event;

namespace Akka.Tests.Specs.Actor;

/// <summary>Finding actors by where they live.</summary>
public sealed class SelectionSpec : Akka.TestKit.Xunit2.TestKit
{
    private readonly IActorRef _top;
    private readonly IActorRef _left;
    private readonly IActorRef _right;

    public SelectionSpec() : base("akka { loglevel = OFF, test.single-expect-default = 20s }")
    {
        _top = Sys.ActorOf(Props.Create<Branch>(), "top");
        _left = Grow(_top, "left");
        _right = Grow(_top, "right");
    }

    private sealed class Branch : ReceiveActor
    {
        public Branch()
        {
            Receive<string>(text => text.StartsWith("grow ", StringComparison.Ordinal),
                text => Sender.Tell(Context.ActorOf(Props.Create<Branch>(), text[5..])));
            Receive<string>(text => text.StartsWith("select ", StringComparison.Ordinal),
                text => Context.ActorSelection(text[7..]).Tell(new Identify(text), Sender));
            ReceiveAny(_ => Sender.Tell(Self.Path.Name));
        }
    }

    private IActorRef Grow(IActorRef parent, string name)
    {
        parent.Tell($"grow {name}");
        return ExpectMsg<IActorRef>();
    }

    [Theory]
    [InlineData("/user/top/left", "left")]
    [InlineData("/user/top/l*", "left")]
    [InlineData("/user/*/right", "right")]
    [InlineData("/user/top/?eft", "left")]
    [InlineData("/user/top/left/../right", "right")]
    public void A_path_or_a_pattern_finds_the_actor(string path, string name)
    {
        Sys.ActorSelection(path).Tell("who", TestActor);
        ExpectMsg(name);
        ExpectNoMsg(TimeSpan.FromMilliseconds(20));
    }

    [Fact]
    public void A_full_path_finds_it_too()
    {
        Sys.ActorSelection(_left.Path).Tell("who", TestActor);
        ExpectMsg("left");
        Sys.ActorSelection(_left.Path.ToString()).Tell("who", TestActor);
        ExpectMsg("left");
    }

    [Fact]
    public void A_pattern_reaches_all_that_fit()
    {
        Sys.ActorSelection("/user/top/*").Tell("who", TestActor);
        ExpectMsgAllOf(["left", "right"]);
    }

    [Fact]
    public void A_pattern_in_the_middle_goes_on_from_each_that_fits()
    {
        Grow(_left, "leaf");
        Grow(_right, "leaf");
        Sys.ActorSelection("/user/top/*/leaf").Tell("who", TestActor);
        ExpectMsgAllOf(["leaf", "leaf"]);
        Sys.ActorSelection("/user/t?p/*t/../left/le*f").Tell("who", TestActor);
        ExpectMsgAllOf(["leaf", "leaf"]);
        ExpectNoMsg(TimeSpan.FromMilliseconds(20));
    }

    [Fact]
    public void Two_stars_reach_everybody_below()
    {
        Grow(_left, "leaf");
        Sys.ActorSelection("/user/top/**").Tell("who", TestActor);
        ExpectMsgAllOf(["left", "right", "leaf"]);
        ExpectNoMsg(TimeSpan.FromMilliseconds(20));
    }

    [Fact]
    public void Relative_paths_start_at_the_actor()
    {
        _left.Tell("select ../right");
        Assert.Equal(_right, ExpectMsg<ActorIdentity>().Subject);
        _top.Tell("select left");
        Assert.Equal(_left, ExpectMsg<ActorIdentity>().Subject);
    }

    [Fact]
    public async Task Resolving_gives_the_reference() =>
        Assert.Equal(_left, await Sys.ActorSelection("/user/top/left").ResolveOne(TimeSpan.FromSeconds(5)));

    [Fact]
    public async Task Resolving_nobody_fails() => await Assert.ThrowsAsync<ActorNotFoundException>(
        () => Sys.ActorSelection("/user/nobody").ResolveOne(TimeSpan.FromMilliseconds(500)));

    [Fact]
    public void Identify_is_answered_for_nobody_too()
    {
        _left.Tell(new Identify(1));
        ActorIdentity identity = ExpectMsg<ActorIdentity>();
        Assert.Equal(1, identity.MessageId);
        Assert.Equal(_left, identity.Subject);
        Sys.ActorSelection("/user/top/nobody").Tell(new Identify(2), TestActor);
        identity = ExpectMsg<ActorIdentity>();
        Assert.Equal(2, identity.MessageId);
        Assert.Null(identity.Subject);
    }

    [Fact]
    public void A_message_to_nobody_is_a_dead_letter()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));
        Sys.ActorSelection("/user/top/nobody").Tell("hello", TestActor);
        DeadLetter letter = ExpectMsg<DeadLetter>();
        Assert.Equal("hello", letter.Message);
        Assert.Equal("/user/top/nobody", letter.Recipient.Path.ToStringWithoutAddress());
    }

    [Fact]
    public void A_pattern_that_fits_nobody_is_answered_when_identifying()
    {
        Sys.ActorSelection("/user/top/zzz*").Tell(new Identify(3), TestActor);
        Assert.Null(ExpectMsg<ActorIdentity>().Subject);
    }

    [Fact]
    public void Paths_know_their_parts()
    {
        ActorPath path = _left.Path;
        Assert.Equal("left", path.Name);
        Assert.Equal(["user", "top", "left"], path.Elements);
        Assert.Equal(_top.Path, path.Parent);
        Assert.Equal($"{path}#{path.Uid}", path.ToStringWithUid());
        Assert.Equal("/user/top/left", path.ToStringWithoutAddress());
        Assert.Equal(path, ActorPath.Parse(path.ToString()));
        Assert.Equal(path.Uid, ActorPath.Parse(path.ToSerializationFormat()).Uid);
        Assert.Equal(path, path.Root / "user" / "top" / "left");
        Assert.Equal("akka.tcp://x@h:1/user/top/left", path.ToStringWithAddress(new Address("akka.tcp", "x", "H", 1)));
    }

    [Theory]
    [InlineData("akka://sys", true)]
    [InlineData("akka.tcp://sys@host:2552", true)]
    [InlineData("akka.tcp://sys@[::1]:2552", true)]
    [InlineData("sys@host:1", false)]
    [InlineData("akka.tcp://sys@host:99999", false)]
    public void Addresses_are_read_and_written(string text, bool valid)
    {
        if (!valid)
        {
            Assert.Throws<UriFormatException>(() => Address.Parse(text));
            return;
        }
        Assert.Equal(text, Address.Parse(text).ToString());
    }

    [EmbeddedFact("Akka.NET takes an address that has a host and no port")]
    public void A_host_has_a_port() => Assert.Throws<UriFormatException>(() => Address.Parse("akka.tcp://sys@host"));

    [Fact]
    public void An_ipv6_host_keeps_its_brackets()
    {
        Assert.Equal("[::1]", Address.Parse("akka.tcp://sys@[::1]:2552").Host);
        Assert.Equal("[::1]", ActorPath.Parse("akka.tcp://sys@[::1]:2552/user/a").Address.Host);
        Assert.Equal("akka.tcp://sys@[::1]:2552", new Address("akka.tcp", "sys", "[::1]", 2552).ToString());
    }
}
