using System.Globalization;

namespace Iridium.Benchmarks.Vm;

/// <summary>A function of WebAssembly.</summary>
/// <param name="Type">0: gives an f64. 1: takes an i32 and gives one.</param>
/// <param name="Integers">Its locals of i32, which come first.</param>
/// <param name="Floats">Its locals of f64.</param>
/// <param name="Body">Instructions in the order of the stack, with blanks between; <c>if:i32</c> gives one.</param>
internal sealed record WasmFunction(int Type, int Integers, int Floats, string Body);

/// <summary>Writes the few parts of a WebAssembly 1.0 module that the workloads need.</summary>
internal static class WasmModule
{
    private const byte I32 = 0x7F;
    private const byte F64 = 0x7C;
    private const byte NoResult = 0x40;

    /// <summary>Pages of 64 KiB.</summary>
    private const byte Pages = 7;

    private static readonly Dictionary<string, byte[]> Codes = new()
    {
        ["block"] = [0x02, NoResult], ["loop"] = [0x03, NoResult], ["if:i32"] = [0x04, I32], ["else"] = [0x05],
        ["end"] = [0x0B], ["br_if"] = [0x0D], ["call"] = [0x10],
        ["get"] = [0x20], ["set"] = [0x21], ["tee"] = [0x22],
        ["load"] = [0x28, 2, 0], ["store"] = [0x36, 2, 0], ["i32"] = [0x41], ["f64"] = [0x44],
        ["eq"] = [0x46], ["ne"] = [0x47], ["lt"] = [0x48], ["gt"] = [0x4A], ["le"] = [0x4C], ["ge"] = [0x4E],
        ["add"] = [0x6A], ["sub"] = [0x6B], ["mul"] = [0x6C], ["and"] = [0x71], ["or"] = [0x72], ["xor"] = [0x73],
        ["shl"] = [0x74], ["shr"] = [0x75],
        ["f.add"] = [0xA0], ["f.sub"] = [0xA1], ["f.div"] = [0xA3], ["to_f64"] = [0xB7],
    };

    /// <summary>A module that exports the first function as <c>work</c> and has some zeroed memory.</summary>
    public static byte[] Of(params WasmFunction[] functions) =>
    [
        0, .. "asm"u8, 1, 0, 0, 0,
        .. Section(1, [2, 0x60, 0, 1, F64, 0x60, 1, I32, 1, I32]),
        .. Section(3, [(byte)functions.Length, .. functions.Select(function => (byte)function.Type)]),
        .. Section(5, [1, 0, Pages]),
        .. Section(7, [1, 4, .. "work"u8, 0, 0]),
        .. Section(10, [(byte)functions.Length, .. functions.SelectMany(Code)]),
    ];

    private static byte[] Section(byte id, byte[] content) => [id, .. Number(content.Length), .. content];

    private static byte[] Code(WasmFunction function)
    {
        var body = new List<byte> { 2, (byte)function.Integers, I32, (byte)function.Floats, F64 };
        string[] words = function.Body.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        for (int index = 0; index < words.Length; index++)
        {
            body.AddRange(Codes[words[index]]);
            if (words[index] == "f64")
                body.AddRange(BitConverter.GetBytes(double.Parse(words[++index], CultureInfo.InvariantCulture)));
            else if (words[index] is "i32" or "get" or "set" or "tee" or "br_if" or "call")
                body.AddRange(Number(int.Parse(words[++index], CultureInfo.InvariantCulture)));
        }
        body.AddRange(Codes["end"]);
        return [.. Number(body.Count), .. body];
    }

    /// <summary>Seven bits a byte, the lowest first. With the sign's bit free, it is the same number signed and
    /// unsigned; all of ours are positive.</summary>
    private static List<byte> Number(int value)
    {
        var bytes = new List<byte>();
        for (; value > 63; value >>= 7) bytes.Add((byte)(value & 127 | 128));
        bytes.Add((byte)value);
        return bytes;
    }
}
