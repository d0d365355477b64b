using Akka.Actor;
using Akka.Remote.Transport;
using Akka.Remote.Wire;
using Google.Protobuf;

namespace Akka.Remote.TestKit.Protocol;

/// <summary>Bytes of the test conductor's frames: 4 bytes of length, little-endian, and a protobuf body.</summary>
internal static class ConductorCodec
{
    /// <summary>Frames are a name or two and an address; Akka.NET's limit.</summary>
    public static readonly FrameFormat Format = new(BigEndian: false, MaximumBytes: 10_000);

    private const string DoneText = " ";

    public static byte[] Frame(ConductorMessage message)
    {
        ConductorFrame proto = ToProto(message);
        byte[] frame = new byte[FrameCodec.HeaderBytes + proto.CalculateSize()];
        FrameCodec.WriteLength(frame, frame.Length - FrameCodec.HeaderBytes, Format.BigEndian);
        proto.WriteTo(frame.AsSpan(FrameCodec.HeaderBytes));
        return frame;
    }

    /// <summary>Reads the body of a frame.</summary>
    /// <returns>Null when it is no message of the conductor.</returns>
    public static ConductorMessage? Read(byte[] body)
    {
        try
        {
            return FromProto(ConductorFrame.Parser.ParseFrom(body));
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    private static ConductorFrame ToProto(ConductorMessage message) => message switch
    {
        ConductorMessage.Hello hello => new ConductorFrame
        {
            Hello = new HelloProto { Name = hello.Role, Address = ToProto(hello.Address) },
        },
        ConductorMessage.Barrier barrier => new ConductorFrame
        {
            Barrier = new BarrierProto
            {
                Name = barrier.Name,
                Op = (int)barrier.Op,
                Timeout = barrier.Timeout?.Ticks ?? 0,
                RoleName = barrier.Role,
            },
        },
        ConductorMessage.Failure failure => new ConductorFrame
        {
            Failure = new FailureProto
            {
                Failure = (int)failure.Kind,
                Direction = (int)failure.Direction,
                Address = failure.Target is { } target ? ToProto(target) : null,
                RateMBit = failure.RateMBit,
                ExitValue = failure.ExitValue,
            },
        },
        ConductorMessage.Done => new ConductorFrame { Done = DoneText },
        ConductorMessage.AddressOf query => new ConductorFrame
        {
            Addr = new AddressRequestProto
            {
                Node = query.Role,
                Addr = query.Address is { } address ? ToProto(address) : null,
            },
        },
        _ => throw new ArgumentException($"{message} has no form on the wire."),
    };

    private static ConductorMessage? FromProto(ConductorFrame frame) => frame switch
    {
        { Hello: { Address: not null } hello } => new ConductorMessage.Hello(hello.Name, FromProto(hello.Address)),
        { Barrier: { } barrier } when Enum.IsDefined((BarrierOp)barrier.Op) => new ConductorMessage.Barrier(
            barrier.Name,
            (BarrierOp)barrier.Op,
            barrier.Timeout > 0 ? TimeSpan.FromTicks(barrier.Timeout) : null,
            barrier.RoleName),
        { Failure: { } failure } when Enum.IsDefined((FailureKind)failure.Failure)
            && Enum.IsDefined((ThrottleTransportAdapter.Direction)failure.Direction)
            && (failure.Address is not null || failure.Failure != (int)FailureKind.Throttle) => new ConductorMessage.Failure(
            (FailureKind)failure.Failure,
            (ThrottleTransportAdapter.Direction)failure.Direction,
            failure.Address is { } target ? FromProto(target) : null,
            failure.RateMBit,
            failure.ExitValue),
        { HasDone: true } => ConductorMessage.Done.Instance,
        { Addr: { } query } => new ConductorMessage.AddressOf(
            query.Node, query.Addr is { } address ? FromProto(address) : null),
        _ => null,
    };

    private static NodeAddressProto ToProto(Address address) => new()
    {
        System = address.System,
        Hostname = address.Host ?? "",
        Port = (uint)(address.Port ?? 0),
        Protocol = address.Protocol,
    };

    private static Address FromProto(NodeAddressProto address) =>
        new(address.Protocol, address.System, address.Hostname, (int)address.Port);
}
