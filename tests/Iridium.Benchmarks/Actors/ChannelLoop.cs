using System.Threading.Channels;

namespace Iridium.Benchmarks.Actors;

/// <summary>The same work with channels and loops: what .NET gives without actors.</summary>
internal static class ChannelLoop
{
    private static readonly UnboundedChannelOptions OneReader = new() { SingleReader = true };

    public static void PingPong(int messages) => Pairs(1, messages);

    public static void Pairs(int pairs, int messages) =>
        Task.WaitAll([.. Enumerable.Range(0, pairs).SelectMany(_ => Game(messages / pairs))]);

    private static IEnumerable<Task> Game(int messages)
    {
        Channel<object> there = Open();
        Channel<object> back = Open();
        yield return Task.Run(async () =>
        {
            await foreach (object ball in there.Reader.ReadAllAsync()) back.Writer.TryWrite(ball);
        });
        yield return Task.Run(async () =>
        {
            there.Writer.TryWrite(Ball.Instance);
            for (int left = messages / 2; left > 0; left--)
            {
                object ball = await back.Reader.ReadAsync();
                if (left > 1) there.Writer.TryWrite(ball);
            }
            there.Writer.Complete();
        });
    }

    public static void ManyToOne(int senders, int each)
    {
        Channel<object> channel = Open();
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
        Task.WaitAll([.. sources, Drain(channel, senders * each)]);
    }

    /// <summary>Questions that carry the promise of their answer.</summary>
    public static void Ask(int askers, int count)
    {
        Channel<TaskCompletionSource<object>> questions = Channel.CreateUnbounded<TaskCompletionSource<object>>(OneReader);
        Task echo = Task.Run(async () =>
        {
            await foreach (TaskCompletionSource<object> question in questions.Reader.ReadAllAsync())
                question.SetResult(Ball.Instance);
        });
        Task.WaitAll([.. Enumerable.Range(0, askers).Select(_ => Task.Run(async () =>
        {
            for (int asked = 0; asked < count / askers; asked++)
            {
                var question = new TaskCompletionSource<object>(TaskCreationOptions.RunContinuationsAsynchronously);
                questions.Writer.TryWrite(question);
                await question.Task;
            }
        }))]);
        questions.Writer.Complete();
        echo.Wait();
    }

    public static void Publish(int subscribers, int events)
    {
        Channel<object>[] channels = [.. Enumerable.Range(0, subscribers).Select(_ => Open())];
        Task[] readers = [.. channels.Select(channel => Drain(channel, events))];
        for (int sent = 0; sent < events; sent++)
            foreach (Channel<object> channel in channels) channel.Writer.TryWrite(Ball.Instance);
        Task.WaitAll(readers);
    }

    private static Channel<object> Open() => Channel.CreateUnbounded<object>(OneReader);

    private static Task Drain(Channel<object> channel, int count) => Task.Run(async () =>
    {
        for (int left = count; left > 0; left--) await channel.Reader.ReadAsync();
    });
}
