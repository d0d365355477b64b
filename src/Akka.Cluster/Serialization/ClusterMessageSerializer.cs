using Akka.Actor;
using Akka.Cluster.Membership;
using Akka.Serialization;

namespace Akka.Cluster.Serialization;

/// <summary>Binds <see cref="ClusterMessageCodec"/> to the engine's serialization.</summary>
public sealed class ClusterMessageSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>The number that stands for this serializer on the wire.</summary>
    public const int WireId = 5;

    public override int Identifier => WireId;

    public override byte[] ToBinary(object obj) => ClusterMessageCodec.ToBytes(Cast(obj));

    public override object FromBinary(byte[] bytes, string manifest) => ClusterMessageCodec.FromBytes(bytes, manifest);

    public override string Manifest(object o) => ClusterMessageCodec.Manifest(Cast(o));

    private static IClusterMessage Cast(object message) =>
        message as IClusterMessage ?? throw new ArgumentException($"{message.GetType()} is not a cluster message.");
}
