using Akka.Actor;
using Akka.Dispatch.SysMsg;
using Akka.Remote.Serialization.Proto;
using Akka.Serialization;
using Google.Protobuf;

namespace Akka.Remote.Serialization;

/// <summary>Serializer 22: how actors of different nodes look after one another.</summary>
public sealed class SystemMessageSerializer : SerializerWithStringManifest
{
    private const string Prefix = "Akka.Dispatch.SysMsg.";
    private const string Suffix = ", Akka";

    private readonly WrappedPayload _payload;
    private readonly ExceptionCodec _exceptions;

    public SystemMessageSerializer(ExtendedActorSystem system)
        : base(system) => (_payload, _exceptions) = (new WrappedPayload(system), new ExceptionCodec(system));

    /// <inheritdoc />
    public override int Identifier => 22;

    /// <inheritdoc />
    public override string Manifest(object o) => o switch
    {
        Watch => Name("Watch"),
        Unwatch => Name("Unwatch"),
        DeathWatchNotification => Name("DeathWatchNotification"),
        Supervise => Name("Supervise"),
        Failed => Name("Failed"),
        Recreate => Name("Recreate"),
        Resume => Name("Resume"),
        Suspend => Name("Suspend"),
        Terminate => Name("Terminate"),
        Create => Name("Create"),
        _ => throw Unknown(o.GetType().ToString()),
    };

    /// <inheritdoc />
    public override byte[] ToBinary(object obj) => obj switch
    {
        Watch watch => DeathWatch(watch.Watchee, watch.Watcher),
        Unwatch unwatch => DeathWatch(unwatch.Watchee, unwatch.Watcher),
        DeathWatchNotification death => new WireDeathWatchNotification
        {
            Actor = _payload.Wrap(death.Actor),
            ExistenceConfirmed = death.ExistenceConfirmed,
            AddressTerminated = death.AddressTerminated,
        }.ToByteArray(),
        Supervise supervise => new WireSupervise { Child = _payload.Wrap(supervise.Child), Async = supervise.Async }
            .ToByteArray(),
        Failed failed => new WireFailed
        {
            Child = _payload.Wrap(failed.Child),
            Cause = _exceptions.Write(failed.Cause),
            Uid = (ulong)failed.Uid,
        }.ToByteArray(),
        Recreate recreate => Cause(recreate.Cause),
        Resume resume => Cause(resume.CausedByFailure),
        Create create => Cause(create.Failure),
        Suspend or Terminate => [],
        _ => throw Unknown(obj.GetType().ToString()),
    };

    /// <inheritdoc />
    public override object FromBinary(byte[] bytes, string manifest)
    {
        bool named = manifest.StartsWith(Prefix, StringComparison.Ordinal)
            && manifest.EndsWith(Suffix, StringComparison.Ordinal);
        string name = named ? manifest[Prefix.Length..^Suffix.Length] : "";
        return name switch
        {
            "Watch" => ReadDeathWatch(bytes, (watchee, watcher) => new Watch(watchee, watcher)),
            "Unwatch" => ReadDeathWatch(bytes, (watchee, watcher) => new Unwatch(watchee, watcher)),
            "DeathWatchNotification" => ReadDeath(WireDeathWatchNotification.Parser.ParseFrom(bytes)),
            "Supervise" => ReadSupervise(WireSupervise.Parser.ParseFrom(bytes)),
            "Failed" => ReadFailed(WireFailed.Parser.ParseFrom(bytes)),
            "Recreate" =>
                new Recreate(ReadCause(bytes) ?? new RemoteException("", "no cause was given", "", inner: null)),
            "Resume" => new Resume(ReadCause(bytes)),
            "Create" => new Create(null),
            "Suspend" => new Suspend(),
            "Terminate" => new Terminate(),
            _ => throw Unknown($"manifest [{manifest}]"),
        };
    }

    private byte[] DeathWatch(IActorRef watchee, IActorRef watcher) => new WireDeathWatch
    {
        Watchee = _payload.Wrap(watchee),
        Watcher = _payload.Wrap(watcher),
    }.ToByteArray();

    private ISystemMessage ReadDeathWatch(
        byte[] bytes, Func<IInternalActorRef, IInternalActorRef, ISystemMessage> make)
    {
        WireDeathWatch wire = WireDeathWatch.Parser.ParseFrom(bytes);
        return make(_payload.Unwrap(wire.Watchee), _payload.Unwrap(wire.Watcher));
    }

    private DeathWatchNotification ReadDeath(WireDeathWatchNotification wire) =>
        new(_payload.Unwrap(wire.Actor), wire.ExistenceConfirmed, wire.AddressTerminated);

    private Supervise ReadSupervise(WireSupervise wire) => new(_payload.Unwrap(wire.Child), wire.Async);

    private Failed ReadFailed(WireFailed wire)
    {
        Exception cause = _exceptions.Read(wire.Cause)
            ?? new RemoteException("", "no cause was given", "", inner: null);
        return new Failed(_payload.Unwrap(wire.Child), cause, (long)wire.Uid);
    }

    private byte[] Cause(Exception? cause) =>
        new WireCause { Cause = _exceptions.Write(cause) }.ToByteArray();

    private Exception? ReadCause(byte[] bytes) =>
        _exceptions.Read(WireCause.Parser.ParseFrom(bytes).Cause);

    private static string Name(string message) => Prefix + message + Suffix;

    private static ArgumentException Unknown(string what) =>
        new($"{nameof(SystemMessageSerializer)} does not know {what}.");
}
