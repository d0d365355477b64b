using System.Collections.Immutable;
using System.Text;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Serialization;

namespace Akka.Tests.Specs.Serialization;

/// <summary>Which serializer a message gets, and that what is written is read again.</summary>
public sealed class SerializationSpec() : Akka.TestKit.Xunit2.TestKit(Settings)
{
    private static readonly string Here = typeof(SerializationSpec).Assembly.GetName().Name!;

    private static readonly string Settings = $$"""
        akka.actor {
          serializers {
            upper = "Akka.Tests.Specs.Serialization.SerializationSpec+UpperCase, {{Here}}"
            named = "Akka.Tests.Specs.Serialization.SerializationSpec+Named, {{Here}}"
          }
          serialization-bindings {
            "Akka.Tests.Specs.Serialization.SerializationSpec+IShape, {{Here}}" = upper
            "Akka.Tests.Specs.Serialization.SerializationSpec+Square, {{Here}}" = named
          }
          serialization-identifiers {
            "Akka.Tests.Specs.Serialization.SerializationSpec+UpperCase, {{Here}}" = 1001
          }
        }
        """;

    public interface IShape;

    public sealed record Circle(string Name) : IShape;

    public sealed record Square(string Name) : IShape;

    public sealed record Plain(int Number, string Text, double Half, IActorRef? Who, List<string> Words);

    public sealed class WithSetters
    {
        public int Number { get; set; }

        public string? Text { get; private set; }

        public Dictionary<string, int> Map { get; } = [];

        public static WithSetters Sample() => new() { Number = 3, Text = "private" };
    }

    /// <summary>Without a manifest, and with its number in the configuration.</summary>
    public sealed class UpperCase(ExtendedActorSystem system) : Serializer(system)
    {
        public override bool IncludeManifest => false;

        public override byte[] ToBinary(object obj) => Encoding.UTF8.GetBytes(((Circle)obj).Name.ToUpperInvariant());

        public override object FromBinary(byte[] bytes, Type? type) => new Circle(Encoding.UTF8.GetString(bytes));
    }

    public sealed class Named(ExtendedActorSystem system) : SerializerWithStringManifest(system)
    {
        public override int Identifier => 1002;

        public override string Manifest(object o) => "SQ";

        public override byte[] ToBinary(object obj) => Encoding.UTF8.GetBytes(((Square)obj).Name);

        public override object FromBinary(byte[] bytes, string manifest) =>
            manifest == "SQ" ? new Square(Encoding.UTF8.GetString(bytes)) : throw new ArgumentException(manifest);
    }

    private object Again(object message)
    {
        Akka.Serialization.Serialization serialization = Sys.Serialization;
        Serializer serializer = serialization.FindSerializerFor(message);
        byte[] bytes = serializer.ToBinary(message);
        string manifest = Akka.Serialization.Serialization.ManifestFor(serializer, message);
        return serialization.Deserialize(bytes, serializer.Identifier, manifest);
    }

    [Fact]
    public void A_binding_of_the_type_goes_before_one_of_its_interface()
    {
        Assert.Equal(1001, Sys.Serialization.FindSerializerFor(new Circle("c")).Identifier);
        Assert.Equal(1002, Sys.Serialization.FindSerializerFor(new Square("s")).Identifier);
        Assert.Equal(1, Sys.Serialization.FindSerializerFor(new Plain(1, "", 0, null, [])).Identifier);
        Assert.Equal(4, Sys.Serialization.FindSerializerFor(new byte[1]).Identifier);
        Assert.Equal(0, Sys.Serialization.FindSerializerFor(null).Identifier);
    }

    [Fact]
    public void Own_serializers_write_and_read()
    {
        Assert.Equal(new Circle("ROUND"), Again(new Circle("round")));
        Assert.Equal(new Square("flat"), Again(new Square("flat")));
    }

    [Fact]
    public void An_unknown_number_or_manifest_is_an_error()
    {
        Assert.ThrowsAny<Exception>(() => Sys.Serialization.Deserialize([1], 4711, ""));
        Assert.ThrowsAny<Exception>(() => Sys.Serialization.Deserialize([1], 1002, "no such manifest"));
    }

    [Theory]
    [InlineData("text")]
    [InlineData("")]
    [InlineData("ünï ☃ 😀")]
    [InlineData(5)]
    [InlineData(-5)]
    [InlineData(5L)]
    [InlineData(long.MinValue)]
    [InlineData(true)]
    [InlineData(1.5)]
    public void Plain_values_survive(object value) => Assert.Equal(value, Again(value));

