namespace Iridium.Vm.Tests.Jit;

// Registers that look like constants: loaded once, read everywhere, and in some programs written by something unusual.
internal sealed partial class ProgramGenerator
{
    private string Constant() => $"${random.Next(10, 14)}";

    private void LoadConstants()
    {
        for (int register = 10; register < 14; register++)
            if (random.Next(3) > 0) Line(LoadOf($"${register}"));
    }

    private string LoadOf(string register) =>
        $"load {register} #{(random.Next(3) > 0 ? random.Next(-3, 70) : random.Next(int.MinValue, int.MaxValue))}";

    private void UseConstant()
    {
        switch (random.Next(9))
        {
            case 0: Line($"{Comparison()} {Register()} {Constant()}"); break;
            case 1: Line($"div {Register()} {Constant()} {Register()}"); break;
            case 2: Line($"and {Register()} {Constant()} {Register()}"); break;
            case 3: Line($"push {Constant()}\npop {Register()}"); break;
            case 4: Line($"setm $30 {Constant()}"); break;
            case 5: Line($"sub {Register()} {Constant()} {Register()}"); break;
            case 6 when random.Next(3) == 0: Overwrite(Constant()); break;
            default: Line($"add {Register()} {Constant()} {Register()}"); break;
        }
    }

    private void Overwrite(string register)
    {
        switch (random.Next(_newer ? 14 : 6))
        {
            case 0: Line(LoadOf(register)); break;
            case 1: Line($"lui {register} #{random.Next(65536)}"); break;
            case 2: Line($"loadm $30 {register}"); break;
            case 3: Line($"push {Register()}\npop {register}"); break;
            case 4: Jumped(register); break;
            case 5: Line($"inc {register}"); break;
            case 6: Line($"random {register}"); break;
            case 7: Line($"load $3 #8\nmov $3 {register}\nreadln $29 {register}"); break;
            case 8: Line($"load $3 #8\nmov $3 {register}\narg $29 $29 {register}"); break;
            case 9: Line($"sete {register}"); break;
            case 10: Line($"ftoi {Register()} {register}"); break;
            case 11: Line($"enter #1\nlds {register} #0"); break;
            case 12: Line($"rem {register}"); break;
            default: Line($"heap {register}"); break;
        }
    }

    /// <summary>A number that takes two instructions, and a jump between them.</summary>
    private void Jumped(string register)
    {
        string between = Label();
        Line($"{Comparison()} {Register()} {Register()}\ndjmpe @{between}\nload {register} #{random.Next(9)}");
        Line($"{between}: lui {register} #{random.Next(9)}");
    }
}
