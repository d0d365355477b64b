using Akka.Actor;
using Akka.Configuration;
using Akka.Engine;

namespace Akka.Tests.Inside.Actor;

/// <summary>The end of a process with systems in it, told by signals that the test gives.</summary>
public sealed class ShutdownHookTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ActorSystem _system = ActorSystem.Create("ending", ConfigurationFactory.ParseString("""
        akka.loglevel = OFF
        akka.coordinated-shutdown {
          run-by-clr-shutdown-hook = off
          phases.before-service-unbind.timeout = 100ms
        }
        """));

    private readonly TaskCompletionSource _began = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ShutdownHook _hook;
    private int _exits;

    public ShutdownHookTests()
    {
        _hook = new ShutdownHook(ProcessHost.Instance, () => _exits++);
        _hook.Add(Phases);
    }

    private CoordinatedShutdown Phases => CoordinatedShutdown.Get(_system);

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _system.Terminate().WaitAsync(Patience);

    [Fact]
    public async Task A_second_signal_while_the_phases_run_cuts_nothing_short()
    {
        var mayEnd = new TaskCompletionSource<Done>();
        AddTask(CoordinatedShutdown.PhaseServiceStop, mayEnd.Task);
        Task<bool> first = Task.Run(_hook.OnTerminate);
        await _began.Task.WaitAsync(Patience);

        Assert.True(await Task.Run(_hook.OnTerminate).WaitAsync(Patience));
        Assert.Equal((false, 0), (first.IsCompleted, _exits));
        mayEnd.SetResult(Done.Instance);

        Assert.True(await first.WaitAsync(Patience));
        // The last phase is done in one of the system's last callbacks, a moment before it counts as terminated.
        await _system.WhenTerminated.WaitAsync(Patience);
        Assert.Equal(1, _exits);
        Assert.True(_hook.OnTerminate());
    }

    [Fact]
    public async Task Nor_does_one_while_the_process_ends_by_itself()
    {
        var mayEnd = new TaskCompletionSource<Done>();
        AddTask(CoordinatedShutdown.PhaseServiceStop, mayEnd.Task);
        Task exit = Task.Run(_hook.OnExit);
        await _began.Task.WaitAsync(Patience);

        Assert.True(_hook.OnTerminate());
        mayEnd.SetResult(Done.Instance);

        await exit.WaitAsync(Patience);
        Assert.Equal(0, _exits);
        Assert.False(_hook.OnTerminate());
    }

    [Fact]
    public async Task A_task_that_blocks_its_thread_keeps_nobody_past_its_phase()
    {
        using var mayEnd = new ManualResetEventSlim();
        Phases.AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, "blocks", () =>
        {
            mayEnd.Wait();
            return Task.FromResult(Done.Instance);
        });
        await EndsWhileItBlocks(mayEnd);
    }

    [Fact]
    public async Task A_hook_that_blocks_its_thread_is_waited_for_as_long_as_the_phases_may_take()
    {
        using var mayEnd = new ManualResetEventSlim();
        Phases.AddClrShutdownHook(() =>
        {
            mayEnd.Wait();
            return Task.FromResult(Done.Instance);
        });
        await EndsWhileItBlocks(mayEnd);
    }

    [Fact]
    public async Task Without_a_system_the_signal_does_what_it_does()
    {
        await _system.Terminate().WaitAsync(Patience);

        Assert.False(_hook.OnTerminate());
        Assert.Equal(0, _exits);
    }

    private async Task EndsWhileItBlocks(ManualResetEventSlim mayEnd)
    {
        try
        {
            Assert.True(await Task.Run(_hook.OnTerminate).WaitAsync(Patience));
            Assert.Equal(1, _exits);
            // On a busy machine the last phase, too, may take longer than it is waited for here.
            await _system.WhenTerminated.WaitAsync(Patience);
        }
        finally
        {
            mayEnd.Set();
        }
    }

    private void AddTask(string phase, Task<Done> task) => Phases.AddTask(phase, "task", () =>
    {
        _began.TrySetResult();
        return task;
    });
}
