using System.Runtime.InteropServices;
using Akka.Engine;

namespace Akka.Actor;

/// <summary>
/// Runs the coordinated shutdown of every living system when the process ends: when it leaves by itself, and when it
/// is told to by SIGTERM, which the runtime no longer turns into an orderly exit.
/// </summary>
/// <remarks>Hooks and phases begin on threads of their own: one that blocks its thread must not keep the process from
/// ending when its time is up.</remarks>
internal sealed class ShutdownHook(EngineHost host, Action exit)
{
    private static readonly ShutdownHook OfProcess =
        new(ProcessHost.Instance, () => Environment.Exit(Environment.ExitCode));

    private static PosixSignalRegistration? s_signal;

    private readonly Lock _gate = new();
    private readonly Lock _running = new();
    private readonly List<CoordinatedShutdown> _living = [];
    private bool _ending;

    public static void Register(CoordinatedShutdown shutdown)
    {
        OfProcess.Add(shutdown);
        lock (OfProcess._gate)
        {
            if (s_signal is not null) return;
            AppDomain.CurrentDomain.ProcessExit += (_, _) => OfProcess.OnExit();
            s_signal = PosixSignalRegistration.Create(
                PosixSignal.SIGTERM, signal => signal.Cancel = OfProcess.OnTerminate());
        }
    }

    public void Add(CoordinatedShutdown shutdown)
    {
        lock (_gate) _living.Add(shutdown);
        shutdown.System.RegisterOnTermination(() =>
        {
            lock (_gate) _living.Remove(shutdown);
        });
    }

    /// <summary>The process is told to end. It ends here when the phases are done; told again meanwhile, it is no sooner:
    /// a second signal is no reason to lose the leave.</summary>
    /// <returns>False: there is nothing to do first, and the signal may do what it does.</returns>
    public bool OnTerminate()
    {
        lock (_gate)
        {
            if (_ending) return true;
            if (_living.Count == 0) return false;
            _ending = true;
        }

        RunAll();
        exit();
        return true;
    }

    /// <summary>The process ends by itself, or after <see cref="OnTerminate"/>.</summary>
    public void OnExit()
    {
        bool first;
        lock (_gate)
        {
            first = !_ending && _living.Count > 0;
            if (first) _ending = true;
        }

        RunAll();
        if (!first) return;
        // What else the process does at its end may be cut short.
        lock (_gate) _ending = false;
    }

    /// <summary>Waits here, because the process is gone when this returns; no longer than the phases may
    /// take.</summary>
    private void RunAll()
    {
        // The signal and the end of the process may come together: the second waits for the first, and finds nothing
        // to do.
        lock (_running) RunAllLocked();
    }

    private void RunAllLocked()
    {
        CoordinatedShutdown[] all;
        lock (_gate)
        {
            all = [.. _living];
            _living.Clear();
        }

        if (all.Length == 0) return;
        var begun = new List<Beginning>();
        var ends = new List<Task>();
        TimeSpan longest = TimeSpan.Zero;
        foreach (CoordinatedShutdown shutdown in all)
        {
            Beginning[] hooks = [.. shutdown.Hooks.Select(hook => new Beginning(hook))];
            begun.AddRange(hooks);
            ends.AddRange(hooks.Select(hook => hook.Ended));
            // The phases may be done while the one who began them still stands in a task that blocks.
            begun.Add(new Beginning(() => shutdown.Run(CoordinatedShutdown.ClrExitReason.Instance)));
            ends.Add(shutdown.Ended);
            if (shutdown.TotalTimeout > longest) longest = shutdown.TotalTimeout;
        }

        IExecutor threads = host.CreateThreads("shutdown", begun.Count);
        foreach (Beginning work in begun) threads.Execute(work);
        try
        {
            Task.WaitAll([.. ends], longest);
        }
        catch (AggregateException)
        {
            // The phases have logged it, and nobody is left to act on it.
        }
    }

    private sealed class Beginning(Func<Task<Done>> work) : IThreadPoolWorkItem
    {
        private readonly TaskCompletionSource<Task> _begun = new();

        public Task Ended => _begun.Task.Unwrap();

        public void Execute()
        {
            try
            {
                _begun.SetResult(work() ?? Task.CompletedTask);
            }
            catch (Exception failure)
            {
                _begun.SetResult(Task.FromException(failure));
            }
        }
    }
}
