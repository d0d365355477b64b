using System.Collections.Immutable;
using Iridium.Vm.Image;
using Iridium.Vm.Isa;

namespace Iridium.Vm.Assembly;

/// <summary>One assembly on its way through the two passes.</summary>
internal sealed class AssemblyRun
{
    private readonly List<Diagnostic> _diagnostics;
    private readonly AssemblyStart _start;
    private readonly Scope _scope;
    private readonly List<Placed> _placed = [];
    private readonly List<byte> _data;
    private readonly List<byte> _code;
    private readonly List<Statement.Label> _waitingLabels = [];
    private readonly HashSet<SymbolKind> _sections = [];
    private readonly Encoder _encoder;
    private SymbolKind? _section;
    private bool _saidNoSection;
    private int? _requestedVersion;
    private int _dataLength;
    private int _codeLength;

    /// <summary>A statement that makes bytes, with its place in its section.</summary>
    private sealed record Placed(Statement Statement, Instruction? Row, int Offset, bool InCode);

    public AssemblyRun(
        IReadOnlyList<Statement> statements, Span end, List<Diagnostic> diagnostics, AssemblerOptions options,
        AssemblyStart start)
    {
        _diagnostics = diagnostics;
        _start = start;
        _scope = new Scope(diagnostics);
        _encoder = new Encoder(_scope, diagnostics);
        _data = [.. start.Data];
        _code = [.. start.Code];
        (_dataLength, _codeLength) = (_data.Count, _code.Count);
        foreach (Symbol symbol in start.Symbols) _scope.Inherit(symbol);
        // A constant may be used above its line, so all of them are known first.
        foreach (Statement.Constant constant in statements.OfType<Statement.Constant>())
            _scope.DeclareConstant(
                constant.Name, constant.Value ?? new Expression.Literal(constant.Span, default), constant.Span);
        if (start.Interactive) _scope.CodeStart = 0;
        foreach (Statement statement in statements) Place(statement);
        CheckEnd(statements.Count > 0 ? statements[^1].Span : end);
        _scope.CodeStart ??= ImageFormat.HeaderBytes + _dataLength;
        int length = ImageFormat.HeaderBytes + _dataLength + _codeLength;
        if (length > options.Limits.ImageBytes && _placed.Count > 0)
            Report(_placed[^1].Statement.Span, DiagnosticKind.TooLarge,
                $"the image would have {length} bytes; the limit is {options.Limits.ImageBytes}");
        else foreach (Placed placed in _placed) Write(placed);
    }

    public IReadOnlyList<byte> Data => _data;

    public IReadOnlyList<byte> Code => _code;

    public bool Succeeded => _diagnostics.Count == 0;

    public AssemblyResult Finish()
    {
        byte[]? image = Succeeded ? ImageFormat.Compose(_encoder.Version, [.. _data], [.. _code]) : null;
        return new AssemblyResult(image, _scope.ToTable(), SortedDiagnostics(), Lines());
    }

    public ImmutableArray<Diagnostic> SortedDiagnostics() =>
        [.. _diagnostics.OrderBy(d => d.File, StringComparer.Ordinal).ThenBy(d => d.Line).ThenBy(d =>
            d.Column).Distinct()];

    public SymbolTable Symbols => _scope.ToTable();

    private ImmutableArray<SourceLine> Lines()
    {
        var lines = ImmutableArray.CreateBuilder<SourceLine>();
        foreach (Placed placed in _placed)
        {
            if (placed.Statement is not Statement.Operation { Span: var span }) continue;
            lines.Add(new SourceLine(_scope.CodeStart!.Value + placed.Offset, span.File.Name,
                span.File.Locate(span.Start).Line));
        }
        return lines.ToImmutable();
    }

    private void Report(Span span, DiagnosticKind kind, string message, string? hint = null) =>
        _diagnostics.Add(Diagnostic.At(span, kind, message, hint));

    private void Place(Statement statement)
    {
        switch (statement)
        {
            case Statement.Constant:
                break;
            case Statement.Label label:
                PlaceLabel(label);
                break;
            case Statement.Directive { Name: ".data" or ".code" } section:
                ReportLabelsBeforeNothing($"before {section.Name}");
                _section = section.Name == ".data" ? SymbolKind.Data : SymbolKind.Code;
                _sections.Add(_section.Value);
                RefuseArguments(section);
                break;
            case Statement.Directive { Name: ".version" } version:
                PlaceVersion(version);
                break;
            case Statement.Directive directive:
                PlaceDirective(directive);
                break;
            case Statement.Operation operation:
                PlaceOperation(operation);
                break;
        }
    }

    private void RefuseArguments(Statement.Directive directive)
    {
        if (directive.Arguments.Count > 0)
            Report(directive.Arguments[0].Span, DiagnosticKind.Operand, $"{directive.Name} takes nothing behind it");
    }

    private bool HasSection(Span span)
    {
        if (_section is not null) return true;
        if (!_saidNoSection)
            Report(span, DiagnosticKind.NoSection, "no section is open here", "start one with .data or .code");
        _saidNoSection = true;
        return false;
    }

