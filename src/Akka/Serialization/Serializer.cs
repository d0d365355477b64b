using Akka.Actor;
using Akka.Util;

namespace Akka.Serialization;

/// <summary>
/// Turns messages into bytes and back. Every node of a cluster knows a serializer by its number, so the number may
/// never change. A serializer must be usable by several threads at once.
/// </summary>
public abstract class Serializer(ExtendedActorSystem system)
{
    /// <summary>The system that references in messages belong to.</summary>
    protected readonly ExtendedActorSystem system = system;

    private int? _identifier;

    /// <summary>The number of this serializer in the cluster. Numbers up to 40 belong to the engine. By default it is
    /// read from <c>akka.actor.serialization-identifiers</c>.</summary>
    /// <exception cref="Configuration.ConfigurationException">The type has no number there.</exception>
    public virtual int Identifier =>
        _identifier ??= SerializerIdentifierHelper.GetSerializerIdentifierFromConfig(GetType(), system);

    /// <summary>Whether <see cref="FromBinary(byte[], Type)"/> needs the type, which then travels with the
    /// bytes.</summary>
    public abstract bool IncludeManifest { get; }

    public abstract byte[] ToBinary(object obj);

    /// <summary>As <see cref="ToBinary"/>, with references written as seen by the node at this address.</summary>
    public byte[] ToBinaryWithAddress(Address address, object obj) =>
        Serialization.InScope(
            new Information(address, system), (this, obj), static work => work.Item1.ToBinary(work.obj));

    /// <param name="type">The type that was written; null if <see cref="IncludeManifest"/> is false.</param>
    public abstract object? FromBinary(byte[] bytes, Type? type);

    public T FromBinary<T>(byte[] bytes) => (T)FromBinary(bytes, typeof(T))!;
}

/// <summary>A serializer that names what it writes itself, by a short text that outlives the renaming of
/// types.</summary>
public abstract class SerializerWithStringManifest(ExtendedActorSystem system) : Serializer(system)
{
    public sealed override bool IncludeManifest => true;

    public sealed override object? FromBinary(byte[] bytes, Type? type) =>
        FromBinary(bytes, type is null ? "" : type.TypeQualifiedName());

    /// <param name="manifest">What <see cref="Manifest"/> said when the bytes were written, here or elsewhere.</param>
    public abstract object FromBinary(byte[] bytes, string manifest);

    /// <summary>The name under which an object of this kind travels.</summary>
    public abstract string Manifest(object o);
}

/// <summary>A serializer whose manifests are names of types, so that what is bound to it may be named by other
/// nodes. Serializers without manifests of their own are so anyway.</summary>
internal interface IMakesTypesOfManifests;

/// <summary>Numbers of serializers from the configuration.</summary>
public static class SerializerIdentifierHelper
{
    public const string SerializationIdentifiers = "akka.actor.serialization-identifiers";

    /// <exception cref="Configuration.ConfigurationException">The type has no number there.</exception>
    public static int GetSerializerIdentifierFromConfig(Type type, ExtendedActorSystem system)
    {
        Configuration.Config? identifiers = system.Settings.Config.GetConfig(SerializationIdentifiers);
        if (SerializerTable.IdentifierOf(type, identifiers) is int identifier) return identifier;
        throw new Configuration.ConfigurationException(
            $"The serializer {type.TypeQualifiedName()} has no number: override Identifier, or set " +
            $"{SerializationIdentifiers}.\"{type.TypeQualifiedName()}\".");
    }
}
