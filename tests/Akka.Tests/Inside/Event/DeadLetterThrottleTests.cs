using Akka.Actor;
using Akka.Event;
using Akka.Tests.Inside.Engine;

namespace Akka.Tests.Inside.Event;

/// <summary>How many dead letters are logged, and for how long none, in virtual time.</summary>
public sealed class DeadLetterThrottleTests
{
    private const string Marker = "dead letters encountered";

    private sealed class Listener : UntypedActor
    {
        private readonly List<string> _lines;

        public Listener(List<string> lines)
        {
            _lines = lines;
            Context.System.EventStream.Subscribe(Self, typeof(Info));
        }

        protected override void OnReceive(object message)
        {
            string text = ((Info)message).Message.ToString()!;
            if (text.Contains(Marker, StringComparison.Ordinal)) _lines.Add(text);
        }
    }

    private readonly OneThreadHost _host = new(1);
    private readonly List<string> _lines = [];

    private ActorSystem Start(string config)
    {
        ActorSystem system = _host.Start(config);
        system.ActorOf(Props.Create(() => new Listener(_lines)));
        _host.RunFor(TimeSpan.Zero);
        return system;
    }

    private void Lose(ActorSystem system, int letters)
    {
        for (int letter = 0; letter < letters; letter++) system.DeadLetters.Tell("letter", ActorRefs.NoSender);
        _host.RunFor(TimeSpan.Zero);
    }

    [Fact]
    public void After_enough_of_them_none_is_logged_for_a_while_and_then_the_others_are_counted()
    {
        ActorSystem system = Start("akka.log-dead-letters = 3, akka.log-dead-letters-suspend-duration = 1m");
        Lose(system, 10);
        Assert.Equal(3, _lines.Count);
        Assert.Contains("no more dead letters will be logged in the next 00:01:00", _lines[2], StringComparison.Ordinal);
        _host.RunFor(TimeSpan.FromSeconds(59));
        Lose(system, 1);
        Assert.Equal(3, _lines.Count);
        _host.RunFor(TimeSpan.FromSeconds(2));
        Lose(system, 1);
        Assert.Equal(4, _lines.Count);
        Assert.Contains("8 were not logged", _lines[3], StringComparison.Ordinal);
        Lose(system, 5);
        Assert.Equal(6, _lines.Count);
    }

    [Fact]
    public void All_are_logged_when_asked_for()
    {
        Lose(Start("akka.log-dead-letters = on"), 50);
        Assert.Equal(50, _lines.Count);
    }

    [Fact]
    public void None_is_logged_when_asked_for()
    {
        Lose(Start("akka.log-dead-letters = off"), 50);
        Assert.Empty(_lines);
    }

    [Fact]
    public void A_letter_without_a_message_is_logged_and_so_is_the_next()
    {
        ActorSystem system = Start("");
        system.DeadLetters.Tell(new DeadLetter(null!, system.DeadLetters, system.DeadLetters), ActorRefs.NoSender);
        Lose(system, 1);
        Assert.Equal(2, _lines.Count);
        Assert.Contains("[null]", _lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_letter_names_who_sent_it_and_to_whom()
    {
        IActorRef somebody = Start("").DeadLetters;
        Assert.Throws<ArgumentNullException>("sender", () => new DeadLetter("letter", null!, somebody));
        Assert.Throws<ArgumentNullException>("recipient", () => new DeadLetter("letter", somebody, null!));
    }
}
