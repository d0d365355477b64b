using Akka.Engine;

namespace Akka.Tests.Inside.Engine;

public sealed class ThreadsExecutorTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    [Fact]
    public void Work_of_many_is_done_once_each_even_when_threads_come_and_go()
    {
        // No patience at all: every pause between two pieces may end a thread.
        var executor = new ThreadsExecutor("hammer", 3, TimeSpan.Zero);
        const int Crew = 4;
        const int Rounds = 500;
        int[] done = new int[Crew * Rounds];
        using var all = new CountdownEvent(done.Length);
        using var gate = new Barrier(Crew);
        Thread[] crew =
        [
            .. Enumerable.Range(0, Crew).Select(number => new Thread(() =>
            {
                gate.SignalAndWait();
                for (int round = 0; round < Rounds; round++) executor.Execute(new Mark(done, number * Rounds + round, all));
            })),
        ];
        foreach (Thread worker in crew) worker.Start();
        foreach (Thread worker in crew) worker.Join();
        Assert.True(all.Wait(Bound));
        Assert.All(done, count => Assert.Equal(1, count));
    }

    [Fact]
    public void As_many_pieces_run_at_a_time_as_there_are_threads()
    {
        var executor = new ThreadsExecutor("pair", 2, Bound);
        using var both = new Barrier(2);
        using var done = new CountdownEvent(4);
        for (int piece = 0; piece < 4; piece++) executor.Execute(new Meet(both, done));
        Assert.True(done.Wait(Bound));
    }

    private sealed class Mark(int[] done, int index, CountdownEvent all) : IThreadPoolWorkItem
    {
        public void Execute()
        {
            Interlocked.Increment(ref done[index]);
            all.Signal();
        }
    }

    private sealed class Meet(Barrier both, CountdownEvent done) : IThreadPoolWorkItem
    {
        public void Execute()
        {
            if (both.SignalAndWait(Bound)) done.Signal();
        }
    }
}
