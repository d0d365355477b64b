namespace Iridium.Vm.Tests.Jit;

// Functions as a compiler of some language would write them: with arguments and locals, calling themselves on smaller
// numbers, and returning soon when the number is small.
internal sealed partial class ProgramGenerator
{
    /// <summary>Counts down from call to call, so that most recursions end.</summary>
    private const string Size = "$18";

    /// <summary>How many arguments each function takes from the stack; none in an old image.</summary>
    private int[] _arguments = [];

    private string Call(int function)
    {
        string size = random.Next(3) == 0 ? "" : $"load {Size} #{random.Next(1, 9)}\n";
        return size + Push(_arguments[function]) + $"call @f{function}";
    }

    private string Push(int arguments) =>
        string.Concat(Enumerable.Range(0, arguments).Select(_ => $"push {Register()}\n"));

    /// <summary>Rarely it drops what its caller did not push, or leaves something behind.</summary>
    private string Return(int function)
    {
        int arguments = random.Next(30) == 0 ? random.Next(4) : _arguments[function];
        return arguments > 0 && _newer ? $"retn #{arguments}" : "ret";
    }

    /// <summary>Mostly one that is there; sometimes a local, and now and then the frame itself.</summary>
    private string Argument(int function)
    {
        int slot = random.Next(8) switch
        {
            0 => random.Next(-6, 3),
            1 => random.Next(-2, 0),
            2 => random.Next(3),
            _ => -3 - random.Next(Math.Max(1, _arguments[function])),
        };
        return $"{(random.Next(3) == 0 ? "sts" : "lds")} {Register()} #{slot}";
    }

    /// <summary>A function that calls itself, or the next, once or twice.</summary>
    private void Branching(int function)
    {
        if (_newer && random.Next(3) == 0) Line($"enter #{random.Next(4)}");
        Some(function);
        Line(random.Next(4) > 0 ? $"lte {Size} $29" : $"{Comparison()} {Size} {Register()}");
        if (random.Next(5) == 0) Some(function);
        Line(_newer && random.Next(2) == 0 ? $"gotoe @e{function}" : $"djmpe @e{function}");
        for (int calls = random.Next(1, 3); calls > 0; calls--)
        {
            string kept = random.Next(3) > 0 ? Size : Register();
            Line($"push {kept}\ndec {Size}");
            Some(function);
            int called = function < _functions && random.Next(4) == 0 ? function + 1 : function;
            Line($"{Push(_arguments[called])}call @f{called}");
            Some(function);
            // Twice, it takes an argument or what its own caller pushed.
            for (int pops = random.Next(16) == 0 ? 2 : 1; pops > 0; pops--)
                Line($"pop {(random.Next(3) > 0 ? kept : Register())}");
        }
        Line(Sum());
    }

    private void Some(int function)
    {
        switch (random.Next(_newer ? 16 : 14))
        {
            case 0: Memory(); break;
            case 1: Line($"inc {Register()}"); break;
            case 2: Line($"{Comparison()} {Register()} {Register()}"); break;
            case 3: Arithmetic(); break;
            case 14: Line($"sete {Register()}"); break;
            case 15: Line(Argument(function)); break;
        }
    }
}
