using Akka.Remote.Transport.Tls;

namespace Akka.Remote.Tests.Inside;

/// <summary>The two lanes before the encryption, without any.</summary>
public sealed class TlsOutboundTests
{
    private readonly Below _below = new();
    private readonly TlsOutbound _lanes;

    public TlsOutboundTests() => _lanes = new TlsOutbound(_below) { IsTold = true };


    [Fact]
    public void One_batch_of_whole_frames_is_below_and_what_is_urgent_comes_next()
    {
        Add('a', 10);
        Add('b', 5_000);
        Add('c', 5_000);
        Add('d', 5_000);
        Add('e', 100_000);
        Add('f', 10);
        Assert.Equal(["a"], _below.Said);
        Assert.Equal(115_010, _lanes.Queued);
        _lanes.Drained();
        Add('U', 10, urgent: true);
        Add('V', 10, urgent: true);
        for (int rest = 0; rest < 9; rest++) _lanes.Drained();
        Assert.Equal(["a", "bcd", "hurry", "hurry", "hurry", "UV", "e", "f"], _below.Said);
        Assert.Equal(0, _lanes.Queued);
    }

    [Fact]
    public void A_slow_line_has_little_before_what_is_urgent()
    {
        _below.IsSlow = true;
        foreach (char name in "abcdefgh") Add(name, 1_000);
        _lanes.Drained();
        Add('U', 10, urgent: true);
        _lanes.Drained();
        Assert.Equal("a", _below.Said[0]);
        Assert.InRange(_below.Said[1].Length, 1, 3);
        Assert.Equal(["hurry", "hurry", "U"], _below.Said[2..]);
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
        Assert.Equal(["a", "b", "c", "finished"], _below.Said);
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
        Assert.Equal(["a"], _below.Said);
        Assert.Equal(0, _lanes.Queued);
    }

    [Fact]
    public void A_connection_that_does_not_tell_gets_below_at_once()
    {
        _lanes.IsTold = false;
        Add('a', 10);
        Add('b', 10);
        Assert.Equal(["a", "b"], _below.Said);
    }

    [Fact]
    public void Frames_of_many_writers_come_whole_once_and_in_each_writer_s_order()
    {
        const int writers = 4;
        int[] next = new int[writers];
        int disorders = 0;
        Below below = new();
        TlsOutbound lanes = new(below) { IsTold = true };
        below.Heard = bytes =>
        {
            for (; bytes.Length >= 5; bytes = bytes[5..])
            {
                if (next[bytes[0]]++ != BitConverter.ToInt32(bytes[1..])) disorders++;
            }
            disorders += bytes.Length;
            lanes.Drained();
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

    private sealed class Below : ITlsEncrypter
    {
        public delegate void Hearing(ReadOnlySpan<byte> bytes);

        public List<string> Said { get; } = [];

        public Hearing? Heard { get; set; }

        public bool IsSlow { get; set; }

        public void Encrypt(ReadOnlySpan<byte> bytes)
        {
            if (Heard is { } heard) heard(bytes);
            else Said.Add(Names(bytes));
        }

        public void Hurry()
        {
            if (Heard is null) Said.Add("hurry");
        }

        public void Failed() => Said.Add("failed");

        public void Finished() => Said.Add("finished");
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
