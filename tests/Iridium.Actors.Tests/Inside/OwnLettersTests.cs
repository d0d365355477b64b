using Akka.Actor;
using Akka.Serialization;
using Iridium.Actors.Configuration;
using Iridium.Actors.Protocol;

namespace Iridium.Actors.Tests.Inside;

/// <summary>Letters of this project are carried by numbered manifests and protobuf bodies, whatever else a node can
/// carry; and no letter's name is a type that other nodes could have made here.</summary>
public sealed class OwnLettersTests
{
    public static TheoryData<string> Fallbacks => ["", """
        akka.actor.serializers.other = "Akka.Serialization.NewtonSoftJsonSerializer, Akka"
        akka.actor.serialization-bindings { "System.Object" = other, "System.Exception" = other }
        """];

    [Theory]
    [MemberData(nameof(Fallbacks))]
    public async Task No_letter_is_carried_by_names_of_types(string hocon)
    {
        Akka.Configuration.Config config =
            Akka.Configuration.ConfigurationFactory.ParseString(hocon + "\nakka.loglevel = WARNING")
                .WithFallback(IridiumConfig.Reference);
        ActorSystem system = ActorSystem.Create("letters", config);
        try
        {
            Serialization serialization = ((ExtendedActorSystem)system).Serialization;
            Assert.NotEmpty(WireManifest.Letters);
            foreach (WireLetter letter in WireManifest.Letters)
            {
                Assert.IsType<IridiumSerializer>(serialization.FindSerializerForType(letter.Type));
                Assert.True(int.TryParse(letter.Manifest, out int number) && number > 0, letter.Manifest);
                string name = $"{letter.Type.FullName}, {letter.Type.Assembly.GetName().Name}";
                byte[] json = System.Text.Encoding.UTF8.GetBytes($$"""{"$type":"{{name}}"}""");
                Assert.Throws<WireTypeRefusedException>(() => serialization.Deserialize(json, 1, ""));
                Assert.ThrowsAny<WireRejectedException>(() => serialization.Deserialize([], 4077, name));
            }
        }
        finally
        {
            await system.Terminate();
        }
    }
}
