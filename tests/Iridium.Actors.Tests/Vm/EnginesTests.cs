using Akka.Actor;
using Akka.Configuration;
using Iridium.Actors.Configuration;
using Iridium.Actors.Vm;
using Iridium.Vm.Assembly;
using Iridium.Vm.Execution;
using Iridium.Vm.Image;
using Iridium.Vm.Jit;

namespace Iridium.Actors.Tests.Vm;

public sealed class EnginesTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // One thread for programs: what it is given runs in turn.
    private static readonly Config Settings = ConfigurationFactory.ParseString("""
        akka { loglevel = OFF, stdout-loglevel = OFF }
        iridium.vm-dispatcher.dedicated-thread-pool.thread-count = 1
        """).WithFallback(IridiumConfig.Reference);

    private readonly ActorSystem _system = ActorSystem.Create("engines", Settings);

    public async ValueTask DisposeAsync() => await _system.Terminate();

    [Fact]
    public async Task Hot_code_is_compiled_later_while_the_program_runs_on()
    {
        VerifiedImage image = Verifier.Verify(Assembler.Assemble(
            ".data\n.code\nload $1 #1000000\nagain: inc $0\nneq $0 $1\ndjmpe @again\nhlt").Image!).Image!;
        IEngine engine = VmSettings.From(Settings).On(_system).Engine;
        var machine = new Machine(image);
        bool hadCode = await OnDispatcher(() =>
        {
            // Twice what is hot: asked for, but this very turn occupies the thread that will compile it.
            while (machine.FuelUsed < 2 * JitEngine.DefaultHotFuel) engine.Run(machine, 20_000, []);
            return JitEngine.HasCompiled(image);
        });
        Assert.False(hadCode);
        Assert.False(machine.State.Ended);
        Assert.True(await OnDispatcher(() => JitEngine.HasCompiled(image)));
        Assert.Equal(Stop.Halted, engine.Run(machine, 10_000_000, []).Stop);
        Assert.Equal((1_000_000, 3_000_003L), (machine.Registers[0], machine.FuelUsed));
    }

    [Fact]
    public async Task A_compilation_that_fails_harms_nobody()
    {
        Engines.InBackground(_system, () => throw new InvalidOperationException("as if the compiler had a flaw"));
        Assert.True(await OnDispatcher(() => true));
    }

    [Fact]
    public void Without_the_jit_there_is_the_interpreter()
    {
        Config off = ConfigurationFactory.ParseString("iridium.vm.jit = off").WithFallback(Settings);
        Assert.Same(Interpreter.Instance, VmSettings.From(off).On(_system).Engine);
        Assert.IsType<JitEngine>(VmSettings.From(Settings).On(_system).Engine);
    }

    private Task<T> OnDispatcher<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _system.Dispatchers.Lookup("iridium.vm-dispatcher").Schedule(() =>
        {
            try
            {
                done.SetResult(work());
            }
            catch (Exception failure)
            {
                done.SetException(failure);
            }
        });
        return done.Task.WaitAsync(Patience);
    }
}
