using Akka.Actor;
using Iridium.Actors.Protocol;

namespace Iridium.Actors.Vm;

/// <summary>Gives a session's machine its slices, on the dispatcher of programs; the session itself is never
/// busy.</summary>
internal sealed class ShellMachineActor : ReceiveActor, IWithTimers
{
    private readonly ShellMachine _machine;

    // Whether a NextSlice is on its way; a turn must never have two of them.
    private bool _isScheduled;

    public ShellMachineActor(VmSettings settings, int seed)
    {
        _machine = new ShellMachine(settings.On(Context.System), new Random(seed), Now);
        Receive<ShellProtocol.Run>(run => Do(() => _machine.OnRun(run, Now)));
        Receive<ShellProtocol.Stop>(stop => Do(() => _machine.OnStop(stop)));
        Receive<ShellProtocol.Input>(input => Do(() => _machine.OnInput(input)));
        Receive<ShellProtocol.Look>(look => Do(() => _machine.OnLook(look)));
        Receive<ShellProtocol.Clear>(clear => Do(() => _machine.OnClear(clear)));
        Receive<NextSlice>(_ => OnNextSlice());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private static Moment Now => new(Context.System.Scheduler.MonotonicClock, Context.System.Scheduler.Now);

    public static Props Props(VmSettings settings, int seed) =>
        Akka.Actor.Props.Create(() => new ShellMachineActor(settings, seed)).WithDispatcher(Engines.Dispatcher);

    private void Do(Action action)
    {
        action();
        Settle(TimeSpan.Zero);
    }

    private void OnNextSlice()
    {
        _isScheduled = false;
        Settle(_machine.Slice(Now));
    }

    private void Settle(TimeSpan wait)
    {
        foreach (object reply in _machine.Replies) Context.Parent.Tell(reply);
        _machine.Replies.Clear();
        if (!_machine.IsRunning || _isScheduled) return;
        _isScheduled = true;
        if (wait > TimeSpan.Zero) Timers.StartSingleTimer("pause", NextSlice.Instance, wait);
        else Self.Tell(NextSlice.Instance);
    }
}
