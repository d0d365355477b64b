using System.Collections.Immutable;
using Akka.Remote.Delivery;
using Akka.Remote.Wire;
using FsCheck;
using FsCheck.Fluent;

namespace Akka.Remote.Tests.Inside;

public class ReliableDeliveryTests
{
    [Fact]
    public void Over_a_link_that_loses_doubles_and_reorders_everything_arrives_once_and_in_order()
    {
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            Random chance = new(seed);
            ReliableSend<int> sender = new(capacity: 1_000, window: 20);
            ReliableReceive<int> receiver = new(capacity: 1_000);
            List<int> delivered = [];
            List<(long Sequence, int Message)> wire = [];
            List<Ack> acks = [];
            for (int message = 0; message < 100; message++)
            {
                Assert.True(sender.TryAdd(message));
                wire.AddRange(sender.TakeUnsent());
                Pass(chance, sender, receiver, wire, acks, delivered);
            }
            for (int round = 0; sender.Pending > 0; round++)
            {
                Assert.True(round < 1_000, $"seed {seed}: {sender.Pending} still pending");
                wire.AddRange(sender.Unacknowledged());
                wire.AddRange(sender.TakeUnsent());
                Pass(chance, sender, receiver, wire, acks, delivered);
            }
            Assert.Equal(Enumerable.Range(0, 100), delivered);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Duplicates_are_acknowledged_and_not_delivered()
    {
        ReliableReceive<string> receiver = new(capacity: 10);
        Assert.Equal<string[]>(["a"], [.. receiver.Receive(0, "a")]);
        Assert.Empty(receiver.Receive(0, "a"));
        Assert.Equal(new Ack(0, []), receiver.Ack);
    }

    [Fact]
    public void Gaps_are_reported_and_closed()
    {
        ReliableReceive<string> receiver = new(capacity: 10);
        Assert.Equal(new Ack(-1, []), receiver.Ack);
        Assert.Empty(receiver.Receive(2, "c"));
        Assert.Equal(new Ack(2, [0, 1]), receiver.Ack);
        Assert.Equal<string[]>(["a"], [.. receiver.Receive(0, "a")]);
        Assert.Equal(new Ack(2, [1]), receiver.Ack);
        Assert.Equal<string[]>(["b", "c"], [.. receiver.Receive(1, "b")]);
        Assert.Equal(new Ack(2, []), receiver.Ack);
    }

    [Fact]
    public void A_list_of_what_is_missing_stays_shorter_than_a_frame()
    {
        const int most = ReliableReceive<int>.MostMissing;
        ReliableReceive<int> receive = new(20_000);
        receive.Receive(0, 0);
        receive.Receive(most + 1, 0);
        Assert.Equal((most + 1L, most), (receive.Ack.Cumulative, receive.Ack.Nacks.Length));
        receive.Receive(most + 3, 0);
        Assert.Equal(new Ack(0, []), receive.Ack);
        for (int sequence = 1; sequence <= most; sequence++) receive.Receive(sequence, 0);
        Assert.Equal(new Ack(most + 3, [most + 2]), receive.Ack);
    }

    [Fact]
    public void A_message_beyond_what_could_be_kept_counts_as_lost()
    {
        ReliableReceive<string> receiver = new(capacity: 10);
        Assert.Empty(receiver.Receive(10, "far"));
        Assert.Equal(new Ack(-1, []), receiver.Ack);
    }

    [Fact]
    public void The_buffer_is_bounded()
    {
        ReliableSend<string> sender = new(capacity: 2, window: 10);
        Assert.True(sender.TryAdd("a"));
        Assert.True(sender.TryAdd("b"));
        Assert.False(sender.TryAdd("c"));
    }

    [Fact]
    public void The_window_bounds_what_is_under_way()
    {
        ReliableSend<string> sender = new(capacity: 10, window: 2);
        foreach (string message in new[] { "a", "b", "c" }) sender.TryAdd(message);
        Assert.Equal<(long, string)[]>([(0, "a"), (1, "b")], [.. sender.TakeUnsent()]);
        Assert.True(sender.TryAcknowledge(new Ack(0, []), out _));
        Assert.Equal<(long, string)[]>([(2, "c")], [.. sender.TakeUnsent()]);
    }

    [Fact]
    public void Nothing_received_yet_is_no_acknowledgement_from_the_future()
    {
        ReliableSend<string> sender = new(capacity: 10, window: 10);
        sender.TryAdd("a");
        sender.TakeUnsent();
        Assert.True(sender.TryAcknowledge(new Ack(-1, []), out var resend));
        Assert.Empty(resend);
        Assert.Equal(1, sender.Pending);
    }

    [Fact]
    public void What_was_never_sent_cannot_be_acknowledged()
    {
        ReliableSend<string> sender = new(capacity: 10, window: 10);
        sender.TryAdd("a");
        Assert.False(sender.TryAcknowledge(new Ack(0, []), out _));
        sender.TakeUnsent();
        Assert.False(sender.TryAcknowledge(new Ack(1, []), out _));
        Assert.True(sender.TryAcknowledge(new Ack(0, []), out _));
    }

    [Fact]
    public void What_is_gone_cannot_be_missed()
    {
        ReliableSend<string> sender = new(capacity: 10, window: 10);
        foreach (string message in new[] { "a", "b", "c" }) sender.TryAdd(message);
        sender.TakeUnsent();
        Assert.True(sender.TryAcknowledge(new Ack(1, []), out _));
        Assert.False(sender.TryAcknowledge(new Ack(2, [0]), out _));
    }

    /// <param name="first">What the first acknowledgement of 5 misses, one digit a message; the next the same.</param>
    [Theory]
    [InlineData("23", "2", true, "2")]       // 3 has come.
    [InlineData("3", "", true, "")]
    [InlineData("3", "3", true, "3")]
    [InlineData("3", "23", true, "3")]       // The older one: 2 had not come yet.
    [InlineData("", "3", true, "")]
    [InlineData("2", "3", false, "2")]       // 3 had come, and comes no more.
    [InlineData("25", "35", false, "25")]
    [InlineData("", "6", false, "")]
    public void Of_two_acknowledgements_of_the_same_number_the_one_that_misses_more_is_the_older(
        string first, string second, bool fits, string kept)
    {
        ReliableSend<string> sender = new(capacity: 10, window: 10);
        for (int number = 0; number <= 6; number++) sender.TryAdd($"{number}");
        sender.TakeUnsent();
        Assert.True(sender.TryAcknowledge(new Ack(5, [.. first.Select(digit => digit - '0')]), out _));
        Assert.Equal(fits, sender.TryAcknowledge(new Ack(5, [.. second.Select(digit => digit - '0')]), out _));
        Assert.Equal(kept + "6", string.Concat(sender.Waiting));
    }

    [Fact]
    public void The_peer_may_know_of_more_than_was_sent_since_the_reconnect()
    {
        ReliableSend<string> sender = new(capacity: 10, window: 10);
        foreach (string message in new[] { "a", "b" }) sender.TryAdd(message);
        sender.TakeUnsent();
        sender.Rewind();
        Assert.True(sender.TryAcknowledge(new Ack(1, []), out _));
        Assert.Equal(0, sender.Pending);
        Assert.Empty(sender.TakeUnsent());
    }

    [Fact]
    public void Missed_messages_are_sent_again_at_once()
    {
        ReliableSend<string> sender = new(capacity: 10, window: 10);
        foreach (string message in new[] { "a", "b", "c" }) sender.TryAdd(message);
        sender.TakeUnsent();
        Assert.True(sender.TryAcknowledge(new Ack(2, [1]), out var resend));
        Assert.Equal<(long, string)[]>([(1, "b")], [.. resend]);
        Assert.Equal(1, sender.Pending);
    }

    private static void Pass(
        Random chance,
        ReliableSend<int> sender,
        ReliableReceive<int> receiver,
        List<(long Sequence, int Message)> wire,
        List<Ack> acks,
        List<int> delivered)
    {
        while (wire.Count > 0)
        {
            int index = chance.Next(wire.Count);
            (long sequence, int message) = wire[index];
            int fate = chance.Next(10);
            if (fate != 0) wire.RemoveAt(index);                       // 0: comes again later
            if (fate != 1) delivered.AddRange(receiver.Receive(sequence, message));   // 1: lost
            acks.Add(receiver.Ack);
            if (chance.Next(3) == 0) continue;
            // One of those under way comes, the newest or not; 0: comes again later.
            Ack next = acks[chance.Next(acks.Count)];
            if (chance.Next(10) != 0) acks.Remove(next);
            Assert.True(sender.TryAcknowledge(next, out ImmutableArray<(long, int)> resend), $"{next}");
            wire.AddRange(resend);
        }
    }
}
