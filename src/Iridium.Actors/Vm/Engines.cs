using Akka.Actor;
using Akka.Event;
using Iridium.Vm.Execution;
using Iridium.Vm.Jit;

namespace Iridium.Actors.Vm;

/// <summary>Makes the engine that runs a node's programs.</summary>
internal static class Engines
{
    public const string Dispatcher = "iridium.vm-dispatcher";

    /// <summary>
    /// Hot code is compiled on the dispatcher of programs, as a turn among theirs: whoever found it hot
    /// runs on in the interpreter, and a compilation never takes a thread from the node's own actors.
    /// </summary>
    public static IEngine Compiling(ActorSystem system) =>
        new JitEngine(compile => InBackground(system, compile));

    internal static void InBackground(ActorSystem system, Action compile) =>
        system.Dispatchers.Lookup(Dispatcher).Schedule(() =>
        {
            try
            {
                compile();
            }
            catch (Exception failure)
            {
                // No actor stands above this work, and the program is not worse off than before.
                Logging.GetLogger(system, nameof(JitEngine)).Error(failure,
                    "A program's hot code could not be compiled; it goes on in the interpreter.");
            }
        });
}
