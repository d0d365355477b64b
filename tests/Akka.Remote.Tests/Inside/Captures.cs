using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Akka.Remote.Tests.Inside;

/// <summary>Frames that were seen between real Akka.NET 1.5.31 nodes, with the reading that was recorded beside
/// them.</summary>
internal static class Captures
{
    /// <summary>One frame's body, without its length.</summary>
    public sealed record Frame(string File, int Number, string Label, byte[] Body, JsonElement Read)
    {
        public override string ToString() => $"{File}:{Number} {Label}";
    }

    public static IReadOnlyList<Frame> Frames { get; } = [.. Load("hex", "read")];

    public static string Folder { get; } = FolderOf();

    private static IEnumerable<Frame> Load(params string[] required)
    {
        foreach (string path in Directory.GetFiles(FolderOf(), "*.jsonl").Order(StringComparer.Ordinal))
        {
            foreach (string line in File.ReadLines(path))
            {
                JsonElement frame = JsonDocument.Parse(line).RootElement;
                if (!required.All(name => frame.TryGetProperty(name, out _))) continue;
                yield return new Frame(
                    Path.GetFileName(path),
                    frame.GetProperty("n").GetInt32(),
                    frame.GetProperty("label").GetString()!,
                    Convert.FromHexString(frame.GetProperty("hex").GetString()!),
                    frame.GetProperty("read"));
            }
        }
    }

    private static string FolderOf([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "Captures");
}
