using System.Text;

namespace Iridium.Vm.Tests.Jit;

/// <summary>
/// Writes programs such as people write, and a few that nobody would: nested loops, calls, recursion, heap and
/// stack, jumps through registers, prints, questions, and now and then a mistake.
/// </summary>
internal sealed partial class ProgramGenerator(Random random)
{
    private readonly StringBuilder _code = new();
    private int _labels;
    private int _functions;
    private bool _newer;

    /// <param name="random">Everything comes from it, so a seed is a program.</param>
    /// <param name="large">Long enough to be compiled in several regions.</param>
    public static string Write(Random random, bool large = false) =>
        new ProgramGenerator(random).Write(large ? 12 : 1);

    private string Write(int scale)
    {
        _newer = random.Next(2) == 0;
        _functions = random.Next(4) * scale;
        _arguments = [.. Enumerable.Range(0, _functions + 1).Select(_ => _newer ? random.Next(3) : 0)];
        Line($"load $30 #{random.Next(4, 61)}");
        Line("load $29 #0");
        if (random.Next(2) == 0) LoadConstants();
        _heap = random.Next(2) == 0 ? 64 : 4064;
        if (_heap > 64) Line("load $0 #4000\naloc $0");
        // At once, for whatever stands further down is often never reached.
        for (int walks = random.Next(4); walks > 0; walks--) Walk();
        if (_functions > 0 && random.Next(4) > 0) Line(Call(random.Next(1, _functions + 1)));
        for (int part = 0; part < scale; part++) Block(4, 0, 0);
        if (random.Next(8) > 0) Line("hlt");
        for (int function = 1; function <= _functions; function++)
        {
            Line($"f{function}:");
            if (random.Next(2) == 0)
            {
                Branching(function);
            }
            else
            {
                if (random.Next(2) == 0) QuickReturn(function);
                for (int part = 0; part < scale / 3 + 1; part++) Block(3, 0, function);
            }
            Line($"e{function}: {Return(function)}");
        }
        return $".data\ntext: .asciiz 'äb'\nnumber: .integer #{random.Next()}\nspace: .space #16\n.code\n{_code}";
    }

    private void Line(string line) => _code.Append(line).Append('\n');

    private string Label() => $"l{_labels++}";

    /// <summary>Few registers make for more to go wrong.</summary>
    private string Register() => $"${random.Next(random.Next(8) == 0 ? 20 : 6)}";

    private void Block(int size, int depth, int function)
    {
        for (int count = random.Next(1, size + 2); count > 0; count--) Statement(depth, function);
    }

    private void Statement(int depth, int function)
    {
        int kind = random.Next(100);
        if (kind < 28) Arithmetic();
        else if (kind < 34) UseConstant();
        else if (kind < 46) Floats();
        else if (kind < 56) Memory();
        else if (kind < 57) Sweep();
        else if (kind < 59) Walk();
        else if (kind < 64) Stack(function);
        else if (kind < 74 && depth < 3) Loop(depth, function);
        else if (kind < 84 && depth < 4) Condition(depth, function);
        else if (kind < 89 && function < _functions) Line(Call(random.Next(function + 1, _functions + 1)));
        else if (kind < 91 && function > 0) Recursion(function);
        else if (kind < 94) RegisterJump();
        else if (kind < 96) Line(random.Next(2) == 0 ? "prts @text" : _newer ? $"prti {Register()}" : "nop");
        else if (kind < 98 && _newer) Newer();
        else if (random.Next(12) == 0) Mistake();
        else Arithmetic();
    }

    private void Arithmetic()
    {
        string[] operations = ["add", "sub", "mul", "and", "or", "xor"];
        string[] newer = ["mulh", "mulhu", "shlr", "shrr"];
        switch (random.Next(12))
        {
            case 0: Line($"load {Register()} #{random.Next(-5, 70)}"); break;
            case 1: Line($"load {Register()} #{random.Next(int.MinValue, int.MaxValue)}"); break;
            case 2: Line($"inc {Register()}"); break;
            case 3: Line($"dec {Register()}"); break;
            case 4: Line($"not {Register()} {Register()}"); break;
            case 5: Line($"{(random.Next(2) == 0 ? "shl" : "shr")} {Register()} #{random.Next(40)}"); break;
            case 6: Line($"lui {Register()} #{random.Next(65536)}"); break;
            case 7:
                string divisor = Register();
                Line($"inc {divisor}");
                Line($"div {Register()} {(random.Next(3) > 0 ? "$30" : divisor)} {Register()}");
                break;
            case 8 when _newer:
                Line($"{newer[random.Next(newer.Length)]} {Register()} {Register()} {Register()}");
                break;
            case 9: Line($"{Comparison()} {Register()} {Register()}"); break;
            default: Line($"{operations[random.Next(operations.Length)]} {Register()} {Register()} {Register()}");
                break;
        }
    }

