using System.Net.Sockets;
using Akka.Engine;

namespace Akka.Tests.Inside.Engine;

/// <summary>What the kernel is told to hold.</summary>
public sealed class SendRoomTests : IDisposable
{
    private static readonly LineShare _share = new(100_000, 300_000);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly SendRoom _room;

    public SendRoomTests() => _room = new SendRoom(_socket);

    public void Dispose() => _socket.Dispose();

    [Fact]
    public void What_is_urgent_has_as_much_room_again()
    {
        _room.Limit(_share);
        int usual = _socket.SendBufferSize;

        _room.Hurry(hasUrgent: true);
        Assert.Equal(2 * usual, _socket.SendBufferSize);
        _room.Limit(_share with { Bytes = _share.Bytes / 2 });
        Assert.Equal(usual, _socket.SendBufferSize);

        _room.Hurry(hasUrgent: false);
        Assert.Equal(usual / 2, _socket.SendBufferSize);
    }

    [Fact]
    public void A_fast_line_is_left_alone()
    {
        int before = _socket.SendBufferSize;
        _room.Hurry(hasUrgent: true);
        Assert.Equal(before, _socket.SendBufferSize);
    }

    [Fact]
    public void A_line_that_was_slow_has_all_the_room_there_is()
    {
        _room.Limit(_share);
        int slow = _socket.SendBufferSize;
        _room.Limit(LineShare.Whole);
        int whole = _socket.SendBufferSize;
        Assert.True(whole > 4 * slow);

        _room.Hurry(hasUrgent: true);
        Assert.Equal(whole, _socket.SendBufferSize);
    }

    [Fact]
    public void Whoever_says_so_last_is_obeyed()
    {
        _room.Limit(_share);
        int usual = _socket.SendBufferSize;
        for (int round = 0; round < 100; round++)
        {
            bool hasUrgent = round % 2 == 0;
            Hammer.Run(2, 10, (thread, _) =>
            {
                if (thread == 0) _room.Limit(_share);
                else _room.Hurry(hasUrgent);
            });
            Assert.Equal(hasUrgent ? 2 * usual : usual, _socket.SendBufferSize);
        }
    }
}
