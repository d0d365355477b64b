using System.Security.Cryptography;
using System.Text;

namespace Iridium.Simulation.Foreign;

/// <summary>Where a node lives.</summary>
internal sealed record Place(string System, string Host, int Port)
{
    public override string ToString() => $"akka.tcp://{System}@{Host}:{Port}";

    public ProtoMessage Write(string protocol = "akka.tcp") =>
        new ProtoMessage().With(1, System).With(2, Host).With(3, (ulong)Port).With(4, protocol);

    public static Place Read(ProtoMessage message) => new(message.Text(1), message.Text(2), message.Int(3));

    /// <summary>The place of a path such as <c>akka.tcp://iridium@127.0.0.1:2254/user/node#17</c>.</summary>
    public static Place OfPath(string path)
    {
        string[] parts = path["akka.tcp://".Length..].Split('/')[0].Split('@', ':');
        return new Place(parts[0], parts[1], int.Parse(parts[2]));
    }
}

/// <summary>A place and which life it is in.</summary>
internal sealed record Being(Place Place, int Uid)
{
    public ProtoMessage Write() => new ProtoMessage().With(1, Place.Write()).With(2, (ulong)Uid);

    public static Being Read(ProtoMessage message) => new(Place.Read(message.Message(1)), message.Int(2));

    /// <summary>What stands for it in vector clocks.</summary>
    public string ClockName => Convert.ToHexString(MD5.HashData(Encoding.UTF8.GetBytes($"{Place}-{Uid}")));
}

/// <summary>The frames of the protocol, each a whole frame body without its length.</summary>
internal static class Frames
{
    public const int Associate = 1;
    public const int Disassociate = 2;
    public const int Heartbeat = 3;
    public const int ShuttingDown = 4;
    public const int Quarantined = 5;

    /// <summary>The sequence number of an ordinary message.</summary>
    public const ulong Unsequenced = ulong.MaxValue;

    public static byte[] Control(int command, ProtoMessage? handshake = null)
    {
        ProtoMessage control = new ProtoMessage().With(1, (ulong)command);
        if (handshake is not null) control.With(2, handshake);
        return new ProtoMessage().With(2, control).ToBytes();
    }

    public static byte[] Handshake(Being self) => Control(Associate,
        new ProtoMessage().With(1, self.Place.Write("tcp")).WithFixed(2, (ulong)self.Uid));

    public static byte[] Envelope(string recipient, ProtoMessage payload, string? sender, ulong sequence = Unsequenced)
    {
        ProtoMessage envelope = new ProtoMessage().With(1, new ProtoMessage().With(1, recipient)).With(2, payload);
        if (sender is not null) envelope.With(4, new ProtoMessage().With(1, sender));
        envelope.WithFixed(5, sequence);
        return new ProtoMessage().With(1, new ProtoMessage().With(2, envelope)).ToBytes();
    }

    public static byte[] Ack(ulong cumulative) =>
        new ProtoMessage().With(1, new ProtoMessage().With(1, new ProtoMessage().WithFixed(1, cumulative))).ToBytes();

    public static ProtoMessage Payload(int serializer, string manifest, byte[] body) =>
        new ProtoMessage().With(1, body).With(2, (ulong)(long)serializer).With(3, manifest);

    public static ProtoMessage Payload(int serializer, string manifest, ProtoMessage body) =>
        Payload(serializer, manifest, body.ToBytes());

    /// <summary>A message to whoever lives at the end of these names; it is sent to the root of the node.</summary>
    public static ProtoMessage Selection(ProtoMessage payload, params string[] names)
    {
        ProtoMessage selection = new ProtoMessage().With(1, payload);
        foreach (string name in names) selection.With(2, new ProtoMessage().With(1, 2UL).With(2, name));
        return Payload(6, "", selection);
    }
}
