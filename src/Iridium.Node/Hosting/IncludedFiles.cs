using Iridium.Actors.Repl;
using Iridium.Vm.Assembly;

namespace Iridium.Node.Hosting;

/// <summary>
/// What a source includes, and what that includes: a path starts at the folder of the file that names it. Each file
/// is read once.
/// </summary>
internal sealed class IncludedFiles
{
    private readonly int _mostBytes;
    private readonly Dictionary<string, string> _paths = [];
    private readonly Dictionary<string, string?> _texts = [];

    /// <param name="path">Of the source that includes.</param>
    /// <param name="name">How errors call it.</param>
    public IncludedFiles(string path, string name, int mostBytes)
    {
        _mostBytes = mostBytes;
        _paths[name] = Path.GetFullPath(SourceFiles.Expand(path));
    }

    /// <summary>Reads the file if that was not done before.</summary>
    public IncludedSource? Read(string path, string includedBy)
    {
        if (Locate(path, includedBy) is not var (name, file)) return null;
        _paths.TryAdd(name, file);
        if (!_texts.ContainsKey(file))
            _texts[file] = SourceFiles.ReadNow(file, _mostBytes) is SourceFile.Found found &&
                SourceText.TryDecode(found.Bytes.Span, out string? text) ? text : null;
        return Known(path, includedBy);
    }

    /// <summary>What was read before; safe on any thread once nothing is read any more.</summary>
    public IncludedSource? Known(string path, string includedBy) =>
        Locate(path, includedBy) is var (name, file) && _texts.GetValueOrDefault(file) is { } text
            ? new IncludedSource(name, text)
            : null;

    private (string Name, string File)? Locate(string path, string includedBy)
    {
        if (path.Length == 0 || path.Contains('\0') || !_paths.TryGetValue(includedBy, out string? from)) return null;
        string name = Path.Combine(Path.GetDirectoryName(includedBy) ?? "", path);
        return (name, Path.GetFullPath(path, Path.GetDirectoryName(from)!));
    }
}
