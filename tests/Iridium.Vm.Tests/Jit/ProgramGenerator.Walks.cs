namespace Iridium.Vm.Tests.Jit;

// Loops that go through memory as people write them, near the heap's ends and beyond, in both directions.
internal sealed partial class ProgramGenerator
{
    private const string Address = "$7";
    private const string Limit = "$9";
    private const string Step = "$8";

    /// <summary>Bytes of the heap, if nothing else makes it grow.</summary>
    private int _heap;

    private void Walk()
    {
        string label = Label();
        int limit = random.Next(4) > 0 ? _heap - random.Next(-2, 10) : Place();
        int step = Distance();
        int start = random.Next(4) > 0 ? unchecked(limit - step * random.Next(12)) - random.Next(4) : Place();
        // A heap that nobody has touched is not there yet.
        if (random.Next(2) == 0) Line("setm $29 $29");
        Line($"load {Address} #{start}\nload {Limit} #{limit}\nload {Step} #{step}");
        // Written once more, they are no constants.
        if (random.Next(3) == 0) Line($"dec {Limit}");
        if (random.Next(3) == 0) Line($"inc {Step}");
        Line($"{label}:");
        bool first = random.Next(6) == 0;
        if (first) Line(Stride());
        for (int count = random.Next(1, 3); count > 0; count--) Line(Access(random.Next(8) == 0 ? "$30" : Address));
        if (random.Next(3) == 0) Line(Sum());
        if (random.Next(6) == 0) Line($"add {Register()} {Address} {Register()}");
        if (random.Next(6) == 0) Line(random.Next(2) == 0 ? $"inc {Limit}" : $"add {Limit} {Step} {Limit}");
        if (!first) Line(Stride());
        if (random.Next(8) == 0) Line($"inc {Register()}");
        bool swapped = random.Next(3) == 0;
        string compare = random.Next(6) == 0 ? Comparison() : random.Next(4) switch
        {
            0 => swapped ? "gt" : "lt",
            1 => swapped ? "gte" : "lte",
            2 => swapped ? "lte" : "gte",
            _ => swapped ? "lt" : "gt",
        };
        Line(swapped ? $"{compare} {Limit} {Address}" : $"{compare} {Address} {Limit}");
        bool goesOnBelow = compare is "lt" or "lte" != swapped;
        Line(_newer && (random.Next(8) == 0 || !goesOnBelow) ? $"gotone @{label}" : $"djmpe @{label}");
        if (random.Next(2) == 0)
            Line(_newer ? $"sete {Register()}" : $"djmpe @{label}x\ninc {Register()}\n{label}x: nop");
    }

    private int Place() => random.Next(6) switch
    {
        0 => random.Next(-20, 0),
        1 => random.Next(2) == 0 ? int.MaxValue - random.Next(9) : int.MinValue + random.Next(9),
        _ => random.Next(64),
    };

    private int Distance() => random.Next(6) switch
    {
        0 => random.Next(-9, 1),
        1 => random.Next(int.MinValue, int.MaxValue),
        _ => random.Next(1, 9),
    };

    private string Stride() => random.Next(5) switch
    {
        0 => $"inc {Address}",
        1 => $"dec {Address}",
        2 when _newer => $"addi {Address} {Address} #{random.Next(-8, 9)}",
        3 => $"add {Step} {Address} {Address}",
        _ => $"add {Address} {Step} {Address}",
    };

    private string Access(string address)
    {
        string[] newer = ["ldb", "stb", "ldw", "stw", "ldf", "stf"];
        return _newer && random.Next(3) > 0
            ? $"{newer[random.Next(newer.Length)]} {address} {Register()} #{random.Next(4) * random.Next(4)}"
            : $"{(random.Next(2) == 0 ? "setm" : "loadm")} {address} {Register()}";
    }
}
