namespace Akka.Tests.Inside.Engine;

/// <summary>Threads that all begin at the same moment and do the same thing many times.</summary>
internal static class Hammer
{
    public static void Run(int threads, int rounds, Action<int, int> body)
    {
        using var gate = new Barrier(threads);
        Exception? failure = null;
        Thread[] crew = [.. Enumerable.Range(0, threads).Select(number => new Thread(() =>
        {
            gate.SignalAndWait();
            try
            {
                for (int round = 0; round < rounds; round++) body(number, round);
            }
            catch (Exception thrown)
            {
                failure = thrown;
            }
        }))];
        foreach (Thread worker in crew) worker.Start();
        foreach (Thread worker in crew) worker.Join();
        Assert.Null(failure);
    }
}
