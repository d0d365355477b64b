using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;

namespace Akka.Cluster.Tools.Singleton.Serialization;

/// <summary>The four messages of a hand-over, each a letter without a body.</summary>
public sealed class ClusterSingletonMessageSerializer(ExtendedActorSystem system)
    : SerializerWithStringManifest(system)
{
    /// <summary>The number that stands for this serializer on the wire.</summary>
    public const int WireId = 14;

    public override int Identifier => WireId;

    public override byte[] ToBinary(object obj) => [];

    public override object FromBinary(byte[] bytes, string manifest) => manifest switch
    {
        "A" => HandOverToMe.Instance,
        "B" => HandOverInProgress.Instance,
        "C" => HandOverDone.Instance,
        "D" => TakeOverFromMe.Instance,
        _ => throw new SerializationException($"Unknown manifest of a singleton message: '{manifest}'."),
    };

    public override string Manifest(object o) => o switch
    {
        HandOverToMe => "A",
        HandOverInProgress => "B",
        HandOverDone => "C",
        TakeOverFromMe => "D",
        _ => throw new ArgumentException($"{o.GetType()} is not a message between singleton managers.", nameof(o)),
    };
}
