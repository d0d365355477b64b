using Akka.Actor;
using Akka.Remote.Serialization.Proto;
using Akka.Serialization;

namespace Akka.Remote.Serialization;

/// <summary>Serializer 3: another node wants to create an actor here. This engine does not do that; the message is read
/// far enough to refuse it by name, and never written.</summary>
public sealed class DaemonMsgCreateSerializer(ExtendedActorSystem system) : Serializer(system)
{
    /// <inheritdoc />
    public override int Identifier => 3;

    /// <inheritdoc />
    public override bool IncludeManifest => false;

    /// <exception cref="NotSupportedException">Always.</exception>
    public override byte[] ToBinary(object obj) =>
        throw new NotSupportedException("Actors cannot be deployed on other nodes; create them there.");

    /// <inheritdoc />
    public override object FromBinary(byte[] bytes, Type? type)
    {
        WireDaemonMsgCreate wire = WireDaemonMsgCreate.Parser.ParseFrom(bytes);
        return new DaemonMsgCreate(wire.Props?.Clazz ?? "", wire.Path, wire.Supervisor?.Path ?? "");
    }
}
