using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Remote.Probing;
using Akka.Remote.Tests.Specs;
using Akka.Remote.Wire;
using static Akka.Remote.Tests.Specs.RemotePair;

namespace Akka.Remote.Tests.Inside;

/// <summary>Systems with a cluster secret, and who does not get in.</summary>
public sealed class SecretTests : IDisposable
{
    private const string Right = "akka.remote.secret = \"one secret of the cluster\"";

    private static readonly TimeSpan _short = TimeSpan.FromMilliseconds(700);

    private readonly Mail _mail = new();
    private readonly StartedSystems _systems = new();

    public void Dispose() => _systems.Dispose();

    [Fact]
    public async Task Systems_with_one_secret_talk()
    {
        ActorSystem here = Start(Right), there = Start(Right);
        there.ActorOf(Props.Create<Echo>(), "echo");
        Assert.Equal("hello", await Echoed(here, there, "hello", Patience));
        Assert.True(RARP.For(here).Provider.OffersOf(AddressOf(there)).HasFlag(Offers.ClusterSecret));
    }

    [Theory]
    [InlineData("akka.remote.secret = \"another secret altogether\"", "has another cluster secret",
        "does not accept this node's proof")]
    [InlineData("", "has no cluster secret", "it has a cluster secret, and this node has none")]
    public async Task Who_does_not_know_it_is_not_talked_to_and_both_sides_say_why_in_a_line(
        string stranger, string strict, string refused)
    {
        ActorSystem here = Start(stranger), there = Start(Right);
        Mail heard = new(), told = new();
        there.ActorOf(Props.Create(() => new Keeper(_mail)), "echo");
        Listen(there, told);
        Listen(here, heard);
        await Assert.ThrowsAnyAsync<Exception>(() => Echoed(here, there, "let me in", _short));
        Assert.Contains(strict, told.Take<Warning>().Message.ToString(), StringComparison.Ordinal);
        Assert.Contains(refused, heard.Take<Warning>().Message.ToString(), StringComparison.Ordinal);
        Assert.True(_mail.IsEmpty);
    }

    [Fact]
    public async Task What_waits_for_a_stranger_is_never_sent()
    {
        ActorSystem here = Start(Right), there = Start("");
        there.ActorOf(Props.Create(() => new Keeper(_mail)), "echo");
        Mail heard = new();
        Listen(here, heard);
        await Assert.ThrowsAnyAsync<Exception>(() => Echoed(here, there, "gossip", _short));
        Assert.Contains("has no cluster secret", heard.Take<Warning>().Message.ToString(), StringComparison.Ordinal);
        Assert.True(_mail.IsEmpty);
    }

    [Fact]
    public async Task Not_required_it_lets_in_who_has_none()
    {
        ActorSystem here = Start(""), there = Start(Right + "\nakka.remote.secret-required = off");
        there.ActorOf(Props.Create<Echo>(), "echo");
        Assert.Equal("hello", await Echoed(here, there, "hello", Patience));
    }

    [Fact]
    public void Every_kind_of_frame_that_comes_before_the_proof_costs_its_connection_and_nothing_is_told()
    {
        ActorSystem system = Start(Right);
        system.ActorOf(Props.Create(() => new Keeper(_mail)), "keeper");
        Address address = AddressOf(system);
        byte[][] frames = [.. EveryKind(address)];
        Assert.True(frames.Length > 40, $"only {frames.Length} kinds");
        foreach (byte[] frame in frames)
        {
            foreach (Offers offers in new[] { Offers.None, Offers.ClusterSecret })
            {
                using RawPeer peer = new(address, offers: offers);
                peer.Send(new Control(ControlCommand.Associate, peer.Self));
                peer.Send(frame);
                AssertOnlyControls(peer, [ControlCommand.Associate, ControlCommand.Challenge]);
            }
            if (Read(frame) is { Command: ControlCommand.Associate }) continue;
            using RawPeer silent = new(address);
            silent.Send(frame);
            AssertOnlyControls(silent, []);
        }
        Assert.True(_mail.IsEmpty);
    }

