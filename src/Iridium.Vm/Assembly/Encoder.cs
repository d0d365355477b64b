using System.Buffers.Binary;
using System.Text;
using Iridium.Vm.Isa;

namespace Iridium.Vm.Assembly;

/// <summary>
/// Writes single statements as bytes, and knows how long they will be before their labels have values.
/// </summary>
internal sealed class Encoder(Scope scope, List<Diagnostic> diagnostics)
{
    /// <summary>The image version that everything so far needs.</summary>
    public int Version { get; private set; }

    public void Require(int version) => Version = Math.Max(Version, version);

    private void Report(Span span, DiagnosticKind kind, string message, string? hint = null) =>
        diagnostics.Add(Diagnostic.At(span, kind, message, hint));

    /// <summary>
    /// The instruction that a statement becomes. Mostly the one it names; a jump to a label becomes a direct jump,
    /// and a float that LOADF64 cannot hold a constant.
    /// </summary>
    public Instruction Choose(Statement.Operation operation)
    {
        bool label = operation.Arguments is [{ Written: Written.Address }];
        return operation.Row.Opcode switch
        {
            Opcode.Jmpe when label => InstructionSet.Get(Opcode.Djmpe),
            Opcode.Jmp when label => InstructionSet.Get(Opcode.Goto),
            Opcode.Loadf64 when Early(operation) is { } value && !IsWhole16(value) =>
                InstructionSet.Get(Opcode.Constf64),
            _ => operation.Row,
        };
    }

    /// <summary>Length in words. LOAD of a number beyond 16 bits becomes LOAD and LUI.</summary>
    public int Words(Statement.Operation operation, Instruction row) =>
        row.Opcode == Opcode.Load && Early(operation) is { IsReal: false } value && !IsWhole16(value)
            ? 2
            : row.Form.Words;

    /// <summary>The second operand, if it can be told before the labels have addresses.</summary>
    private Value? Early(Statement.Operation operation) =>
        operation.Arguments is [_, { Written: Written.Number or Written.Address } argument] &&
        !argument.Value.Labels().Any()
            ? scope.Evaluate(argument.Value, report: false)
            : null;

    private static bool IsWhole16(Value value) =>
        value.IsReal ? value.Real is >= 0 and <= ushort.MaxValue && value.Real == Math.Floor(value.Real)
            && !double.IsNegative(value.Real)
            : value.Whole is >= 0 and <= ushort.MaxValue;

    public void WriteInstruction(Statement.Operation operation, Instruction row, List<byte> code)
    {
        int words = Words(operation, row);
        Span<byte> bytes = stackalloc byte[words * InstructionSet.WordBytes];
        bytes.Clear();
        bytes[0] = (byte)row.Opcode;
        if (CheckArguments(operation, row))
        {
            if (row.Opcode == Opcode.Load && words == 2) WriteWideLoad(operation, bytes);
            else
                for (int i = 0; i < row.Form.Operands.Count; i++)
                    WriteOperand(row, row.Form.Operands[i], operation.Arguments[i], bytes);
        }
        code.AddRange(bytes);
    }

    private bool CheckArguments(Statement.Operation operation, Instruction row)
    {
        IReadOnlyList<Operand> operands = row.Form.Operands;
        if (operation.Arguments.Count != operands.Count)
        {
            string takes = operands.Count switch
            {
                0 => "no operands",
                1 => "one operand",
                _ => $"{operands.Count} operands",
            };
            string given = operation.Arguments.Count == 1 ? "is 1" : $"are {operation.Arguments.Count}";
            Span where = operation.Arguments.Count > operands.Count
                ? operation.Arguments[operands.Count].Span
                : operation.Span;
            Report(where, DiagnosticKind.Operand,
                $"{operation.Row.Name} takes {takes}, here {given}",
                $"write: {operation.Row.Syntax}");
            return false;
        }
        bool good = true;
        for (int i = 0; i < operands.Count; i++)
        {
            if (Fits(operands[i].Kind, operation.Arguments[i].Written)) continue;
            Report(operation.Arguments[i].Span, DiagnosticKind.Operand, operands[i].Kind switch
            {
                OperandKind.Register or OperandKind.FloatRegister => "a register should stand here",
                OperandKind.CodeAddress => "a label should stand here",
                OperandKind.DataOffset => "the label of a text should stand here",
                _ => "a number should stand here",
            }, $"write: {operation.Row.Syntax}");
            good = false;
        }
        return good;
    }

    private static bool Fits(OperandKind kind, Written written) =>
        written == Written.Broken ||
        (kind is OperandKind.Register or OperandKind.FloatRegister
            ? written == Written.Register
            : written is Written.Number or Written.Address);

