using Akka.Actor;
using Akka.Configuration;

namespace Akka.Serialization.Hyperion.Tests.Inside;

/// <summary>An actor system that knows Hyperion.</summary>
public sealed class Hyperions : IDisposable
{
    /// <summary>Hyperion for everything, and the types of the tests allowed.</summary>
    public const string Everything = """
        akka {
          loglevel = OFF
          stdout-loglevel = OFF
          remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
          actor {
            provider = remote
            serializers.hyperion = "Akka.Serialization.HyperionSerializer, Akka.Serialization.Hyperion"
            serialization-bindings."System.Object" = hyperion
            serialization-settings.allowed-types = [
              "Golden.*, golden", "Cap.*, capnode", "System.DayOfWeek, System.Private.CoreLib",
              "Akka.Serialization.Hyperion.Tests.*, Akka.Serialization.Hyperion.Tests"
            ]
          }
        }
        """;

    public Hyperions()
        : this(Everything)
    {
    }

    internal Hyperions(string hocon, string name = "Cap") =>
        System = (ExtendedActorSystem)ActorSystem.Create(name, ConfigurationFactory.ParseString(hocon));

    public ExtendedActorSystem System { get; }

    public Serializer Serializer => System.Serialization.GetSerializerById(-5);

    public void Dispose() => System.Terminate().Wait(TimeSpan.FromSeconds(10));

    public byte[] Write(object? value) => Serializer.ToBinary(value!);

    public object? Read(byte[] bytes) => Serializer.FromBinary(bytes, null);

    public T Again<T>(T value) => (T)Read(Write(value))!;
}
