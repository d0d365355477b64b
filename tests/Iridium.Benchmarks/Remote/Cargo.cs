using Google.Protobuf.WellKnownTypes;

namespace Iridium.Benchmarks;

/// <summary>One kind of message of <see cref="RemoteBenchmark"/>, each written by another serializer.</summary>
/// <param name="PerClient">How many one client sends: about a second's worth of all clients together.</param>
/// <param name="Target">Messages/s to be reached.</param>
internal sealed record Cargo(string Name, object Message, int PerClient, string Target)
{
    public static IReadOnlyList<Cargo> All { get; } =
    [
        new("string", "hello", 100_000, "1,500,000; Akka.NET 440,000"),
        new("bytes", new byte[16], 50_000, "Akka.NET 440,000"),
        new("protobuf", new StringValue { Value = "hello" }, 50_000, "Akka.NET 390,000"),
        new("Hyperion", new HyperionCargo(7, "hello"), 30_000, "Akka.NET 342,000"),
        new("JSON", new JsonCargo(7, "hello"), 10_000, "Akka.NET 155,000"),
    ];

    /// <summary>Of more bytes than one part.</summary>
    public static Cargo Long { get; } = new("64 KiB", new byte[64 * 1024], 500, "");

    /// <summary>What binds them; protobuf, bytes and strings are bound anyway.</summary>
    public const string Bindings = """
        akka.actor {
          serializers.hyperion = "Akka.Serialization.HyperionSerializer, Akka.Serialization.Hyperion"
          serialization-bindings {
            "Iridium.Benchmarks.HyperionCargo, Iridium.Benchmarks" = hyperion
            "Iridium.Benchmarks.JsonCargo, Iridium.Benchmarks" = json
          }
        }
        """;
}

/// <summary>A message of two fields, as applications have them.</summary>
internal sealed record JsonCargo(int Number, string Text);

/// <inheritdoc cref="JsonCargo"/>
internal sealed record HyperionCargo(int Number, string Text);
