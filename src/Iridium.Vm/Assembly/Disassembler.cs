using System.Globalization;
using System.Text;
using Iridium.Vm.Image;
using Iridium.Vm.Isa;

namespace Iridium.Vm.Assembly;

/// <summary>
/// Turns an image back into text. The text assembles to the same bytes, whatever they are: what no instruction would
/// assemble to is written as <c>.byte</c>.
/// </summary>
public static class Disassembler
{
    private const int BytesPerLine = 16;

    /// <summary>The whole image as a source. Each instruction has its address behind it as a comment.</summary>
    public static string ToText(VerifiedImage image)
    {
        var text = new StringBuilder();
        if (image.Version > 0) text.Append($".version #{image.Version}\n");
        text.Append(".data\n");
        WriteData(image.ReadOnlyBytes, text);
        text.Append(".code\n");
        ReadOnlySpan<byte> code = image.CodeBytes;
        for (int at = 0; at < code.Length;)
        {
            string line = Line(code[at..], image.Version, out int length);
            text.Append(string.Create(CultureInfo.InvariantCulture, $"    {line,-32}; {image.CodeStart + at}\n"));
            at += length;
        }
        return text.ToString();
    }

    /// <summary>The instruction at an address, as it could be written.</summary>
    public static string ToText(VerifiedImage image, int address)
    {
        int at = address - image.CodeStart;
        return at >= 0 && at < image.CodeBytes.Length ? Line(image.CodeBytes.AsSpan(at), image.Version, out _)
            : "(end)";
    }

    /// <summary>
    /// The code, an instruction a line, with addresses and labels: what a person looks at. <c>=></c> marks where the
    /// pc is, a star where a breakpoint is.
    /// </summary>
    public static string Listing(VerifiedImage image, SymbolTable? symbols = null, int? marked = null,
        IReadOnlyCollection<int>? breakpoints = null)
    {
        ILookup<double, string> labels = (symbols ?? SymbolTable.Empty).Symbols
            .Where(symbol => symbol.Kind == SymbolKind.Code).ToLookup(symbol => symbol.Value, symbol => symbol.Name);
        var text = new StringBuilder();
        ReadOnlySpan<byte> code = image.CodeBytes;
        for (int at = 0; at < code.Length;)
        {
            int address = image.CodeStart + at;
            foreach (string label in labels[address]) text.Append(label).Append(":\n");
            string line = Line(code[at..], image.Version, out int length);
            string pointer = marked == address ? "=>" : "  ";
            string star = breakpoints?.Contains(address) == true ? "*" : " ";
            text.Append(string.Create(CultureInfo.InvariantCulture, $"{pointer}{star}{address,6}  {line}\n"));
            at += length;
        }
        return text.ToString();
    }

    private static void WriteData(ReadOnlySpan<byte> data, StringBuilder text)
    {
        for (int at = 0; at < data.Length;)
        {
            int end = TextEnd(data, at);
            if (end > at)
            {
                text.Append($"    .ascii '{Escape(Encoding.ASCII.GetString(data[at..end]))}'\n");
                at = end;
                continue;
            }
            text.Append("    .byte");
            int stop = Math.Min(data.Length, at + BytesPerLine);
            do text.Append($" #{data[at++]}");
            while (at < stop && TextEnd(data, at) == at);
            text.Append('\n');
        }
    }

    /// <summary>Four printable characters in a row are taken for text.</summary>
    private static int TextEnd(ReadOnlySpan<byte> data, int at)
    {
        int end = at;
        while (end < data.Length && data[end] is >= 0x20 and < 0x7F or (byte)'\n') end++;
        return end - at >= 4 ? end : at;
    }

    private static string Escape(string text) => text.Replace(@"\", @"\\").Replace("'", @"\'").Replace("\n", @"\n");

    private static string Line(ReadOnlySpan<byte> code, int version, out int length)
    {
        Instruction? row = InstructionSet.Find(code[0], version);
        length = (row?.Form.Words ?? 1) * InstructionSet.WordBytes;
        if (row is not null && length <= code.Length && TryWrite(row, code[..length]) is { } line) return line;
        length = Math.Min(length, code.Length);
        var bytes = new StringBuilder(".byte");
        foreach (byte part in code[..length]) bytes.Append($" #{part}");
        return bytes.ToString();
    }

    /// <summary>Null if the assembler would write other bytes for the same text.</summary>
    private static string? TryWrite(Instruction row, ReadOnlySpan<byte> bytes)
    {
        Span<byte> same = stackalloc byte[bytes.Length];
        same.Clear();
        same[0] = bytes[0];
        var text = new StringBuilder(row.Name.ToLowerInvariant());
        foreach (Operand operand in row.Form.Operands)
        {
            long value = operand.Read(bytes);
            if (value > operand.Maximum) return null;
            operand.Write(same, value);
            switch (operand.Kind)
            {
                case OperandKind.Register or OperandKind.FloatRegister:
                    text.Append($" ${value}");
                    break;
                case OperandKind.Float:
                    double real = BitConverter.Int64BitsToDouble(value);
                    // NaNs and infinities have no literal.
                    if (!double.IsFinite(real)) return null;
                    text.Append(" #").Append(RealText(real));
                    break;
                default:
                    text.Append($" #{value}");
                    break;
            }
        }
        return same.SequenceEqual(bytes) ? text.ToString() : null;
    }

    private static string RealText(double value)
    {
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        return text.Contains('.') || text.Contains('E') ? text : text + ".0";
    }
}
