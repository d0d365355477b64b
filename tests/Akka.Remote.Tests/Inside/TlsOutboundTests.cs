using Akka.Remote.Transport.Tls;

namespace Akka.Remote.Tests.Inside;

/// <summary>The two lanes before the encryption, without any.</summary>
public sealed class TlsOutboundTests
{
    private readonly List<string> _below = [];
    private readonly TlsOutbound _lanes;

    public TlsOutboundTests()
    {
        _lanes = new TlsOutbound(
            bytes => _below.Add(Names(bytes)), () => _below.Add("failed"), () => _below.Add("finished"))
        {
            IsTold = true,
        };
    }

    [Fact]
    public void One_batch_of_whole_frames_is_below_and_what_is_urgent_comes_next()
    {
        Add('a', 10);
        Add('b', 5_000);
        Add('c', 5_000);
        Add('d', 5_000);
        Add('e', 100_000);
        Add('f', 10);
        Assert.Equal(["a"], _below);
        Assert.Equal(115_010, _lanes.Queued);
        _lanes.Drained();
        Add('U', 10, urgent: true);
        Add('V', 10, urgent: true);
        for (int rest = 0; rest < 9; rest++) _lanes.Drained();
        Assert.Equal(["a", "bcd", "UV", "e", "f"], _below);
        Assert.Equal(0, _lanes.Queued);
    }

    [Fact]
    public void All_that_was_said_is_below_before_the_end_and_nothing_after_it()
    {
        Add('a', 20_000);
        Add('b', 20_000);
        Add('c', 20_000);
        _lanes.Finish();
        Add('d', 10);
        _lanes.Drained();
        _lanes.Finish();
        Assert.Equal(["a", "b", "c", "finished"], _below);
    }

    [Fact]
    public void What_waits_when_the_connection_ends_is_forgotten()
    {
        Add('a', 10);
        Add('b', 10);
        _lanes.Release();
        Add('c', 10);
        _lanes.Drained();
        _lanes.Finish();
        Assert.Equal(["a"], _below);
        Assert.Equal(0, _lanes.Queued);
    }

    [Fact]
    public void A_connection_that_does_not_tell_gets_all_at_once()
    {
        _lanes.IsTold = false;
        Add('a', 10);
        Add('b', 10);
        Assert.Equal(["a", "b"], _below);
    }

    [Fact]
    public void Frames_of_many_writers_come_whole_once_and_in_each_writer_s_order()
    {
        const int writers = 4;
        int[] next = new int[writers];
        int disorders = 0;
        TlsOutbound lanes = null!;
        lanes = new TlsOutbound(
            bytes =>
            {
                for (; bytes.Length >= 5; bytes = bytes[5..])
                {
                    if (next[bytes[0]]++ != BitConverter.ToInt32(bytes[1..])) disorders++;
                }
                disorders += bytes.Length;
                lanes.Drained();
            },
            () => { }, () => { })
        {
            IsTold = true,
        };
        Parallel.For(0, writers, writer =>
        {
            byte[] frame = [(byte)writer, 0, 0, 0, 0];
            for (int number = 0; number < 20_000; number++)
            {
                BitConverter.TryWriteBytes(frame.AsSpan(1), number);
                lanes.Add(frame, urgent: writer % 2 == 0);
            }
        });
        lanes.Finish();
        Assert.Equal(0, disorders);
        Assert.All(next, count => Assert.Equal(20_000, count));
        Assert.Equal(0, lanes.Queued);
    }

    private void Add(char name, int bytes, bool urgent = false)
    {
        byte[] frame = new byte[bytes];
        frame.AsSpan().Fill((byte)name);
        _lanes.Add(frame, urgent);
    }

    // Each frame is one letter again and again.
    private static string Names(ReadOnlySpan<byte> bytes)
    {
        string names = "";
        foreach (byte each in bytes)
        {
            if (names.Length == 0 || names[^1] != each) names += (char)each;
        }
        return names;
    }
}
