using System.Runtime.InteropServices;

namespace Akka.Actor;

/// <summary>
/// Runs the coordinated shutdown of every living system when the process ends: when it leaves by itself, and when it
/// is told to by SIGTERM, which the runtime no longer turns into an orderly exit.
/// </summary>
internal static class ShutdownHook
{
    private static readonly Lock Gate = new();
    private static readonly Lock Running = new();
    private static readonly List<CoordinatedShutdown> Living = [];
    private static PosixSignalRegistration? s_signal;

    public static void Register(CoordinatedShutdown shutdown)
    {
        lock (Gate)
        {
            Living.Add(shutdown);
            if (s_signal is null)
            {
                AppDomain.CurrentDomain.ProcessExit += (_, _) => RunAll();
                s_signal = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnTerminate);
            }
        }

        shutdown.System.RegisterOnTermination(() =>
        {
            lock (Gate) Living.Remove(shutdown);
        });
    }

    private static void OnTerminate(PosixSignalContext signal)
    {
        bool any;
        lock (Gate) any = Living.Count > 0;
        if (!any) return;
        signal.Cancel = true;
        RunAll();
        Environment.Exit(Environment.ExitCode);
    }

    /// <summary>Waits here, because the process is gone when this returns; no longer than the phases may
    /// take.</summary>
    private static void RunAll()
    {
        // The signal and the end of the process may come together: the second waits for the first, and finds nothing
        // to do.
        lock (Running) RunAllLocked();
    }

    private static void RunAllLocked()
    {
        CoordinatedShutdown[] all;
        lock (Gate)
        {
            all = [.. Living];
            Living.Clear();
        }

        var ends = new List<Task>();
        TimeSpan longest = TimeSpan.Zero;
        foreach (CoordinatedShutdown shutdown in all)
        {
            foreach (Func<Task<Done>> hook in shutdown.Hooks) ends.Add(Begin(hook));
            ends.Add(Begin(() => shutdown.Run(CoordinatedShutdown.ClrExitReason.Instance)));
            if (shutdown.TotalTimeout > longest) longest = shutdown.TotalTimeout;
        }

        try
        {
            Task.WaitAll([.. ends], longest);
        }
        catch (AggregateException)
        {
            // The phases have logged it, and nobody is left to act on it.
        }
    }

    private static Task Begin(Func<Task<Done>> work)
    {
        try
        {
            return work();
        }
        catch (Exception failure)
        {
            return Task.FromException(failure);
        }
    }
}
