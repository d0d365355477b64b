namespace Iridium.Vm.Execution;

/// <summary>
/// Runs machines, a slice at a time. Engines are interchangeable: same results, faults, addresses, effects and fuel.
/// The interpreter is the law.
/// </summary>
public interface IEngine
{
    /// <summary>
    /// Runs until the machine stops or its fuel is used up. Every word of an instruction costs one unit; a slice may
    /// end only where a jump back, a call, a return or a register jump has just been made, so it goes past its fuel
    /// by at most one pass over the code that follows, in which the pc only rises.
    /// </summary>
    /// <param name="machine">One that has not ended and does not wait; otherwise its last result comes back.</param>
    /// <param name="fuel">More than 0.</param>
    /// <param name="effects">What the program wishes is appended, in order. The host performs it.</param>
    RunResult Run(Machine machine, long fuel, List<VmEffect> effects);
}
