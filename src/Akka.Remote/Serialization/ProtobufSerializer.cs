using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Serialization;
using Akka.Util;
using Google.Protobuf;

namespace Akka.Remote.Serialization;

/// <summary>
/// Serializer 2: messages that are generated protobuf classes. The manifest is the class's name; only classes that
/// implement protobuf's IMessage, are loaded here and are bound or allowed are ever made for it.
/// </summary>
public sealed class ProtobufSerializer(ExtendedActorSystem system)
    : SerializerWithStringManifest(system), IMakesTypesOfManifests
{
    private readonly ConcurrentDictionary<string, MessageParser> _parsers = [];

    /// <inheritdoc />
    public override int Identifier => 2;

    /// <inheritdoc />
    public override string Manifest(object o) => o.GetType().TypeQualifiedName();

    /// <inheritdoc />
    public override byte[] ToBinary(object obj)
    {
        if (obj is not IMessage message)
        {
            throw new ArgumentException(
                $"{nameof(ProtobufSerializer)} writes protobuf messages only, not {obj.GetType()}.");
        }
        _parsers.TryAdd(Manifest(obj), message.Descriptor.Parser);
        return message.ToByteArray();
    }

    /// <inheritdoc />
    public override object FromBinary(byte[] bytes, string manifest)
    {
        if (_parsers.TryGetValue(manifest, out MessageParser? known)) return known.ParseFrom(bytes);
        Type type = system.Serialization.WireTypes.Resolve(manifest);
        if (!typeof(IMessage).IsAssignableFrom(type))
        {
            throw new ArgumentException($"[{manifest}] is no protobuf message, but came with serializer 2.");
        }
        MessageParser parser = ((IMessage)Activator.CreateInstance(type)!).Descriptor.Parser;
        _parsers.TryAdd(manifest, parser);
        return parser.ParseFrom(bytes);
    }
}
