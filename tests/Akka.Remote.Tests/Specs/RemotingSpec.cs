using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using static Akka.Remote.Tests.Specs.RemotePair;

namespace Akka.Remote.Tests.Specs;

public sealed class RemotingSpec : IDisposable
{
    private readonly RemotePair _pair = new();
    private readonly Mail _mail = new();

    public void Dispose() => _pair.Dispose();

    [Fact]
    public async Task An_actor_of_another_system_answers()
    {
        IActorRef echo = _pair.FromHere(_pair.There.ActorOf(Props.Create<Echo>(), "echo"));
        Assert.Equal("hello", await echo.Ask<string>("hello", Patience));
    }

    [Fact]
    public async Task Numbers_bytes_and_references_travel_as_what_they_are()
    {
        IActorRef echo = _pair.FromHere(_pair.There.ActorOf(Props.Create<Echo>(), "echo"));
        Assert.Equal(42, await echo.Ask<int>(42, Patience));
        Assert.Equal(1L << 40, await echo.Ask<long>(1L << 40, Patience));
        Assert.Equal(new byte[] { 1, 2, 3 }, await echo.Ask<byte[]>(new byte[] { 1, 2, 3 }, Patience));
        Assert.Equal(echo, await echo.Ask<IActorRef>(echo, Patience));
    }

    [Fact]
    public async Task The_sender_s_path_is_its_address_and_incarnation()
    {
        IActorRef there = _pair.There.ActorOf(Props.Create<Echo>(), "echo");
        IActorRef keeper = _pair.Here.ActorOf(Props.Create(() => new Keeper(_mail)), "keeper");
        _pair.FromHere(there).Tell("who asks", keeper);
        string path = _mail.Take<string>();
        Assert.Equal(keeper.Path.ToSerializationFormatWithAddress(AddressOf(_pair.Here)), path);
        await Task.CompletedTask;
    }

    [Fact]
    public async Task A_selection_finds_its_way_by_name_pattern_and_parent()
    {
        _pair.There.ActorOf(Props.Create<Echo>(), "echo");
        Assert.Equal("name", await _pair.Select("/user/echo").Ask<string>("name", Patience));
        Assert.Equal("pattern", await _pair.Select("/user/e*o").Ask<string>("pattern", Patience));
        Assert.Equal("parent", await _pair.Select("/user/echo/../echo").Ask<string>("parent", Patience));
    }

    [Fact]
    public async Task Identify_is_answered_whether_somebody_is_there_or_not()
    {
        IActorRef there = _pair.There.ActorOf(Props.Create<Echo>(), "echo");
        ActorIdentity found = await _pair.Select("/user/echo").Ask<ActorIdentity>(new Identify(1), Patience);
        Assert.Equal(_pair.FromHere(there), found.Subject);
        Assert.Equal(1, found.MessageId);
        ActorIdentity missing = await _pair.Select("/user/nobody").Ask<ActorIdentity>(new Identify("corr"), Patience);
        Assert.Null(missing.Subject);
        Assert.Equal("corr", missing.MessageId);
    }

    [Fact]
    public async Task Messages_of_one_sender_keep_their_order()
    {
        const int count = 5_000;
        IActorRef keeper = _pair.There.ActorOf(Props.Create(() => new Keeper(_mail)), "keeper");
        IActorRef remote = _pair.FromHere(keeper);
        for (int number = 0; number < count; number++) remote.Tell(number);
        for (int number = 0; number < count; number++) Assert.Equal(number, _mail.Take<int>());
        await Task.CompletedTask;
    }

    [Fact]
    public async Task A_message_of_nearly_a_frame_passes_and_a_larger_one_costs_only_itself()
    {
        IActorRef echo = _pair.FromHere(_pair.There.ActorOf(Props.Create<Echo>(), "echo"));
        byte[] large = new byte[127_000];
        Assert.Equal(large, await echo.Ask<byte[]>(large, Patience));
        echo.Tell(new byte[200_000]);
        Assert.Equal("after", await echo.Ask<string>("after", Patience));
    }

