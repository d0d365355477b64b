using Iridium.Actors.Repl;
using Iridium.Vm.Assembly;

namespace Iridium.Node.Hosting;

/// <summary>Programs from this machine's files.</summary>
public sealed class SourceFiles : ISourceFiles
{
    public Task<SourceFile> Read(string path, int maxBytes) => Task.Run(() => ReadWithIncluded(path, maxBytes));

    private static SourceFile ReadWithIncluded(string path, int maxBytes)
    {
        SourceFile file = ReadNow(path, maxBytes);
        if (file is not SourceFile.Found found || !SourceText.TryDecode(found.Bytes.Span, out string? source))
            return file;
        var included = new IncludedFiles(path, found.Name, maxBytes);
        // Only an assembler knows what a source includes; what it makes of it here is not wanted.
        Assembler.Assemble(source, found.Name, AssemblerOptions.Default with { Include = included.Read });
        return found with { Include = included.Known };
    }

    /// <summary>A shell of the system's knows what ~ is; here it is typed to us.</summary>
    internal static string Expand(string path) => path.StartsWith("~/", StringComparison.Ordinal)
        ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), path[2..])
        : path;

    /// <summary>The same, on the caller's thread.</summary>
    public static SourceFile ReadNow(string path, int maxBytes)
    {
        if (path.Length == 0 || path.Contains('\0')) return new SourceFile.Unreadable("No file is named.");
        path = Expand(path);
        try
        {
            if (Directory.Exists(path)) return new SourceFile.Unreadable($"{path} is a folder; name a file in it.");
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1);
            // A device may claim to be empty and never end, so the limit counts what is read, not what is promised.
            byte[] bytes = new byte[maxBytes + 1L];
            int length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return length > maxBytes
                ? new SourceFile.Unreadable($"{path} is longer than {maxBytes} bytes (iridium.shell.max-file-bytes).")
                : new SourceFile.Found(Path.GetFileName(path), bytes.AsMemory(0, length));
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return new SourceFile.Unreadable(
                $"There is no file {path}; relative paths start at {Environment.CurrentDirectory}.");
        }
        catch (UnauthorizedAccessException)
        {
            return new SourceFile.Unreadable($"{path} may not be read by this user.");
        }
        catch (Exception failed) when (failed is IOException or ArgumentException or NotSupportedException)
        {
            return new SourceFile.Unreadable($"{path} cannot be read: {failed.Message}");
        }
    }
}
