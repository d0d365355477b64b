using Akka.Actor;
using Akka.Serialization;

namespace Iridium.Actors.Protocol;

/// <summary>How the engine carries the letters of <see cref="WireManifest"/>; the HOCON binds it to
/// <see cref="IWireMessage"/>.</summary>
public sealed class IridiumSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    public override string Manifest(object o) => WireManifest.ManifestOf(o);

    public override byte[] ToBinary(object obj) => WireManifest.Encode(obj);

    /// <exception cref="WireRejectedException">The letter is not one of ours, or says what cannot be.</exception>
    public override object FromBinary(byte[] bytes, string manifest) => WireManifest.Decode(manifest, bytes);
}
