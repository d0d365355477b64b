using System.Net.Sockets;

namespace Akka.Engine;

/// <summary>What the kernel knows of a connection; on Linux, where it says so (TCP_INFO).</summary>
/// <param name="BytesAcknowledged">Since the connection was made.</param>
/// <param name="RoundTrip">Of late, the queues on the way included.</param>
/// <param name="ShortestRoundTrip">Of the last five minutes.</param>
internal readonly record struct TcpFigures(long BytesAcknowledged, TimeSpan RoundTrip, TimeSpan ShortestRoundTrip)
{
    private const int TcpInfo = 11;

    // Places in struct tcp_info of linux/tcp.h; it is only ever appended to.
    private const int RoundTripAt = 68;
    private const int BytesAcknowledgedAt = 120;
    private const int ShortestRoundTripAt = 148;
    private const int Bytes = 152;

    /// <returns>False when this machine does not say, or the connection is no more.</returns>
    public static bool TryRead(Socket socket, out TcpFigures figures)
    {
        figures = default;
        if (!OperatingSystem.IsLinux()) return false;
        Span<byte> info = stackalloc byte[Bytes];
        try
        {
            if (socket.GetRawSocketOption((int)SocketOptionLevel.Tcp, TcpInfo, info) < Bytes) return false;
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            return false;
        }
        figures = new TcpFigures(
            (long)BitConverter.ToUInt64(info[BytesAcknowledgedAt..]),
            TimeSpan.FromMicroseconds(BitConverter.ToUInt32(info[RoundTripAt..])),
            TimeSpan.FromMicroseconds(BitConverter.ToUInt32(info[ShortestRoundTripAt..])));
        return true;
    }
}
