using System.Buffers.Binary;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Iridium.FaultLab.Nodes;

/// <summary>How a node introduces itself.</summary>
internal sealed record WireGreeting(string System, string Host, int Port, string Protocol, long Uid, uint Offers);

/// <summary>One thing that was said: a control with its number, or a message or acknowledgement, which is 0.</summary>
internal sealed record WireSaid(int Command, WireGreeting? Greeting, byte[] Nonce);

/// <summary>
/// A peer made of a stream, which says exactly what a row wants said. It writes and reads the protocol by hand: what it
/// shows is shown of bytes, and not of the engine's codec against itself.
/// </summary>
internal sealed class WirePeer(Stream stream, WireGreeting? self = null) : IDisposable
{
    public const int Message = 0;
    public const int AssociateCommand = 1;
    public const int ChallengeCommand = 100;
    public const int ProofCommand = 101;

    public const uint OffersSecret = 1;

    private const int NonceBytes = 32;

    /// <summary>Longer than an answer needs on a busy machine.</summary>
    private const int PatienceMilliseconds = 5000;

    /// <summary>What it asks the node to prove the secret with.</summary>
    public byte[] Nonce { get; } = RandomNumberGenerator.GetBytes(NonceBytes);

    public WireGreeting Self { get; } = self ?? Stranger("tcp");

    public static WireGreeting Stranger(string protocol) =>
        new("iridium", Hosts.Host.IpOf(Hosts.HostNetwork.Guest), 4711, protocol, 77, OffersSecret);

    /// <summary>A connection from the guest's host to the cluster's port of a node.</summary>
    public static WirePeer Dial(Lab lab, int node, WireGreeting? self = null)
    {
        Socket socket = lab.Hosts[Hosts.HostNetwork.Guest].Connect(lab.Hosts[node].Ip, LabNode.ClusterPort);
        socket.ReceiveTimeout = PatienceMilliseconds;
        return new WirePeer(new NetworkStream(socket, ownsSocket: true), self);
    }

    public void Send(params ReadOnlySpan<byte> bytes) => stream.Write(bytes);

    /// <summary>ASSOCIATE.</summary>
    public byte[] Greet() => Control([.. Number(1, AssociateCommand), .. Bytes(2, Introduction())]);

