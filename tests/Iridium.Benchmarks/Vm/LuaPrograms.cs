namespace Iridium.Benchmarks.Vm;

/// <summary>
/// The five workloads in Lua. Integers of Lua 5.4 have 64 bits and numbers of LuaJIT are doubles with operations on
/// 32 bits beside them, so each narrows only where the result would be another one.
/// </summary>
internal static class LuaPrograms
{
    private const string Count = """
        local function work()
            local i = 0
            repeat i = i + 1 until i == 100000000
            return i
        end
        """;

    private const string Fib = """
        local function fib(n)
            if n < 2 then return n end
            return fib(n - 1) + fib(n - 2)
        end
        local function work() return fib(32) end
        """;

    private const string Sieve = """
        local sieve = {}
        local function work()
            local count
            for round = 1, 20 do
                count = 0
                for i = 0, 100000 do sieve[i] = 0 end
                for i = 2, 100000 do
                    if sieve[i] ~= 1 then
                        count = count + 1
                        for j = i + i, 100000, i do sieve[j] = 1 end
                    end
                end
            end
            return count
        end
        """;

    private const string Leibniz = """
        local function work()
            local sum, denominator, numerator = 0.0, 1.0, 4.0
            for i = 20000000, 1, -1 do
                sum = sum + numerator / denominator
                denominator = denominator + 2.0
                numerator = 0.0 - numerator
            end
            return sum
        end
        """;

    public static readonly IReadOnlyDictionary<string, string> Lua = With("""
        local function work()
            local a, b, d, f, i = 12345, 6789, 1103515245, 16777215, 0
            local c, e, g
            repeat
                c = a + b
                a = c * d
                e = ((((a ~ b) & 0xFFFFFFFF) ~ 0x80000000) - 0x80000000) >> 3
                b = c - e
                g = b & f
                b = g | d
                i = i + 1
            until i == 20000000
            return (((a + b) & 0xFFFFFFFF) ~ 0x80000000) - 0x80000000
        end
        """);

    public static readonly IReadOnlyDictionary<string, string> LuaJit = With("""
        local bit = require("bit")
        local tobit, band, bor, bxor = bit.tobit, bit.band, bit.bor, bit.bxor
        local lshift, arshift = bit.lshift, bit.arshift
        local function work()
            local a, b, d, f, i = 12345, 6789, 1103515245, 16777215, 0
            local c, e, g
            repeat
                c = tobit(a + b)
                a = tobit(c * 0x4E6D + lshift(tobit(c * 0x41C6), 16))  -- c * d, in halves: a double has 53 bits
                e = arshift(bxor(a, b), 3)
                b = tobit(c - e)
                g = band(b, f)
                b = bor(g, d)
                i = i + 1
            until i == 20000000
            return tobit(a + b)
        end
        """);

    private static Dictionary<string, string> With(string arithmetic) => new()
    {
        ["count"] = Count, ["arithmetic"] = arithmetic, ["fib"] = Fib, ["sieve"] = Sieve, ["leibniz"] = Leibniz,
    };
}
