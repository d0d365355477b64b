using System.Net.Sockets;
using Akka.Engine;

namespace Akka.Tests.Inside.Engine;

/// <summary>What is urgent, and a line that is slow.</summary>
public sealed class SendPaceTests
{
    private const int LetterBytes = 1000;
    private const int Letters = 60;
    private const byte Urgent = 255;

    [Theory]
    [InlineData(false, 100, false)]
    [InlineData(false, 101, true)]
    [InlineData(true, 3, true)]
    [InlineData(true, 2, true)]
    public void A_line_is_judged_by_how_long_it_takes_for_what_it_has(bool wasSlow, int milliseconds, bool isSlow)
    {
        SendPace pace = new SendPace(wasSlow).After(TimeSpan.FromMilliseconds(milliseconds));

        Assert.Equal(isSlow, pace.IsSlow);
        Assert.Equal(isSlow, pace.MostBytes == SendPace.SlowMostBytes);
    }

    [Theory]
    [InlineData(100, false)]
    [InlineData(101, true)]
    public void A_line_that_is_far_away_counts_as_slow_before_anything_is_sent(int milliseconds, bool isSlow) =>
        Assert.Equal(isSlow, SendPace.Fast.Before(TimeSpan.FromMilliseconds(milliseconds)).IsSlow);

    [Fact]
    public void A_line_gets_little_first_and_more_each_time_that_it_has_room_at_once()
    {
        SendPace pace = default;
        var unsent = new List<int>();
        for (int time = 0; time < 6; time++)
        {
            unsent.Add(pace.UnsentBytes / 1024);
            pace = pace.After(TimeSpan.FromMilliseconds(5));
        }

        Assert.Equal([8, 16, 32, 64, 128, 128], unsent);
        Assert.Equal(SendPace.Fast, pace);
        Assert.Equal(pace, pace.After(TimeSpan.FromMilliseconds(6)));
        Assert.Equal(1, pace.After(TimeSpan.FromMilliseconds(101)).UnsentBytes);
    }

    /// <summary>A place to cut in is remembered every 1 KB, that is after two of these. A call that has begun is made again
    /// first.</summary>
    [Theory]
    [InlineData(false, 0, 0)]
    [InlineData(false, 1, 2)]
    [InlineData(false, 1999, 2)]
    [InlineData(false, 2000, 2)]
    [InlineData(false, 2001, 4)]
    [InlineData(false, 59_999, 60)]
    [InlineData(true, 0, 2)]
    [InlineData(true, 2000, 4)]
    public void What_is_urgent_goes_between_two_letters_of_what_is_being_sent(
        bool hasBegun, int sentBefore, int lettersBefore)
    {
        using Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        using var line = new Line(hasBegun);
        OutboundBytes outbound = new(new AtOnce(), socket, line);
        // The first is on its way, and the others gather behind it in one chunk.
        outbound.Add([0], urgent: false);
        for (byte letter = 1; letter <= Letters; letter++) outbound.Add(Letter(letter), urgent: false);
        line.Takes = 1 + sentBefore;
        outbound.Send();

        outbound.Add(Letter(Urgent), urgent: true);
        line.Takes = int.MaxValue;
        outbound.Send();

        byte[] came = [.. line.Sent.Skip(1)];
        Assert.Equal((Letters + 1) * LetterBytes, came.Length);
        byte[] order = [.. came.Chunk(LetterBytes).Select(letter => Assert.Single(letter.Distinct()))];
        Assert.Equal(lettersBefore, Array.IndexOf(order, Urgent));
        Assert.Equal(Enumerable.Range(1, Letters), order.Where(letter => letter != Urgent).Select(letter => (int)letter));
        Assert.Equal(0, outbound.Queued);
    }

    /// <summary>From the moment it is queued until all of it is handed over.</summary>
    [Fact]
    public void A_line_is_told_to_let_what_is_urgent_go_past_what_waits_for_it()
    {
        using Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        using var line = new Line();
        OutboundBytes outbound = new(new AtOnce(), socket, line);
        // It waits with the first, and has begun nothing.
        outbound.Add(Letter(1), urgent: false);
        outbound.Add(Letter(2), urgent: false);
        Assert.Equal([], line.Hurries);

        outbound.Add(Letter(Urgent), urgent: true);
        outbound.Add(Letter(Urgent), urgent: true);
        Assert.Equal([(0, true)], line.Hurries);

        line.Takes = int.MaxValue;
        outbound.Send();
        Assert.Equal([(0, true), (2 * LetterBytes, false)], line.Hurries);
        Assert.Equal(4 * LetterBytes, line.Sent.Count);
    }

    private static byte[] Letter(byte number)
    {
        byte[] letter = new byte[LetterBytes];
        Array.Fill(letter, number);
        return letter;
    }

    /// <summary>Takes so many bytes, few in each call, and no more until more are allowed.</summary>
    private sealed class Line(bool hasBegun = false) : SocketChannel
    {
        private const int MostInACall = 500;

        public List<byte> Sent { get; } = [];

        public int Takes { get; set; }

        /// <summary>With how much had been sent then.</summary>
        public List<(int Sent, bool HasUrgent)> Hurries { get; } = [];

        public override bool HasBegunWhatWaits => hasBegun;

        public override void Hurry(bool hasUrgent) => Hurries.Add((Sent.Count, hasUrgent));

        public override bool IsForAnotherThread => false;

        public override SocketError Receive(byte[] buffer, int offset, int count, out int received) =>
            throw new NotSupportedException();

        public override SocketError Send(byte[] buffer, int offset, int count, out int sent)
        {
            sent = Math.Min(Math.Min(count, Takes), MostInACall);
            Takes -= sent;
            Sent.AddRange(buffer.AsSpan(offset, sent));
            return sent == 0 ? SocketError.WouldBlock : SocketError.Success;
        }

        public override void Dispose()
        {
        }
    }

    private sealed class AtOnce : IExecutor
    {
        public void Execute(IThreadPoolWorkItem work, bool preferLocal = false) => work.Execute();
    }
}
