using Iridium.Vm.Assembly;

namespace Iridium.Actors.Repl;

/// <summary>The files a session may load programs from. This room reads none itself.</summary>
public interface ISourceFiles
{
    /// <summary>Reads a program, source text or image. Never throws and never fails the task: a file that cannot be
    /// read is a <see cref="SourceFile.Unreadable"/>.</summary>
    /// <param name="path">As it was typed; relative paths are relative to where the node was started.</param>
    /// <param name="maxBytes">A longer file is unreadable, and is not read to its end to find out.</param>
    Task<SourceFile> Read(string path, int maxBytes);
}

/// <summary>What became of reading a file.</summary>
public abstract record SourceFile
{
    private SourceFile() { }

    /// <param name="Name">The name to show, without folders.</param>
    /// <param name="Bytes">The whole content.</param>
    public sealed record Found(string Name, ReadOnlyMemory<byte> Bytes) : SourceFile
    {
        /// <summary>Finds what the source includes, which was read with it: it reads nothing itself.</summary>
        public SourceResolver? Include { get; init; }
    }

    /// <param name="Reason">One sentence for a person: what, where, what next.</param>
    public sealed record Unreadable(string Reason) : SourceFile;
}