    [Fact]
    public void Printing_the_configuration_prints_neither_secrets_nor_passwords()
    {
        ActorSystem system = Start(Right + "\nakka.remote.dot-netty.tcp.ssl.certificate.password = \"horse staple\"");
        string printed = system.Settings.ToString();
        Assert.Contains("(hidden)", printed, StringComparison.Ordinal);
        Assert.DoesNotContain("one secret", printed, StringComparison.Ordinal);
        Assert.DoesNotContain("horse", printed, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("secret = \"one secret of the cluster\", secret-required = off")]
    [InlineData("dot-netty.tcp.hostname = \"::\"")]
    public void Listening_to_others_without_protection_is_refused_with_what_to_do(string config)
    {
        Exception error = Assert.ThrowsAny<Exception>(() => Start(
            $$"""
            akka.remote { {{config}} }
            """, "0.0.0.0"));
        Assert.IsType<ConfigurationException>(error);
        foreach (string word in new[] { "akka.remote.secret", "enable-ssl", "127.0.0.1", "akka.remote.insecure = on" })
            Assert.Contains(word, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Told_to_be_insecure_it_starts_and_says_so()
    {
        ActorSystem open = Start("akka.remote.insecure = on", "0.0.0.0", keepsLines: true);
        Assert.Contains("insecure = on", Lines.FirstOf(open), StringComparison.Ordinal);
        ActorSystem closed = Start(Right, "0.0.0.0", keepsLines: true);
        Assert.Equal("a line of the test", Lines.FirstOf(closed));
    }

    private static Task<string> Echoed(ActorSystem here, ActorSystem there, string text, TimeSpan patience) =>
        here.ActorSelection(AddressOf(there) + "/user/echo").Ask<string>(text, patience);

    private static void Listen(ActorSystem system, Mail mail) => system.EventStream.Subscribe(
        system.ActorOf(Props.Create(() => new Keeper(mail))), typeof(Warning));

    private static Control? Read(byte[] frame) =>
        ControlCodec.TryRead(frame.AsSpan(4), out _, out Control control) && control.Command != ControlCommand.None
            ? control
            : null;

    // Until the connection is closed.
    private static void AssertOnlyControls(RawPeer peer, ControlCommand[] allowed)
    {
        while (peer.ReadFrame() is { } body)
        {
            Assert.True(ControlCodec.TryRead(body, out _, out Control control));
            Assert.Contains(control.Command, allowed.Append(ControlCommand.Disassociate));
        }
    }

    /// <summary>Each control, each frame of probe connections without a seal and with a wrong one, and one message of every
    /// serializer and manifest that was ever captured, for an actor that is there.</summary>
    private static IEnumerable<byte[]> EveryKind(Address address)
    {
        Handshake anybody = new("Pair", "10.9.8.7", 4711, "tcp", 77, Offers.ClusterSecret);
        foreach (ControlCommand command in Enum.GetValues<ControlCommand>())
        {
            Handshake? handshake = command == ControlCommand.Associate ? anybody : null;
            Control control = new(command, handshake, new byte[32], new byte[32]);
            yield return ControlCodec.Frame(control, bigEndian: false);
        }
        foreach (ProbeFrameKind kind in Enum.GetValues<ProbeFrameKind>())
        {
            foreach (byte[]? seal in new byte[]?[] { null, new byte[ProbeSeals.Bytes] })
                yield return new ProbeFrame(kind, 1, anybody.Uid, seal).ToFrame(bigEndian: false);
        }
        yield return ContainerCodec.AckFrame(new Ack(0, []), bigEndian: false);
        HashSet<(int, string)> seen = [];
        foreach (Captures.Frame captured in Captures.Frames)
        {
            if (!ControlCodec.TryRead(captured.Body, out var payload, out Control control)) continue;
            if (control.Command != ControlCommand.None) continue;
            if (!ContainerCodec.TryRead(payload, out Container container) || !container.HasEnvelope) continue;
            WireEnvelope original = container.Envelope;
            string manifest = System.Text.Encoding.UTF8.GetString(original.Manifest);
            if (!seen.Add((original.SerializerId, manifest))) continue;
            WireEnvelope envelope = new()
            {
                Recipient = System.Text.Encoding.UTF8.GetBytes(address + "/user/keeper"),
                Body = original.Body,
                SerializerId = original.SerializerId,
                Manifest = original.Manifest,
                Sequence = original.Sequence,
            };
            byte[] frame = new byte[ContainerCodec.FrameBytes(envelope)];
            ContainerCodec.WriteFrame(frame, envelope, bigEndian: false);
            yield return frame;
        }
    }

    private ActorSystem Start(string config, string host = "127.0.0.1", bool keepsLines = false)
    {
        string loggers = keepsLines ? $"\"{typeof(Lines).FullName}, {typeof(Lines).Assembly.GetName().Name}\"" : "";
        return _systems.Start(ConfigurationFactory.ParseString(config).WithFallback(
            ConfigurationFactory.ParseString($$"""
                akka {
                  loglevel = WARNING
                  stdout-loglevel = OFF
                  loggers = [{{loggers}}]
                  log-dead-letters = off
                  actor.provider = remote
                  remote.dot-netty.tcp { hostname = "{{host}}", port = 0 }
                }
                """)));
    }

    /// <summary>A logger that keeps what it is told from the start.</summary>
    public sealed class Lines : ReceiveActor
    {
        private static readonly ConcurrentDictionary<ActorSystem, Mail> _kept = [];

        public Lines()
        {
            ActorSystem system = Context.System;
            Receive<InitializeLogger>(_ => Sender.Tell(new LoggerInitialized()));
            Receive<LogEvent>(line => Of(system).Put(line.Message.ToString()!));
        }

        /// <summary>If it has not said anything at its start, a line of the test.</summary>
        public static string FirstOf(ActorSystem system)
        {
            Logging.GetLogger(system.EventStream, "test").Warning("a line of the test");
            return Of(system).Take<string>();
        }

        private static Mail Of(ActorSystem system) => _kept.GetOrAdd(system, _ => new Mail());
    }
}
