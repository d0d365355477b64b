using System.Collections.Concurrent;
using System.Diagnostics;

namespace Iridium.FaultLab.Hosts;

/// <summary>Carries packets between two interfaces, each way at its own pace. This program does it, for not every kernel
/// can delay packets.</summary>
internal sealed class SlowLine : IDisposable
{
    /// <summary>More than a packet of Ethernet and what may be before it.</summary>
    private const int MostBytes = 2048;

    private readonly Tap _one;
    private readonly Tap _other;

    /// <param name="pace">Made for each way; one that is full does not slow down the other.</param>
    public SlowLine(Tap one, Tap other, Func<LinePace> pace)
    {
        _one = one;
        _other = other;
        Carry(one, other, pace());
        Carry(other, one, pace());
    }

    private static TimeSpan Now => Stopwatch.GetElapsedTime(0);

    /// <summary>The interfaces have been deleted already: nothing else wakes up who reads there.</summary>
    public void Dispose()
    {
        _one.Dispose();
        _other.Dispose();
    }

    private static void Carry(Tap from, Tap to, LinePace pace)
    {
        BlockingCollection<(TimeSpan At, byte[] Packet)> under = [];
        UntilDeleted(() => Take(from, pace, under));
        UntilDeleted(() =>
        {
            foreach ((TimeSpan at, byte[] packet) in under.GetConsumingEnumerable()) Deliver(packet, at, to);
        });
    }

    private static void Take(Tap from, LinePace pace, BlockingCollection<(TimeSpan, byte[])> under)
    {
        try
        {
            byte[] packet = new byte[MostBytes];
            while (true)
            {
                int length = from.Read(packet);
                if (pace.Arrival(length, Now) is { } at) under.Add((at, packet[..length]));
            }
        }
        finally
        {
            under.CompleteAdding();
        }
    }

    private static void Deliver(byte[] packet, TimeSpan at, Tap to)
    {
        TimeSpan left = at - Now;
        if (left > TimeSpan.Zero) Thread.Sleep(left);
        to.Write(packet);
    }

    private static void UntilDeleted(Action work) => new Thread(() =>
    {
        try
        {
            work();
        }
        catch (Exception ended) when (ended is IOException or ObjectDisposedException)
        {
            // There is no line any more.
        }
    }) { IsBackground = true }.Start();
}