    [Fact]
    public void Bytes_survive() => Assert.Equal(new byte[] { 0, 1, 255 }, Again(new byte[] { 0, 1, 255 }));

    [Fact]
    public void A_record_survives_with_its_reference()
    {
        var message = new Plain(7, "text", 0.5, TestActor, ["a", "b"]);
        var again = Assert.IsType<Plain>(Again(message));
        Assert.Equal(message with { Words = again.Words }, again);
        Assert.Equal(message.Words, again.Words);
        again.Who!.Tell("through the copy");
        ExpectMsg("through the copy");
    }

    [Fact]
    public void Private_setters_are_used()
    {
        WithSetters sample = WithSetters.Sample();
        var again = Assert.IsType<WithSetters>(Again(sample));
        Assert.Equal((3, "private"), (again.Number, again.Text));
    }

    [Fact]
    public void Addresses_and_paths_survive()
    {
        var address = new Address("akka.tcp", "sys", "host", 2552);
        Assert.Equal(address, Again(address));
        ActorPath path = ActorPath.Parse("akka.tcp://sys@host:2552/user/a/b");
        Assert.Equal(path, Again(path));
    }

    [Fact]
    public void A_setup_adds_serializers_in_code()
    {
        var setup = SerializationSetup.Create(system => ImmutableHashSet.Create(
            SerializerDetails.Create("named", new Named(system), ImmutableHashSet.Create(typeof(Square)))));
        ActorSystem system = ActorSystem.Create(
            "setup", ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(DefaultConfig), setup));
        Assert.Equal(1002, system.Serialization.FindSerializerForType(typeof(Square)).Identifier);
        Assert.IsType<Square>(system.Serialization.Deserialize(Encoding.UTF8.GetBytes("x"), 1002, "SQ"));
        Shutdown(system);
    }

    [Fact]
    public void A_setup_goes_over_the_configuration()
    {
        var setup = SerializationSetup.Create(system => ImmutableHashSet.Create(
            SerializerDetails.Create("other", new Named(system), ImmutableHashSet.Create(typeof(byte[])))));
        ActorSystem system = ActorSystem.Create(
            "setup", ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(DefaultConfig), setup));
        Assert.Equal(1002, system.Serialization.FindSerializerForType(typeof(byte[])).Identifier);
        Shutdown(system);
    }

    private sealed class Echo : ReceiveActor
    {
        public Echo() => ReceiveAny(message => Sender.Tell(message));
    }

    [EmbeddedFact("a failure that is serialized inside a test is lost in Akka.NET")]
    public void An_exception_survives_a_test_that_serializes_messages()
    {
        using var kit = new Akka.TestKit.Xunit2.TestKit("akka.actor.serialize-messages = on");
        IActorRef echo = kit.ActorOf<Echo>();
        var failure = new InvalidOperationException("broken", new TimeoutException("inner"));
        echo.Tell(new Status.Failure(failure), kit.TestActor);
        Exception again = kit.ExpectMsg<Status.Failure>().Cause;
        Assert.Equal("broken", Assert.IsType<InvalidOperationException>(again).Message);
        Assert.Equal("inner", Assert.IsType<TimeoutException>(again.InnerException).Message);
    }

    [Fact]
    public void Messages_are_serialized_in_a_test_that_asks_for_it()
    {
        Config config = ConfigurationFactory.ParseString("akka.actor.serialize-messages = on");
        using var kit = new Akka.TestKit.Xunit2.TestKit(config);
        IActorRef echo = kit.ActorOf<Echo>();
        var sent = new Plain(1, "t", 1, echo, ["w"]);
        echo.Tell(sent, kit.TestActor);
        Plain received = kit.ExpectMsg<Plain>();
        Assert.NotSame(sent, received);
        Assert.Equal((1, "t", echo), (received.Number, received.Text, received.Who));
    }

    [EmbeddedTheory("Akka.NET warns of some, and leaves them out")]
    [InlineData("akka.actor.serializers.x = \"No.Such.Type, Nowhere\"")]
    [InlineData("akka.actor.serializers.x = \"System.String\"")]
    [InlineData("akka.actor.serialization-bindings { \"System.String\" = no-such-serializer }")]
    public void A_configuration_that_cannot_be_is_refused_at_the_start(string hocon) =>
        Assert.ThrowsAny<Exception>(() => ActorSystem.Create("bad", hocon));
}
