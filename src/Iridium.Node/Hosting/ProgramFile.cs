using Iridium.Actors.Repl;
using Iridium.Vm.Assembly;
using Iridium.Vm.Image;

namespace Iridium.Node.Hosting;

/// <summary>A program as a file holds it: assembly text, or an image.</summary>
/// <param name="Image">Verified.</param>
/// <param name="Symbols">None for an image.</param>
/// <param name="Lines">Where each instruction was written; empty for an image.</param>
internal sealed record ProgramFile(VerifiedImage Image, SymbolTable Symbols, IReadOnlyList<SourceLine> Lines)
{
    private const int MostBytes = 16 << 20;

    /// <returns>Null when it cannot be run; <paramref name="errors"/> then has been told why.</returns>
    public static ProgramFile? Load(string path, TextWriter errors)
    {
        SourceFile file = SourceFiles.ReadNow(path, MostBytes);
        if (file is not SourceFile.Found found)
            return Refuse(((SourceFile.Unreadable)file).Reason, errors);
        ReadOnlyMemory<byte> bytes = found.Bytes;
        SymbolTable symbols = SymbolTable.Empty;
        IReadOnlyList<SourceLine> lines = [];
        if (SourceText.TryDecode(bytes.Span, out string? source))
        {
            var included = new IncludedFiles(path, path, MostBytes);
            AssemblyResult assembled = Assembler.Assemble(
                source, path, AssemblerOptions.Default with { Include = included.Read });
            if (!assembled.Succeeded) return Refuse(assembled.ErrorText(), errors);
            (bytes, symbols, lines) = (assembled.Image, assembled.Symbols, assembled.Lines);
        }
        Verification verified = Verifier.Verify(bytes);
        return verified.Accepted
            ? new ProgramFile(verified.Image, symbols, lines)
            : Refuse($"{path} was not run. {verified.Reject.Text}", errors);
    }

    private static ProgramFile? Refuse(string reason, TextWriter errors)
    {
        foreach (ScreenLine line in ScreenLine.Lines(reason)) errors.WriteLine(line.Text);
        return null;
    }
}
