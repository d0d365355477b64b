using Iridium.Actors.Repl;
using Iridium.Node.Hosting;
using Iridium.Vm.Assembly;

namespace Iridium.Node.Tests.Hosting;

/// <summary>Sources in files include one another, each from where it stands.</summary>
public sealed class IncludedFilesTests : IDisposable
{
    private const int MostBytes = 1 << 16;
    private readonly string _folder = Directory.CreateTempSubdirectory("iridium-include-").FullName;

    public void Dispose()
    {
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    private static async Task<AssemblyResult> AssembleAsync(string path, Action? between = null)
    {
        var found = Assert.IsType<SourceFile.Found>(await new SourceFiles().Read(path, MostBytes));
        between?.Invoke();
        Assert.True(SourceText.TryDecode(found.Bytes.Span, out string? source));
        return Assembler.Assemble(source, found.Name, new AssemblerOptions { Include = found.Include });
    }

    [Fact]
    public async Task A_path_starts_at_the_file_that_includes_and_everything_is_read_at_once()
    {
        Write("lib/deep/one.iasm", ".equ ONE #1\n");
        Write("lib/both.iasm", ".include 'deep/one.iasm'\n.include '../two.iasm'\n");
        Write("two.iasm", ".equ TWO #2\n");
        string main = Write("main.iasm", ".include 'lib/both.iasm'\n.data\n.code\nload $0 #(ONE+TWO)\nhlt");
        AssemblyResult result = await AssembleAsync(main, () => Directory.Delete(_folder, recursive: true));
        Assert.True(result.Succeeded, result.ErrorText());
        Assert.Equal(3, result.Image[^5]);
    }

    [Fact]
    public async Task An_error_names_the_included_file_and_a_missing_one_is_an_error()
    {
        Write("lib/bad.iasm", ".data\n.code\nincc $0\n");
        string bad = Write("bad-main.iasm", ".include 'lib/bad.iasm'\n");
        Assert.Contains(Path.Combine("lib", "bad.iasm") + ":3:1", (await AssembleAsync(bad)).ErrorText());
        string missing = Write("missing.iasm", ".include 'nowhere.iasm'\n.data\n.code\nhlt");
        Assert.Contains("there is no source 'nowhere.iasm'", (await AssembleAsync(missing)).ErrorText());
        string itself = Write("itself.iasm", ".include 'itself.iasm'\n.data\n.code\nhlt");
        Assert.Contains("does it include itself?", (await AssembleAsync(itself)).ErrorText());
    }

    [Fact]
    public async Task What_is_no_text_or_too_long_is_not_included()
    {
        string image = Write("image.bin", "");
        File.WriteAllBytes(image, [45, 50, 49, 45, 0, 1]);
        Write("long.iasm", new string(' ', MostBytes + 1));
        string main = Write("main.iasm", ".include 'image.bin'\n.include 'long.iasm'\n.data\n.code\nhlt");
        AssemblyResult result = await AssembleAsync(main);
        Assert.Equal(2, result.Diagnostics.Length);
        Assert.All(result.Diagnostics, error => Assert.Contains("there is no source", error.Message));
    }
}
