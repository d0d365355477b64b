using System.Collections.Immutable;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Serialization.Hyperion;
using Hyperion;

namespace Akka.Serialization.Hyperion.Tests.Specs;

public sealed record Parcel(string Label, IActorRef From, ImmutableList<int> Weights, Dictionary<string, Parcel?> Inner);

public sealed record Stamped(DateTimeOffset At, Guid Id);

public sealed class OwnTypes : IKnownTypesProvider
{
    public IEnumerable<Type> GetKnownTypes() => [typeof(Stamped)];
}

/// <summary>Hyperion as an application uses it.</summary>
public sealed class HyperionSpec
{
    private const string Remote = """
        akka {
          loglevel = WARNING
          stdout-loglevel = OFF
          log-dead-letters = off
          actor.provider = remote
          remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
        """;

    private const string Bound = Remote + """

          actor {
            serializers.hyperion = "Akka.Serialization.HyperionSerializer, Akka.Serialization.Hyperion"
            serialization-bindings."Akka.Serialization.Hyperion.Tests.Specs.Parcel, Akka.Serialization.Hyperion.Tests" = hyperion
          }
        }
        """;

    [Fact]
    public async Task A_message_that_is_bound_crosses_and_comes_back()
    {
        ActorSystem here = ActorSystem.Create("Post", Bound);
        ActorSystem there = ActorSystem.Create("Post", Bound);
        try
        {
            there.ActorOf(Props.Create<Echo>(), "echo");
            Address address = ((ExtendedActorSystem)there).Provider.DefaultAddress;
            IActorRef echo = await here.ActorSelection(address + "/user/echo").ResolveOne(TimeSpan.FromSeconds(10));
            var sent = new Parcel("x", echo, [1, 2], new() { ["none"] = null, ["one"] = new("y", echo, [], []) });

            Parcel back = await echo.Ask<Parcel>(sent, TimeSpan.FromSeconds(10));

            Assert.Equal(sent.Weights, back.Weights);
            Assert.Equal(echo.Path, back.From.Path);
            Assert.Null(back.Inner["none"]);
            Assert.Equal("y", back.Inner["one"]!.Label);
        }
        finally
        {
            await Task.WhenAll(here.Terminate(), there.Terminate());
        }
    }

    [EmbeddedFact("Akka.NET writes the name of a known type too")]
    public async Task Known_types_and_filters_can_be_given_in_code()
    {
        HyperionSerializerSetup setup = HyperionSerializerSetup.Empty
            .WithKnownTypeProvider<OwnTypes>()
            .WithTypeFilter(TypeFilterBuilder.Create().Include<Parcel>().Build());
        ActorSystem system = ActorSystem.Create("Setup", BootstrapSetup.Create()
            .WithConfig(ConfigurationFactory.ParseString(Bound)).And(setup));
        try
        {
            var serializer = new HyperionSerializer((ExtendedActorSystem)system);
            var stamped = new Stamped(DateTimeOffset.UnixEpoch, Guid.Empty);

            byte[] bytes = serializer.ToBinary(stamped);

            Assert.Equal(stamped, serializer.FromBinary<Stamped>(bytes));
            Assert.True(bytes.Length < 40, $"{bytes.Length} bytes: the name has travelled");
        }
        finally
        {
            await system.Terminate();
        }
    }

    [EmbeddedFact("Akka.NET takes them")]
    public async Task What_the_settings_say_is_checked()
    {
        ActorSystem system = ActorSystem.Create("Settings", "akka.loglevel = WARNING");
        Config Only(string line) => ConfigurationFactory.ParseString(line);
        Assert.Throws<ConfigurationException>(
            () => new HyperionSerializer((ExtendedActorSystem)system, Only("version-tolerance = off")));
        Assert.Throws<ConfigurationException>(
            () => new HyperionSerializer((ExtendedActorSystem)system, Only("known-types-provider = \"No.Such, Nowhere\"")));
        Assert.Throws<ConfigurationException>(
            () => new HyperionSerializer((ExtendedActorSystem)system, Only("known-types-provider = \"System.String\"")));
        Assert.False(new HyperionSerializer((ExtendedActorSystem)system, Only("preserve-object-references = off"))
            .Settings.PreserveObjectReferences);
        await system.Terminate();
    }

    private sealed class Echo : ReceiveActor
    {
        public Echo() => ReceiveAny(message => Sender.Tell(message));
    }
}