    private void PlaceLabel(Statement.Label label)
    {
        if (!_start.Interactive
            && !HasSection(label.Span)) _scope.DeclareLabel(label.Name, SymbolKind.Code, 0, label.Span);
        else _waitingLabels.Add(label);
    }

    /// <summary>The labels stand before this statement: now their section and place are known.</summary>
    private void ResolveLabels(SymbolKind section)
    {
        foreach (Statement.Label label in _waitingLabels)
            _scope.DeclareLabel(
                label.Name, section, section == SymbolKind.Code ? _codeLength : _dataLength, label.Span);
        _waitingLabels.Clear();
    }

    private void ReportLabelsBeforeNothing(string where)
    {
        foreach (Statement.Label label in _waitingLabels)
        {
            if (!_start.Interactive)
                Report(label.Span, DiagnosticKind.LabelBeforeNothing,
                    $"label '{label.Name}' stands {where}, not before an instruction or a constant");
        }
        ResolveLabels(_section ?? SymbolKind.Code);
    }

    private void CheckEnd(Span end)
    {
        ReportLabelsBeforeNothing("at the end");
        if (_start.Interactive || _sections.Count == 2) return;
        string missing = (_sections.Contains(SymbolKind.Data), _sections.Contains(SymbolKind.Code)) switch
        {
            (false, false) => "a .data and a .code section",
            (false, true) => "a .data section",
            _ => "a .code section",
        };
        Report(end, DiagnosticKind.MissingSection, $"the source lacks {missing}",
            "it may be empty, but must be there");
    }

    private void PlaceVersion(Statement.Directive directive)
    {
        if (directive.Arguments is [{ Written: Written.Number } argument] &&
            _scope.Evaluate(argument.Value, report: false) is { IsReal: false,
                Whole: >= 0 and <= InstructionSet.NewestVersion } value)
        {
            _requestedVersion = (int)value.Whole;
            _encoder.Require(_requestedVersion.Value);
        }
        else
        {
            Report(directive.Span, DiagnosticKind.Version,
                $".version needs a version from #0 to #{InstructionSet.NewestVersion}");
        }
    }

    private void PlaceDirective(Statement.Directive directive)
    {
        if (!DataDirective.Names.Contains(directive.Name))
        {
            Report(directive.Span, DiagnosticKind.UnknownDirective, $"there is no directive '{directive.Name}'",
                Spelling.DidYouMean(_diagnostics, directive.Name, DataDirective.AllNames));
            return;
        }
        if (!_start.Interactive && !HasSection(directive.Span)) return;
        bool inCode = _section == SymbolKind.Code;
        if (inCode && directive.Name != ".byte")
        {
            Report(directive.Span, DiagnosticKind.WrongSection, $"{directive.Name} belongs in the .data section");
            ResolveLabels(SymbolKind.Code);
            return;
        }
        if (_waitingLabels.Count == 0 && directive.Name is ".asciiz" or ".integer")
            Report(directive.Span, DiagnosticKind.ConstantWithoutLabel, "this constant has no label",
                $"for example: name: {directive.Name} …");
        SymbolKind section = inCode ? SymbolKind.Code : SymbolKind.Data;
        ResolveLabels(section);
        int length = _encoder.DataLength(directive);
        if (inCode && length % InstructionSet.WordBytes != 0)
        {
            Report(directive.Span, DiagnosticKind.Operand,
                $"bytes in .code come in words of {InstructionSet.WordBytes}; here are {length}");
            length = 0;
        }
        _placed.Add(new Placed(directive, null, inCode ? _codeLength : _dataLength, inCode));
        // Far beyond any limit it is enough to know that it is too much.
        if (inCode) _codeLength += length;
        else _dataLength = (int)Math.Min(int.MaxValue / 2, (long)_dataLength + length);
    }

    private void PlaceOperation(Statement.Operation operation)
    {
        if (!_start.Interactive)
        {
            if (!HasSection(operation.Span)) return;
            if (_section == SymbolKind.Data)
                Report(operation.Span, DiagnosticKind.WrongSection,
                    $"{operation.Row.Name} belongs in the .code section",
                    "start it with .code");
        }
        ResolveLabels(SymbolKind.Code);
        Instruction row = _encoder.Choose(operation);
        if (row.Version > (_requestedVersion ?? InstructionSet.NewestVersion))
            Report(operation.Span, DiagnosticKind.Version,
                $"{row.Name} came with version {row.Version}, and this source asks for version {_requestedVersion}");
        _encoder.Require(row.Version);
        _placed.Add(new Placed(operation, row, _codeLength, InCode: true));
        _codeLength += _encoder.Words(operation, row) * InstructionSet.WordBytes;
    }

    private void Write(Placed placed)
    {
        switch (placed.Statement)
        {
            case Statement.Directive directive:
                _encoder.WriteData(directive, placed.InCode ? _code : _data);
                break;
            case Statement.Operation operation:
                _encoder.WriteInstruction(operation, placed.Row!, _code);
                break;
        }
    }
}
