using Akka.Actor;
using Akka.Configuration;
using static Akka.Remote.Tests.Specs.RemotePair;

namespace Akka.Remote.Tests.Specs;

public sealed class RemotingSettingsSpec
{
    [Fact]
    public async Task Lengths_may_be_written_big_end_first()
    {
        using RemotePair pair = new("akka.remote.dot-netty.tcp.byte-order = big-endian");
        IActorRef echo = pair.FromHere(pair.There.ActorOf(Props.Create<Echo>(), "echo"));
        Assert.Equal("hello", await echo.Ask<string>("hello", Patience));
    }

    [Fact]
    public async Task Frames_may_be_larger()
    {
        using RemotePair pair = new("akka.remote.dot-netty.tcp.maximum-frame-size = 2 MiB");
        IActorRef echo = pair.FromHere(pair.There.ActorOf(Props.Create<Echo>(), "echo"));
        byte[] large = new byte[2_000_000];
        large[^1] = 7;
        Assert.Equal(large, await echo.Ask<byte[]>(large, Patience));
    }

    [Fact]
    public async Task A_system_may_be_known_by_another_name()
    {
        using RemotePair pair =
            new("""
                akka.remote { insecure = on, dot-netty.tcp { hostname = "0.0.0.0", public-hostname = "localhost" } }
                """);
        Assert.Equal("localhost", AddressOf(pair.There).Host);
        pair.There.ActorOf(Props.Create<Echo>(), "echo");
        Assert.Equal("hello", await pair.Select("/user/echo").Ask<string>("hello", Patience));
    }

    [Fact]
    public async Task An_untrusted_peer_may_talk_but_not_kill_or_select()
    {
        using RemotePair pair = new("""
            akka.remote { untrusted-mode = on, trusted-selection-paths = ["/user/open"] }
            """);
        IActorRef there = pair.There.ActorOf(Props.Create<Echo>(), "open");
        Assert.Equal("trusted", await pair.Select("/user/open").Ask<string>("trusted", Patience));
        IActorRef open = pair.FromHere(there);
        open.Tell(PoisonPill.Instance);
        Assert.Equal("alive", await open.Ask<string>("alive", Patience));
        pair.There.ActorOf(Props.Create<Echo>(), "closed");
        await Assert.ThrowsAnyAsync<Exception>(
            () => pair.Select("/user/closed").Ask<string>("hello", TimeSpan.FromMilliseconds(300)));
    }

    [EmbeddedFact("Akka.NET uses other words")]
    public async Task What_comes_and_goes_is_logged_and_what_happens_to_connections_is_not_if_told_so()
    {
        using RemotePair pair = new("""
            akka { loglevel = DEBUG, stdout-loglevel = OFF, loggers = [] }
            akka.remote { log-received-messages = on, log-sent-messages = on, log-remote-lifecycle-events = off }
            """);
        Mail mail = new();
        pair.There.EventStream.Subscribe(
            pair.There.ActorOf(Props.Create(() => new Keeper(mail))), typeof(Event.LogEvent));
        IActorRef echo = pair.FromHere(pair.There.ActorOf(Props.Create<Echo>(), "echo"));
        Assert.Equal("hello", await echo.Ask<string>("hello", Patience));
        List<string> lines = [];
        while (!lines.Exists(line => line.StartsWith("Sent hello from", StringComparison.Ordinal)))
            lines.Add(((Event.LogEvent)mail.Take()).Message.ToString()!);
        Assert.Contains(lines, line => line.StartsWith("Received hello from", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains("Associated [", StringComparison.Ordinal));
    }

    [EmbeddedFact("Akka.NET uses other words")]
    public async Task Of_what_happens_to_connections_only_what_has_the_level_is_logged()
    {
        using RemotePair pair = new("""
            akka { loglevel = DEBUG, stdout-loglevel = OFF, loggers = [] }
            akka.remote.log-remote-lifecycle-events = WARNING
            """);
        Mail mail = new();
        pair.Here.EventStream.Subscribe(
            pair.Here.ActorOf(Props.Create(() => new Keeper(mail))), typeof(Event.LogEvent));
        pair.There.ActorOf(Props.Create<Echo>(), "echo");
        Assert.Equal("hello", await pair.Select("/user/echo").Ask<string>("hello", Patience));
        pair.Here.ActorSelection("akka.tcp://Pair@127.0.0.1:1/user/nobody").Tell("hello");
        List<string> lines = [];
        while (!lines.Exists(line => line.Contains("No association with", StringComparison.Ordinal)))
            lines.Add(((Event.LogEvent)mail.Take()).Message.ToString()!);
        Assert.DoesNotContain(lines, line => line.Contains("Associated [", StringComparison.Ordinal));
    }

    [EmbeddedFact("Akka.NET refuses it without the name of the setting")]
    public void Another_word_for_what_is_logged_of_connections_is_refused()
    {
        Exception error = Assert.ThrowsAny<Exception>(
            () => new RemotePair("akka.remote.log-remote-lifecycle-events = sometimes"));
        Assert.Contains("log-remote-lifecycle-events is 'sometimes'", error.ToString(), StringComparison.Ordinal);
    }

    [EmbeddedTheory("Akka.NET has others, and other words")]
    [InlineData("[\"akka.remote.dot-netty.ssl\"]")]
    [InlineData("[]")]
    [InlineData("[\"akka.remote.dot-netty.tcp\", \"akka.remote.other\"]")]
    public void Another_transport_than_the_one_is_refused(string transports)
    {
        Exception error = Assert.ThrowsAny<Exception>(() => ActorSystem.Create("Wrong", ConfigurationFactory.ParseString($$"""
            akka { stdout-loglevel = OFF, actor.provider = remote }
            akka.remote.enabled-transports = {{transports}}
            """)));
        Assert.Contains("TLS is its enable-ssl", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_out_of_range_are_refused_by_name()
    {
        Exception error = Assert.ThrowsAny<Exception>(() => ActorSystem.Create("Wrong", ConfigurationFactory.ParseString("""
            akka { stdout-loglevel = OFF, actor.provider = remote }
            akka.remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0, maximum-frame-size = 1000 }
            """)));
        Assert.Contains("maximum-frame-size", error.ToString(), StringComparison.Ordinal);
    }
}