    /// <summary>The dialler's proof that it knows a secret, in answer to what the node said.</summary>
    public byte[] Prove(string secret, WireGreeting node, byte[] nonce) =>
        Proof(Nonce, HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Transcript(node, nonce)));

    public static byte[] Proof(byte[] nonce, byte[] mac) =>
        Control([.. Number(1, ProofCommand), .. Bytes(100, nonce), .. Bytes(101, mac)]);

    /// <summary>A message as any actor sends it.</summary>
    /// <param name="sequence">-1 for none; with one the node acknowledges it.</param>
    public static byte[] Letter(string recipient, int serializer, string manifest, byte[] body, long sequence = -1)
    {
        byte[] payload = [.. Bytes(1, body), .. Number(2, (uint)serializer), .. Text(3, manifest)];
        byte[] envelope = [.. Bytes(1, Text(1, recipient)), .. Bytes(2, payload), .. Fixed(5, sequence)];
        return Frame(Bytes(1, Bytes(2, envelope)));
    }

    /// <summary>Greets, and answers the challenge by what it takes for the secret.</summary>
    /// <param name="greet">Whether it has not greeted yet.</param>
    /// <returns>What was sent, and whether the node let it in.</returns>
    public (byte[] Greeting, byte[] Proof, bool IsIn) Introduce(string secret, bool greet = true)
    {
        byte[] greeting = Greet();
        if (greet) Send(greeting);
        (WireGreeting node, byte[] nonce) = ReadChallenge()
            ?? throw new InvalidOperationException("The node did not ask for a proof of the secret.");
        byte[] proof = Prove(secret, node, nonce);
        Send(proof);
        return (greeting, proof, Read()?.Command == ProofCommand);
    }

    /// <summary>What a node says to a greeting: who it is, and what to prove the secret with. Null: it does
    /// not.</summary>
    public (WireGreeting Node, byte[] Nonce)? ReadChallenge()
    {
        if (Read() is not { Greeting: { } node } || Read() is not { Command: ChallengeCommand } challenge) return null;
        return (node, challenge.Nonce);
    }

    /// <summary>The next thing said; null when the stream has ended, or nothing came for long.</summary>
    public WireSaid? Read()
    {
        byte[] header = new byte[4];
        try
        {
            if (stream.ReadAtLeast(header, 4, throwOnEndOfStream: false) < 4) return null;
            byte[] body = new byte[BinaryPrimitives.ReadInt32LittleEndian(header)];
            stream.ReadExactly(body);
            return Said(body);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Everything that is said to its end.</summary>
    public IEnumerable<WireSaid> ReadAll()
    {
        while (Read() is { } said) yield return said;
    }

    public void Dispose() => stream.Dispose();

    private static WireSaid Said(byte[] body)
    {
        if (!Fields(body).TryGetValue(2, out byte[]? control)) return new(Message, null, []);
        Dictionary<int, byte[]> fields = Fields(control);
        WireGreeting? greeting = fields.TryGetValue(2, out byte[]? handshake) ? Greeting(handshake) : null;
        return new((int)Integer(fields, 1), greeting, fields.GetValueOrDefault(100, []));
    }

    private static WireGreeting Greeting(byte[] handshake)
    {
        Dictionary<int, byte[]> fields = Fields(handshake), address = Fields(fields[1]);
        return new(Encoding.UTF8.GetString(address[1]), Encoding.UTF8.GetString(address[2]), (int)Integer(address, 3),
            Encoding.UTF8.GetString(address[4]), Integer(fields, 2), (uint)Integer(fields, 100));
    }

    private byte[] Introduction()
    {
        byte[] address =
            [.. Text(1, Self.System), .. Text(2, Self.Host), .. Number(3, (uint)Self.Port), .. Text(4, Self.Protocol)];
        byte[] offers = Self.Offers == 0 ? [] : Number(100, Self.Offers);
        return [.. Bytes(1, address), .. Fixed(2, Self.Uid), .. offers];
    }

    // Every part with its length before it: version, role of the dialler, both nonces, both greetings.
    private byte[] Transcript(WireGreeting node, byte[] nonce) =>
    [
        .. Part("iridium cluster secret 1"u8), .. Part(1), .. Part(Nonce), .. Part(nonce), .. Parts(Self),
        .. Parts(node),
    ];

    private static byte[] Parts(WireGreeting who) =>
    [
        .. Part(Encoding.UTF8.GetBytes(who.System)), .. Part(Encoding.UTF8.GetBytes(who.Host)),
        .. Part(Encoding.UTF8.GetBytes(who.Protocol)), .. Long(who.Port), .. Long(who.Uid), .. Long(who.Offers),
    ];

    private static byte[] Long(long value)
    {
        byte[] eight = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(eight, value);
        return Part(eight);
    }

    private static byte[] Part(params ReadOnlySpan<byte> bytes)
    {
        byte[] part = [0, 0, 0, 0, .. bytes];
        BinaryPrimitives.WriteInt32BigEndian(part, bytes.Length);
        return part;
    }

    private static byte[] Control(byte[] control) => Frame(Bytes(2, control));

    private static byte[] Frame(byte[] body)
    {
        byte[] frame = [0, 0, 0, 0, .. body];
        BinaryPrimitives.WriteInt32LittleEndian(frame, body.Length);
        return frame;
    }

    private static byte[] Text(int field, string text) => Bytes(field, Encoding.UTF8.GetBytes(text));

    private static byte[] Bytes(int field, byte[] bytes) =>
        [.. Varint((uint)field << 3 | 2), .. Varint((uint)bytes.Length), .. bytes];

    private static byte[] Number(int field, uint value) => [.. Varint((uint)field << 3), .. Varint(value)];

    private static byte[] Fixed(int field, long value)
    {
        byte[] eight = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(eight, value);
        return [.. Varint((uint)field << 3 | 1), .. eight];
    }

    private static byte[] Varint(uint value)
    {
        List<byte> bytes = [];
        for (; value >= 0x80; value >>= 7) bytes.Add((byte)(value | 0x80));
        return [.. bytes, (byte)value];
    }

    // Of a message, by number; a number that is not of a length is kept as its eight bytes.
    private static Dictionary<int, byte[]> Fields(ReadOnlySpan<byte> message)
    {
        Dictionary<int, byte[]> fields = [];
        while (!message.IsEmpty)
        {
            ulong tag = Varint(ref message);
            int length = (tag & 7) switch { 0 => -1, 1 => 8, 5 => 4, _ => (int)Varint(ref message) };
            if (length < 0)
            {
                fields[(int)(tag >> 3)] = BitConverter.GetBytes(Varint(ref message));
                continue;
            }
            fields[(int)(tag >> 3)] = message[..length].ToArray();
            message = message[length..];
        }
        return fields;
    }

    private static ulong Varint(ref ReadOnlySpan<byte> message)
    {
        ulong value = 0;
        int at = 0;
        do value |= (ulong)(message[at] & 0x7F) << (7 * at);
        while (message[at++] >= 0x80);
        message = message[at..];
        return value;
    }

    private static long Integer(Dictionary<int, byte[]> fields, int field) =>
        fields.TryGetValue(field, out byte[]? bytes) ? BinaryPrimitives.ReadInt64LittleEndian(bytes) : 0;
}
