using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Iridium.FaultLab.Nodes;

namespace Iridium.FaultLab.Rows;

/// <summary>Bytes from the guest's host that no peer would send, at the cluster's port of a live node.</summary>
internal static class Strangers
{
    private const int FrameLimit = 128_000;

    /// <summary>Of what comes before a node knows with whom it talks.</summary>
    private const int GreetingLimit = 4096;

    /// <summary>Row 15: connections that say garbage: random bytes, an HTTP request, TLS, frames with random bodies,
    /// and a true handshake with bytes changed.</summary>
    public static async Task Malformed(Trial trial)
    {
        Lab lab = await trial.FiveNodes();
        int connections = trial.Quick ? 2_000 : 10_000;
        trial.Say($"{connections} connections say garbage to node 1");
        var chance = new Random(15);
        TimeSpan start = lab.Journal.Now;
        double before = lab[1].ResidentMegabytes();
        for (int n = 0; n < connections; n++)
        {
            try
            {
                using Socket socket = lab.Hosts[6].Connect(lab.Hosts[1].Ip, LabNode.ClusterPort);
                socket.Send(Garbage(chance));
                // Half of them hang up, half wait a moment for an answer.
                if (chance.Next(2) == 0) continue;
                socket.ReceiveTimeout = 5;
                try
                {
                    socket.Receive(new byte[256]);
                }
                catch (SocketException)
                {
                    // Reset, or nothing said in time.
                }
            }
            catch (Exception refused) when (refused is IOException or SocketException)
            {
                // Refusing is its right.
            }
        }
        double each = (lab.Journal.Now - start).TotalMilliseconds / connections;
        trial.NobodyHarmed(lab, start, $"{connections} connections of garbage");
        trial.Findings.AtMost("time for each, made and served", 10, each, "ms");
        trial.Findings.AtMost("memory of the node, more", 100, lab[1].ResidentMegabytes() - before, "MB");
        trial.Findings.Within("all well after it", 1, await lab.AllWell(Trial.Seconds(10)));
    }

    /// <summary>Row 16: a header whose length is past the limit.</summary>
    public static async Task Oversized(Trial trial)
    {
        Lab lab = await trial.FiveNodes();
        TimeSpan start = lab.Journal.Now;
        trial.Say("frames of impossible lengths arrive at node 1");
        (string Name, byte[] Header)[] refused =
        [
            ("-1", Length(-1)), ("limit + 1", Length(FrameLimit + 1)),
            ("a greeting's limit", Length(GreetingLimit)), ("2^31 - 1", Length(int.MaxValue)),
            ("-2^31", Length(int.MinValue)), ("GET ", "GET "u8.ToArray()),
        ];
        TimeSpan? worst = TimeSpan.Zero;
        Times ofPeers = new();
        double before = lab[1].ResidentMegabytes();
        for (int round = trial.Quick ? 3 : 20; round > 0; round--)
        {
            foreach ((string name, byte[] header) in refused)
            {
                TimeSpan? closed = ClosedAfter(lab, header);
                if (closed is null) trial.Say($"a length of {name} was not refused");
                worst = closed is null || worst is null ? null : worst > closed ? worst : closed;
            }
            ofPeers.Add(ClosedToPeerAfter(lab, Length(FrameLimit + 1)));
        }
        trial.Findings.Within("refused on the header", 0.1, worst);
        trial.Findings.Within("limit + 1 from a peer that was let in, the same", 0.1, ofPeers);
        // Within the limit the node waits for the body; the handshake's time limit ends that, not the header.
        bool waits = ClosedAfter(lab, Length(GreetingLimit - 4)) is null;
        trial.Findings.Holds("a greeting's length within the limit", "waited for", waits, waits ? "waited for" : "closed");
        trial.Findings.AtMost("memory of the node, more", 20, lab[1].ResidentMegabytes() - before, "MB");
        trial.NobodyHarmed(lab, start, "impossible lengths");
    }

    private static TimeSpan? ClosedAfter(Lab lab, byte[] header)
    {
        using Socket socket = lab.Hosts[6].Connect(lab.Hosts[1].Ip, LabNode.ClusterPort);
        long start = Stopwatch.GetTimestamp();
        socket.Send(header);
        socket.ReceiveTimeout = 1000;
        try
        {
            while (socket.Receive(new byte[256]) > 0) continue;
            return Stopwatch.GetElapsedTime(start);
        }
        catch (SocketException reset) when (reset.SocketErrorCode == SocketError.ConnectionReset)
        {
            return Stopwatch.GetElapsedTime(start);
        }
        catch (SocketException)
        {
            return null;
        }
    }

    /// <summary>Before the greeting a smaller limit holds, so the frames' own is for who was let in.</summary>
    private static TimeSpan? ClosedToPeerAfter(Lab lab, byte[] header)
    {
        using WirePeer peer = WirePeer.Dial(lab, 1);
        if (!peer.Introduce(LabConfiguration.Secret).IsIn)
            throw new InvalidOperationException("Who knows the secret was not let in.");
        long start = Stopwatch.GetTimestamp();
        peer.Send(header);
        // Until the stream ends; a node that waits for the body says nothing for longer than is allowed.
        foreach (WireSaid _ in peer.ReadAll()) continue;
        return Stopwatch.GetElapsedTime(start);
    }

    private static byte[] Garbage(Random chance)
    {
        switch (chance.Next(5))
        {
            case 0:
                return Bytes(chance, chance.Next(1, 4096));
            case 1:
                return Encoding.ASCII.GetBytes($"GET /{chance.Next()} HTTP/1.1\r\nHost: iridium\r\n\r\n");
            case 2:
                return [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, .. Bytes(chance, 508)];
            case 3:
                int length = chance.Next(0, 2048);
                return [.. Length(length), .. Bytes(chance, length)];
            default:
                byte[] handshake = Handshake();
                for (int change = chance.Next(1, 6); change > 0; change--)
                    handshake[chance.Next(handshake.Length)] = (byte)chance.Next(256);
                return handshake;
        }
    }

    /// <summary>ASSOCIATE from a node at the guest's address, as Akka.NET writes it.</summary>
    private static byte[] Handshake()
    {
        byte[] address =
            [.. Field(1, "iridium"), .. Field(2, Hosts.Host.IpOf(6)), 0x18, 0xCE, 0x11, .. Field(4, "tcp")];
        byte[] info = [0x0A, (byte)address.Length, .. address, 0x11, 1, 2, 3, 4, 0, 0, 0, 0];
        byte[] instruction = [0x08, 0x01, 0x12, (byte)info.Length, .. info];
        byte[] message = [0x12, (byte)instruction.Length, .. instruction];
        return [.. Length(message.Length), .. message];
    }

    private static byte[] Field(int number, string text) =>
        [(byte)((number << 3) | 2), (byte)text.Length, .. Encoding.UTF8.GetBytes(text)];

    private static byte[] Length(int length)
    {
        byte[] header = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(header, length);
        return header;
    }

    private static byte[] Bytes(Random chance, int count)
    {
        byte[] bytes = new byte[count];
        chance.NextBytes(bytes);
        return bytes;
    }
}