    private void Floats()
    {
        string[] operations = ["addf64", "subf64", "mulf64", "divf64"];
        string[] comparisons = ["eqf64", "neqf64", "gtf64", "gtef64", "ltf64", "ltef64"];
        string[] single = ["sqrtf64", "floorf64", "negf64", "movf64"];
        switch (random.Next(8))
        {
            case 0: Line($"loadf64 {Register()} #{random.Next(100)}"); break;
            case 1:
                Line($"{comparisons[random.Next(comparisons.Length)]} {Register()} {Register()}");
                if (random.Next(2) > 0) break;
                string over = Label();
                Line($"djmpe @{over}\ninc {Register()}\n{over}: nop");
                break;
            case 2 when _newer: Line($"{single[random.Next(single.Length)]} {Register()} {Register()}"); break;
            case 3 when _newer: Line(random.Next(2) == 0 ? $"itof {Register()} {Register()}"
                : $"ftoi {Register()} {Register()}"); break;
            case 4 when _newer: Line($"loadf64 {Register()} #{random.NextDouble():R}"); break;
            default: Line($"{operations[random.Next(operations.Length)]} {Register()} {Register()} {Register()}");
                break;
        }
    }

    private void Memory()
    {
        // Mostly an address that is there; $30 always is one.
        string address = random.Next(6) > 0 ? "$30" : Register();
        string[] newer = ["ldb", "stb", "ldw", "stw", "ldf", "stf"];
        switch (random.Next(_newer ? 5 : 2))
        {
            case 0: Line($"setm {address} {Register()}"); break;
            case 1: Line($"loadm {address} {Register()}"); break;
            case 2:
                Line($"load $28 #{random.Next(26)}");
                Line($"{(random.Next(2) == 0 ? "ldrb" : random.Next(2) == 0 ? "ldrw" : "ldrf")} $28 {Register()} #{random.Next(3)}");
                break;
            default: Line($"{newer[random.Next(newer.Length)]} {address} {Register()} #{random.Next(random.Next(4) == 0 ? 256 : 4)}"); break;
        }
    }

    private void Stack(int function)
    {
        switch (random.Next(_newer ? 7 : 3))
        {
            case 0: Line($"push {Register()}\npush {Register()}\npop {Register()}\npop {Register()}"); break;
            case 1: Line($"push {Register()}"); break;
            case 2: Line(random.Next(3) == 0 ? $"pop {Register()}" : $"push {Register()}\npop {Register()}"); break;
            case 3: Line($"enter #{random.Next(5)}\nsts {Register()} #{random.Next(-3, 3)}\nlds {Register()} #{random.Next(-3, 3)}"); break;
            case 4: Line($"pushf {Register()}\npopf {Register()}"); break;
            case 5: Line(Argument(function)); break;
            default: Line($"enter #{random.Next(4)}\ndrop #{random.Next(4)}"); break;
        }
    }

    /// <summary>A function that sometimes has little to do, as recursive ones have.</summary>
    private void QuickReturn(int function)
    {
        if (_newer && random.Next(2) == 0) Line(Argument(function));
        for (int count = random.Next(3); count > 0; count--) Arithmetic();
        Line($"{Comparison()} {Register()} {Register()}");
        if (random.Next(4) == 0) Line($"inc {Register()}");
        switch (random.Next(_newer ? 4 : 2))
        {
            case 0: Line($"djmpe @e{function}"); break;
            case 1:
                string busy = Label();
                Line($"djmpe @{busy}\ndec {Register()}\n{Return(function)}\n{busy}: nop");
                break;
            case 2: Line($"gotone @e{function}"); break;
            default: Line($"sete {Register()}\ngotoe @e{function}"); break;
        }
    }

    /// <summary>A loop of one block.</summary>
    private void TightLoop(int depth)
    {
        string label = Label();
        string counter = $"${20 + depth}";
        bool counts = random.Next(3) == 0;
        Line(counts ? $"cloop #{random.Next(30)}" : $"load {counter} #{random.Next(1, 60)}");
        Line($"{label}:");
        for (int count = random.Next(3); count > 0; count--)
        {
            switch (random.Next(6))
            {
                case 0: Line($"inc {Register()}"); break;
                case 1: Line($"add {Register()} $30 {Register()}"); break;
                case 2: Line($"sub $3 $30 $3\nadd $29 $4 $4"); break;
                case 3: Line($"setm $30 {Register()}"); break;
                case 4: Line(_newer ? $"addi $2 $2 #{random.Next(-128, 128)}" : $"push {Register()}"); break;
                default: Arithmetic(); break;
            }
        }
        if (counts) Line($"loop @{label}");
        else if (random.Next(3) > 0) Line($"dec {counter}\ngt {counter} $29\ndjmpe @{label}");
        else Line($"dec {counter}\nlte {counter} $29\ninc $5\n{(_newer ? "gotone" : "djmpe")} @{label}");
    }

