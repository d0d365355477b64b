using System.Threading.Channels;

namespace Iridium.Benchmarks.Actors;

/// <summary>The same work with channels and loops: what .NET gives without actors.</summary>
internal static class ChannelLoop
{
    private static readonly UnboundedChannelOptions OneReader = new() { SingleReader = true };

    public static void PingPong(int messages)
    {
        Channel<object> there = Channel.CreateUnbounded<object>(OneReader);
        Channel<object> back = Channel.CreateUnbounded<object>(OneReader);
        Task pong = Task.Run(async () =>
        {
            await foreach (object ball in there.Reader.ReadAllAsync()) back.Writer.TryWrite(ball);
        });
        Task ping = Task.Run(async () =>
        {
            there.Writer.TryWrite(Ball.Instance);
            for (int left = messages / 2; left > 0; left--)
            {
                object ball = await back.Reader.ReadAsync();
                if (left > 1) there.Writer.TryWrite(ball);
            }
            there.Writer.Complete();
        });
        Task.WaitAll(ping, pong);
    }

    public static void ManyToOne(int senders, int each)
    {
        Channel<object> channel = Channel.CreateUnbounded<object>(OneReader);
        Task[] sources = new Task[senders];
        for (int index = 0; index < senders; index++)
        {
            sources[index] = Task.Run(async () =>
            {
                for (int sent = 0; sent < each; sent++)
                {
                    channel.Writer.TryWrite(Ball.Instance);
                    if (sent % 100 == 99) await Task.Yield();
                }
            });
        }
        Task sink = Task.Run(async () =>
        {
            for (int left = senders * each; left > 0; left--) await channel.Reader.ReadAsync();
        });
        Task.WaitAll([.. sources, sink]);
    }
}
