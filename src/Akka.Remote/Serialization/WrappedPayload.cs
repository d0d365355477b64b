using Akka.Actor;
using Akka.Remote.Serialization.Proto;
using Akka.Serialization;
using Google.Protobuf;

namespace Akka.Remote.Serialization;

/// <summary>Messages inside of messages: each with the serializer that its own type has.</summary>
internal sealed class WrappedPayload(ExtendedActorSystem system)
{
    /// <summary>Null becomes an empty payload, of serializer 0.</summary>
    public WirePayload Wrap(object? message)
    {
        if (message is null) return new WirePayload();
        Serializer serializer = system.Serialization.FindSerializerFor(message);
        WirePayload payload = new()
        {
            Message = UnsafeByteOperations.UnsafeWrap(serializer.ToBinary(message)),
            SerializerId = serializer.Identifier,
        };
        string manifest = Akka.Serialization.Serialization.ManifestFor(serializer, message);
        if (manifest.Length > 0) payload.Manifest = ByteString.CopyFromUtf8(manifest);
        return payload;
    }

    public object? Unwrap(WirePayload? payload)
    {
        if (payload is null || payload.SerializerId == 0) return null;
        return system.Serialization.Deserialize(
            payload.Message.ToByteArray(), payload.SerializerId, payload.Manifest.ToStringUtf8());
    }

    public WireActorRef Wrap(IActorRef? actorRef) => new()
    {
        Path = actorRef is null ? "" : Akka.Serialization.Serialization.SerializedActorPath(actorRef),
    };

    /// <summary>Nobody for an empty path.</summary>
    public IInternalActorRef Unwrap(WireActorRef? actorRef) => string.IsNullOrEmpty(actorRef?.Path)
        ? ActorRefs.Nobody
        : (IInternalActorRef)system.Provider.ResolveActorRef(actorRef.Path);
}