    private void Loop(int depth, int function)
    {
        if (random.Next(3) == 0)
        {
            TightLoop(depth);
            return;
        }
        string label = Label();
        string counter = $"${20 + depth}";
        switch (random.Next(3))
        {
            case 0:
                Line($"cloop #{random.Next(20)}\n{label}: nop");
                Block(3, depth + 1, function);
                Line($"loop{(_newer ? "w" : "")} @{label}");
                break;
            case 1:
                Line($"load {counter} #{random.Next(1, 30)}\n{label}: nop");
                Block(3, depth + 1, function);
                Line($"dec {counter}\ngt {counter} $29\ndjmpe @{label}");
                break;
            default:
                string done = Label();
                Line($"load {counter} #{random.Next(1, 20)}\n{label}: lte {counter} $29\ndjmpe @{done}");
                Block(3, depth + 1, function);
                Line($"dec {counter}");
                Line(_newer && random.Next(2) == 0 ? $"goto @{label}" : $"load $27 @{label}\njmp $27");
                Line($"{done}: nop");
                break;
        }
    }

    private string Comparison()
    {
        string[] comparisons = ["eq", "neq", "gte", "lte", "lt", "gt", "ltu", "gtu"];
        return comparisons[random.Next(_newer ? 8 : 6)];
    }

    private void Condition(int depth, int function)
    {
        string otherwise = Label();
        Line($"{Comparison()} {Register()} {Register()}");
        if (random.Next(4) == 0) Line($"inc {Register()}");
        Line(_newer && random.Next(2) == 0 ? $"gotone @{otherwise}" : $"djmpe @{otherwise}");
        Block(2, depth + 1, function);
        if (_newer && random.Next(2) == 0)
        {
            string end = Label();
            Line($"goto @{end}\n{otherwise}: sete {Register()}");
            Block(2, depth + 1, function);
            Line($"{end}: nop");
        }
        else Line($"{otherwise}: nop");
    }

    private void Recursion(int function)
    {
        string over = Label();
        string call = random.Next(4) switch
        {
            0 => $"push {Register()}\ndec {Register()}\n{Call(function)}\npop {Register()}",
            1 => $"push {Register()}\npop {Register()}\npush {Register()}\n{Sum()}\n{Call(function)}\npop $1",
            2 => $"push {Register()}\n{Call(function)}\npop {Register()}\n{Sum()}\n{Return(function)}",
            _ => Call(function),
        };
        Line($"inc $26\nload $25 #{random.Next(3, 40)}\ngt $26 $25\ndjmpe @{over}\n{call}\n{over}: nop");
    }

    private string Sum() => $"{(random.Next(2) == 0 ? "add" : "sub")} {Register()} {Register()} {Register()}";

    /// <summary>Fills memory until the address is far enough, or looks at it and goes round something.</summary>
    private void Sweep()
    {
        string label = Label();
        if (random.Next(2) == 0)
            Line($"load $7 #{random.Next(70)}\nload $8 #{random.Next(1, 9)}\nload $9 #{random.Next(70)}\n" +
                $"{label}: setm $7 {Register()}\nadd $7 $8 $7\n{Comparison()} $7 $9\ndjmpe @{label}");
        else
            Line($"loadm $30 {(random.Next(2) == 0 ? "$4" : Register())}\n{Comparison()} $4 {Register()}\n" +
                $"djmpe @{label}\ninc {Register()}\n{label}: nop");
    }

    private void RegisterJump()
    {
        string label = Label();
        switch (random.Next(4))
        {
            case 0: Line($"load $24 @{label}\njmp $24\ninc {Register()}\n{label}: nop"); break;
            case 1: Line($"load $24 @{label}\n{Comparison()} {Register()} {Register()}\njmpe $24\ninc {Register()}\n{label}: nop"); break;
            case 2: Line($"load $24 #6\njmpf $24\ninc {Register()}\nnop"); break;
            default:
                // The address comes over a jump, so that nobody can be certain of it.
                string use = Label();
                string other = Label();
                Line($"{Comparison()} {Register()} {Register()}\nload $24 @{label}\ndjmpe @{use}\nload $24 @{other}");
                Line($"{use}: jmp $24\n{other}: inc {Register()}\n{label}: nop");
                break;
        }
    }

    private void Newer()
    {
        switch (random.Next(7))
        {
            case 0: Line($"random {Register()}"); break;
            case 1: Line($"clock {Register()}"); break;
            case 2: Line($"load $3 #8\nreadln $29 $3"); break;
            case 3: Line($"rem {Register()}"); break;
            case 4: Line($"heap {Register()}"); break;
            case 5: Line($"divu {Register()} {Register()} {Register()}"); break;
            default:
                string label = Label();
                Line($"load $24 @{label}\ncallr $24\n{label}: nop");
                break;
        }
    }

    private void Mistake()
    {
        string[] mistakes = ["igl", "ret", "load $24 #3\njmp $24", "div $0 $29 $1", "aloc $0", "loadm $0 $1",
            "pop $1"];
        Line(mistakes[random.Next(mistakes.Length)]);
    }
}
