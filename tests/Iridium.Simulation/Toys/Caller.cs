using System.Buffers;
using System.Buffers.Binary;
using Akka.Engine;

namespace Iridium.Simulation.Toys;

/// <summary>
/// A toy protocol that proves a byte stream: frames of random length, each with its number and a filling that follows
/// from it. Whoever receives checks every byte, the order, and that nothing comes after the farewell.
/// </summary>
internal sealed class Caller : IConnectionHandler
{
    private long _sent;

    public List<string> Complaints { get; } = [];

    public long Received { get; private set; }

    public int Openings { get; private set; }

    public CloseReason? Farewell { get; private set; }

    public IConnection? Connection { get; private set; }

    /// <summary>Called after each whole frame.</summary>
    public Action<Caller>? OnFrame { get; set; }

    public void Send(IConnection connection, int filling)
    {
        byte[] frame = new byte[12 + filling];
        BinaryPrimitives.WriteInt32LittleEndian(frame, 8 + filling);
        BinaryPrimitives.WriteInt64LittleEndian(frame.AsSpan(4), _sent);
        frame.AsSpan(12).Fill((byte)(_sent * 31));
        _sent++;
        connection.Write(frame);
    }

    public void OnOpened(IConnection connection)
    {
        Connection = connection;
        Openings++;
    }

    public SequencePosition OnReceived(IConnection connection, ReadOnlySequence<byte> bytes)
    {
        if (Farewell is not null) Complaints.Add("bytes after the farewell");
        if (Openings != 1) Complaints.Add("bytes before the opening");
        var reader = new SequenceReader<byte>(bytes);
        while (TryReadFrame(ref reader)) OnFrame?.Invoke(this);
        return reader.Position;
    }

    public void OnClosed(IConnection connection, CloseReason reason, string detail)
    {
        if (Farewell is not null) Complaints.Add("two farewells");
        Farewell = reason;
    }

    private bool TryReadFrame(ref SequenceReader<byte> reader)
    {
        SequenceReader<byte> probe = reader;
        if (!probe.TryReadLittleEndian(out int length)) return false;
        if (probe.Remaining < length) return false;
        probe.TryReadLittleEndian(out long number);
        if (number != Received) Complaints.Add($"frame {number} came as frame {Received}");
        for (int rest = length - 8; rest > 0; rest--)
        {
            probe.TryRead(out byte filling);
            if (filling != (byte)(number * 31)) Complaints.Add($"frame {number} is garbled");
        }
        Received = number + 1;
        reader = probe;
        return true;
    }
}
