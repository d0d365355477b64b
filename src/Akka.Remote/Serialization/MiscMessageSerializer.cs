using System.Text;
using Akka.Actor;
using Akka.Configuration;
using Akka.Remote.Serialization.Proto;
using Akka.Serialization;
using Google.Protobuf;

namespace Akka.Remote.Serialization;

/// <summary>Serializer 16: the small messages that every actor system understands.</summary>
public sealed class MiscMessageSerializer : SerializerWithStringManifest
{
    private const string IdentifyManifest = "ID";
    private const string ActorIdentityManifest = "AID";
    private const string ActorRefManifest = "AR";
    private const string PoisonPillManifest = "PP";
    private const string KillManifest = "K";
    private const string HeartbeatManifest = "RWHB";
    private const string HeartbeatResponseManifest = "RWHR";
    private const string SuccessManifest = "STS";
    private const string FailureManifest = "STF";
    private const string LocalScopeManifest = "LS";
    private const string RemoteScopeManifest = "RS";
    private const string ConfigManifest = "CF";

    // How the reference of no actor travels as a message.
    private const string NobodyPath = "nobody";

    private readonly ExtendedActorSystem _system;
    private readonly WrappedPayload _payload;
    private readonly ExceptionCodec _exceptions;

    public MiscMessageSerializer(ExtendedActorSystem system)
        : base(system)
    {
        _system = system;
        _payload = new WrappedPayload(system);
        _exceptions = new ExceptionCodec(system);
    }

    /// <inheritdoc />
    public override int Identifier => 16;

    /// <inheritdoc />
    public override string Manifest(object o) => o switch
    {
        Identify => IdentifyManifest,
        ActorIdentity => ActorIdentityManifest,
        IActorRef => ActorRefManifest,
        PoisonPill => PoisonPillManifest,
        Kill => KillManifest,
        RemoteWatcher.Heartbeat => HeartbeatManifest,
        RemoteWatcher.HeartbeatRsp => HeartbeatResponseManifest,
        Status.Success => SuccessManifest,
        Status.Failure => FailureManifest,
        LocalScope => LocalScopeManifest,
        RemoteScope => RemoteScopeManifest,
        Config => ConfigManifest,
        _ => throw new ArgumentException($"{nameof(MiscMessageSerializer)} does not write {o.GetType()}."),
    };

    /// <inheritdoc />
    public override byte[] ToBinary(object obj) => obj switch
    {
        Identify identify => Bytes(identify),
        ActorIdentity identity => Bytes(identity),
        IActorRef actorRef => new WireActorRef { Path = PathOf(actorRef) }.ToByteArray(),
        RemoteWatcher.HeartbeatRsp answer => new WireHeartbeatResponse { Uid = (ulong)answer.AddressUid }.ToByteArray(),
        Status.Success success => new WireStatusSuccess { Status = _payload.Wrap(success.Status) }.ToByteArray(),
        Status.Failure failure => new WireStatusFailure
        {
            Cause = _exceptions.Write(failure.Cause),
            State = _payload.Wrap(failure.State),
        }.ToByteArray(),
        RemoteScope scope => new WireRemoteScope { Node = Write(scope.Address) }.ToByteArray(),
        Config config => config.IsEmpty ? [] : Encoding.UTF8.GetBytes(config.ToString()),
        PoisonPill or Kill or RemoteWatcher.Heartbeat or LocalScope => [],
        _ => throw new ArgumentException($"{nameof(MiscMessageSerializer)} does not write {obj.GetType()}."),
    };

    /// <inheritdoc />
    public override object FromBinary(byte[] bytes, string manifest) => manifest switch
    {
        IdentifyManifest => new Identify(_payload.Unwrap(WireIdentify.Parser.ParseFrom(bytes).MessageId)!),
        ActorIdentityManifest => ReadIdentity(WireActorIdentity.Parser.ParseFrom(bytes)),
        ActorRefManifest => RefOf(WireActorRef.Parser.ParseFrom(bytes).Path),
        PoisonPillManifest => PoisonPill.Instance,
        KillManifest => Kill.Instance,
        HeartbeatManifest => RemoteWatcher.Heartbeat.Instance,
        HeartbeatResponseManifest => new RemoteWatcher.HeartbeatRsp(
            (int)WireHeartbeatResponse.Parser.ParseFrom(bytes).Uid),
        SuccessManifest => new Status.Success(_payload.Unwrap(WireStatusSuccess.Parser.ParseFrom(bytes).Status)),
        FailureManifest => ReadFailure(WireStatusFailure.Parser.ParseFrom(bytes)),
        LocalScopeManifest => LocalScope.Instance,
        RemoteScopeManifest => new RemoteScope(Read(WireRemoteScope.Parser.ParseFrom(bytes).Node)),
        ConfigManifest => bytes.Length == 0
            ? Config.Empty
            : ConfigurationFactory.ParseString(Encoding.UTF8.GetString(bytes)),
        _ => throw new ArgumentException($"{nameof(MiscMessageSerializer)} knows no manifest [{manifest}]."),
    };

    private byte[] Bytes(Identify identify)
    {
        WireIdentify wire = new();
        if (identify.MessageId is not null) wire.MessageId = _payload.Wrap(identify.MessageId);
        return wire.ToByteArray();
    }

    private byte[] Bytes(ActorIdentity identity)
    {
        WireActorIdentity wire = new() { CorrelationId = _payload.Wrap(identity.MessageId) };
        if (identity.Subject is { } subject) wire.Path = Akka.Serialization.Serialization.SerializedActorPath(subject);
        return wire.ToByteArray();
    }

    private ActorIdentity ReadIdentity(WireActorIdentity wire)
    {
        object? id = _payload.Unwrap(wire.CorrelationId);
        return new ActorIdentity(id!, wire.Path.Length == 0 ? null : _system.Provider.ResolveActorRef(wire.Path));
    }

    private Status.Failure ReadFailure(WireStatusFailure wire)
    {
        Exception cause = _exceptions.Read(wire.Cause)
            ?? new RemoteException("", "A failure came without its cause.", "", inner: null);
        return new Status.Failure(cause, _payload.Unwrap(wire.State));
    }

    private static string PathOf(IActorRef actorRef) =>
        actorRef is Nobody ? NobodyPath : Akka.Serialization.Serialization.SerializedActorPath(actorRef);

    private IActorRef RefOf(string path) =>
        path == NobodyPath ? ActorRefs.Nobody : _system.Provider.ResolveActorRef(path);

    private static WireAddress Write(Address address) => new()
    {
        System = address.System,
        Hostname = address.Host ?? "",
        Port = (uint)(address.Port ?? 0),
        Protocol = address.Protocol,
    };

    private static Address Read(WireAddress wire) => new(
        wire.Protocol, wire.System, wire.Hostname.Length == 0 ? null : wire.Hostname, wire.Port == 0 ? null
            : (int)wire.Port);
}
