namespace Iridium.Vm.Execution;

/// <summary>
/// What a program wishes to happen outside of its machine. The machine lists it; the host performs it.
/// </summary>
public abstract record VmEffect
{
    private VmEffect()
    {
    }

    /// <summary>Show this text; no newline is added.</summary>
    public sealed record Print(string Text) : VmEffect;
}

/// <summary>What a waiting program wants to know.</summary>
public enum WantKind
{
    /// <summary>A line of input: answer with <see cref="VmAnswer.Text"/> or <see cref="VmAnswer.End"/>.</summary>
    Line,

    /// <summary>
    /// Argument number <see cref="Want.Index"/>: <see cref="VmAnswer.Text"/> or <see cref="VmAnswer.End"/>.
    /// </summary>
    Argument,

    /// <summary>The time, in milliseconds since 1970-01-01 UTC: <see cref="VmAnswer.Milliseconds"/>.</summary>
    Clock,

    /// <summary>A random number, any i32: <see cref="VmAnswer.Number"/>.</summary>
    Random,
}

/// <summary>The question of a machine that stopped with <see cref="Stop.Waiting"/>.</summary>
/// <param name="Kind">What is asked.</param>
/// <param name="Index">Which argument; 0 otherwise.</param>
/// <param name="Bytes">How many bytes of text the program has room for; the rest is cut.</param>
public readonly record struct Want(WantKind Kind, int Index, int Bytes);

/// <summary>
/// The host's answer to a <see cref="Want"/>. A host that keeps the answers in order can replay the run exactly.
/// </summary>
public abstract record VmAnswer
{
    private VmAnswer()
    {
    }

    /// <summary>A line without its line end, or an argument.</summary>
    public sealed record Text(string Value) : VmAnswer;

    /// <summary>There is no more input, or no such argument.</summary>
    public sealed record End : VmAnswer;

    public sealed record Milliseconds(double Value) : VmAnswer;

    public sealed record Number(int Value) : VmAnswer;
}
