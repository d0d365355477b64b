using System.Buffers;
using System.Buffers.Binary;
using Akka.Engine;

namespace Akka.Tests.Inside.Engine;

/// <summary>Home five: one socket under many writers, on 127.0.0.1.</summary>
public sealed class OutboundBytesTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>A frame is the number of its writer and its own number; what is urgent may overtake, but not its own
    /// kind.</summary>
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void Frames_of_many_writers_arrive_whole_once_and_in_each_writer_s_order(bool urgentToo, bool anyMachine)
    {
        const int writers = 4;
        const int each = 10_000;
        SocketNetwork network = new(new ThreadPoolExecutor(), anyMachine ? new AsyncDriver() : SocketDriver.OfThisMachine);
        Reader reader = new(writers);
        using IListener listener = network.Listen("127.0.0.1", 0, _ => reader);
        Dialler dialler = new();
        network.Connect("127.0.0.1", listener.Port, dialler);
        Assert.True(dialler.Opened.Wait(Patience));
        IConnection connection = dialler.Connection!;
        Hammer.Run(writers, each, (writer, round) =>
        {
            Span<byte> frame = stackalloc byte[8];
            BinaryPrimitives.WriteInt32LittleEndian(frame, writer);
            BinaryPrimitives.WriteInt32LittleEndian(frame[4..], round);
            if (urgentToo && writer % 2 == 0) connection.WriteUrgent(frame);
            else connection.Write(frame);
        });
        connection.Close();
        Assert.True(reader.Ended.Wait(Patience));
        Assert.Equal(0, reader.Disorders);
        Assert.All(reader.Next, count => Assert.Equal(each, count));
        Assert.Equal(0, connection.QueuedBytes);
    }

    private sealed class Dialler : IConnectionHandler
    {
        public ManualResetEventSlim Opened { get; } = new();

        public IConnection? Connection { get; private set; }

        public void OnOpened(IConnection connection)
        {
            Connection = connection;
            Opened.Set();
        }

        public SequencePosition OnReceived(IConnection connection, ReadOnlySequence<byte> bytes) => bytes.End;

        public void OnClosed(IConnection connection, CloseReason reason, string detail) => Opened.Set();
    }

    private sealed class Reader(int writers) : IConnectionHandler
    {
        public int[] Next { get; } = new int[writers];

        public int Disorders { get; private set; }

        public ManualResetEventSlim Ended { get; } = new();

        public void OnOpened(IConnection connection)
        {
        }

        public SequencePosition OnReceived(IConnection connection, ReadOnlySequence<byte> bytes)
        {
            SequenceReader<byte> reader = new(bytes);
            while (reader.Remaining >= 8)
            {
                reader.TryReadLittleEndian(out int writer);
                reader.TryReadLittleEndian(out int number);
                if ((uint)writer >= (uint)Next.Length || Next[writer]++ != number) Disorders++;
            }
            return reader.Position;
        }

        public void OnClosed(IConnection connection, CloseReason reason, string detail) => Ended.Set();
    }
}