    private void WriteWideLoad(Statement.Operation operation, Span<byte> bytes)
    {
        long value = scope.Evaluate(operation.Arguments[1].Value, report: true)?.Whole ?? 0;
        if (value is < int.MinValue or > uint.MaxValue)
            Report(operation.Arguments[1].Span, DiagnosticKind.Range, $"{value} does not fit in 32 bits");
        byte register = (byte)((Expression.Literal)operation.Arguments[0].Value).Value.Whole;
        bytes[1] = register;
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], (ushort)(value >> 16));
        bytes[4] = (byte)Opcode.Lui;
        bytes[5] = register;
        BinaryPrimitives.WriteUInt16BigEndian(bytes[6..], (ushort)value);
    }

    private void WriteOperand(Instruction row, Operand operand, Argument argument, Span<byte> bytes)
    {
        if (scope.Evaluate(argument.Value, report: true) is not { } value) return;
        if (operand.Kind == OperandKind.Float)
        {
            operand.Write(bytes, BitConverter.DoubleToInt64Bits(value.Real));
            return;
        }
        if (argument.Value is Expression.Label label) CheckLabel(row, operand, label);
        if (operand.Kind == OperandKind.WholeFloat && value.IsReal && IsWhole16(value))
            value = Value.Of((long)value.Real);
        if (value.IsReal)
            Report(argument.Span, DiagnosticKind.Range, "a whole number should stand here");
        else if (value.Whole < operand.Minimum || value.Whole > operand.Maximum)
            Report(argument.Span, DiagnosticKind.Range,
                $"{value.Whole} is out of range: {row.Name} takes {operand.Minimum} to {operand.Maximum}",
                Wider(row));
        else operand.Write(bytes, value.Whole);
    }

    /// <summary>The instruction that reaches further.</summary>
    private static string? Wider(Instruction row) => row.Opcode switch
    {
        Opcode.Djmpe => "GOTOE reaches further",
        Opcode.Call => "CALLW reaches further",
        Opcode.Loop => "LOOPW reaches further",
        Opcode.Load => "LOADI32 takes any 32 bits",
        _ => null,
    };

    private void CheckLabel(Instruction row, Operand operand, Expression.Label label)
    {
        SymbolKind? kind = scope.KindOf(label.Text);
        if (operand.Kind == OperandKind.CodeAddress && kind == SymbolKind.Data)
            Report(label.Span, DiagnosticKind.Operand, $"'{label.Text}' is data: {row.Name} needs an instruction");
        if (operand.Kind == OperandKind.DataOffset && kind == SymbolKind.Code)
            Report(label.Span, DiagnosticKind.Operand, $"'{label.Text}' is an instruction: {row.Name} needs a text");
    }

    /// <summary>How many bytes a directive will make.</summary>
    public int DataLength(Statement.Directive directive) => directive.Name switch
    {
        ".asciiz" => TextLength(directive) + 1,
        ".ascii" => TextLength(directive),
        ".integer" => 4 * directive.Arguments.Count,
        ".float" => 8 * directive.Arguments.Count,
        ".space" => Space(directive, report: false),
        _ => directive.Arguments.Count,
    };

    private static int TextLength(Statement.Directive directive) =>
        directive.Arguments.Where(argument => argument.Written == Written.Text)
            .Sum(argument => Encoding.UTF8.GetByteCount(argument.Text));

    public void WriteData(Statement.Directive directive, List<byte> bytes)
    {
        bool texts = directive.Name is ".asciiz" or ".ascii";
        bool single = directive.Name is ".asciiz" or ".ascii" or ".space";
        if (directive.Arguments.Any(argument => argument.Written == Written.Broken)) return;
        Argument? wrong = directive.Arguments.FirstOrDefault(argument =>
            texts ? argument.Written != Written.Text : argument.Written is Written.Text or Written.Register);
        if (wrong is not null || directive.Arguments.Count == 0 || (single && directive.Arguments.Count > 1))
        {
            Report((wrong ?? directive.Arguments.Skip(1).FirstOrDefault())?.Span ?? directive.Span,
                DiagnosticKind.Operand,
                $"{directive.Name} needs {(texts ? "one text" : single ? "one number" : "numbers")}",
                $"for example: {DataDirective.Example(directive.Name)}");
            bytes.AddRange(new byte[DataLength(directive)]);
            return;
        }
        switch (directive.Name)
        {
            case ".asciiz" or ".ascii":
                bytes.AddRange(Encoding.UTF8.GetBytes(directive.Arguments[0].Text));
                if (directive.Name == ".asciiz") bytes.Add(0);
                break;
            case ".space":
                bytes.AddRange(new byte[Space(directive, report: true)]);
                break;
            case ".float":
                foreach (Argument argument in directive.Arguments)
                    bytes.AddRange(BitConverter.GetBytes(scope.Evaluate(argument.Value, report: true)?.Real ?? 0));
                break;
            case ".integer":
                foreach (Argument argument in directive.Arguments)
                    bytes.AddRange(BitConverter.GetBytes((int)WholeIn(argument, int.MinValue, uint.MaxValue)));
                break;
            default:
                foreach (Argument argument in directive.Arguments)
                    bytes.Add((byte)WholeIn(argument, sbyte.MinValue, byte.MaxValue));
                break;
        }
    }

    private int Space(Statement.Directive directive, bool report)
    {
        if (directive.Arguments is not [{ Written: Written.Number } argument]) return 0;
        if (scope.Evaluate(argument.Value, report: false) is
            { IsReal: false, Whole: >= 0 and <= Limits.MaximumImageBytes } value) return (int)value.Whole;
        if (report)
            Report(argument.Span, DiagnosticKind.Range, ".space needs a number of bytes that is known at this point",
                $"from 0 to {Limits.MaximumImageBytes}");
        return 0;
    }

    private long WholeIn(Argument argument, long minimum, long maximum)
    {
        if (scope.Evaluate(argument.Value, report: true) is not { } value) return 0;
        if (value.IsReal) Report(argument.Span, DiagnosticKind.Range, "a whole number should stand here");
        else if (value.Whole < minimum || value.Whole > maximum)
            Report(argument.Span, DiagnosticKind.Range, $"{value.Whole} is out of range: {minimum} to {maximum}");
        else return value.Whole;
        return 0;
    }
}