    [Fact]
    public async Task A_failure_travels_with_its_type()
    {
        IActorRef echo = _pair.FromHere(_pair.There.ActorOf(Props.Create<Echo>(), "echo"));
        Status.Failure failure = new(new InvalidOperationException("boom"));
        Exception error = await Assert.ThrowsAnyAsync<Exception>(() => echo.Ask<string>(failure, Patience));
        Exception cause = error as InvalidOperationException ?? error.InnerException!;
        Assert.Equal("boom", Assert.IsType<InvalidOperationException>(cause).Message);
    }

    [Fact]
    public void A_poison_pill_from_afar_stops_an_actor()
    {
        IActorRef there = _pair.There.ActorOf(Props.Create<Echo>(), "echo");
        IActorRef watcher = _pair.There.ActorOf(Props.Create(() => new Keeper(_mail)));
        watcher.Tell(new WatchIt(there));
        _pair.FromHere(there).Tell(PoisonPill.Instance);
        Assert.Equal(there, _mail.Take<Terminated>().ActorRef);
    }

    [Fact]
    public async Task Its_own_address_leads_to_the_local_actor()
    {
        IActorRef echo = _pair.Here.ActorOf(Props.Create<Echo>(), "echo");
        string path = echo.Path.ToSerializationFormatWithAddress(AddressOf(_pair.Here));
        Assert.Same(echo, ((ExtendedActorSystem)_pair.Here).Provider.ResolveActorRef(path));
        IActorRef asked = await _pair.Here.ActorSelection(AddressOf(_pair.Here) + "/user/echo").ResolveOne(Patience);
        Assert.Equal(echo, asked);
    }

    [Fact]
    public async Task A_restarted_system_at_the_same_port_is_reached_again_and_old_references_are_dead()
    {
        IActorRef first = _pair.FromHere(_pair.There.ActorOf(Props.Create<Echo>(), "echo"));
        Assert.Equal("hello", await first.Ask<string>("hello", Patience));
        _pair.RestartThere();
        _pair.There.ActorOf(Props.Create<Echo>(), "echo");
        Assert.Equal("again", await Insist("/user/echo", "again"));
        await Assert.ThrowsAnyAsync<Exception>(() => first.Ask<string>("old", TimeSpan.FromMilliseconds(300)));
    }

    [Fact]
    public void Associations_are_announced_on_the_event_stream()
    {
        IActorRef keeper = _pair.Here.ActorOf(Props.Create(() => new Keeper(_mail)));
        _pair.Here.EventStream.Subscribe(keeper, typeof(AssociatedEvent));
        _pair.Here.EventStream.Subscribe(keeper, typeof(DisassociatedEvent));
        _pair.Select("/user/nobody").Tell("hello");
        AssociatedEvent associated = _mail.Take<AssociatedEvent>();
        Assert.Equal(AddressOf(_pair.There), associated.RemoteAddress);
        Assert.False(associated.IsInbound);
        _pair.There.Terminate().Wait(Patience);
        Assert.Equal(AddressOf(_pair.There), _mail.Take<DisassociatedEvent>().RemoteAddress);
    }

    [EmbeddedFact("Akka.NET starts on a port that is taken")]
    public void A_taken_port_fails_the_start_and_names_the_endpoint()
    {
        int taken = AddressOf(_pair.There).Port!.Value;
        Exception error = Assert.ThrowsAny<Exception>(() => _pair.Start(taken));
        string text = error.ToString();
        Assert.Contains($"{taken}", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_nobody_can_take_is_a_dead_letter()
    {
        IActorRef keeper = _pair.Here.ActorOf(Props.Create(() => new Keeper(_mail)));
        _pair.Here.EventStream.Subscribe(keeper, typeof(DeadLetter));
        IActorRef nowhere = ((ExtendedActorSystem)_pair.Here).Provider
            .ResolveActorRef("akka.tcp://Pair@127.0.0.1:1/user/nobody");
        nowhere.Tell("lost");
        // Others may lose something too.
        while (!"lost".Equals(_mail.Take<DeadLetter>().Message))
        {
        }
    }

    private async Task<string> Insist(string path, string message)
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                return await _pair.Select(path).Ask<string>(message, TimeSpan.FromMilliseconds(500));
            }
            catch (Exception) when (attempt < 20)
            {
                // The gate is closed for a moment after a loss.
            }
        }
    }
}
