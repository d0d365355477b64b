using System.Runtime.CompilerServices;
using Iridium.Vm.Assembly;
using Iridium.Vm.Image;
using Iridium.Vm.Isa;

namespace Iridium.Vm.Tests.Isa;

public sealed class ReferenceTests
{
    private const string Start =
        "<!-- made from the instruction table: UPDATE_GOLDEN=1 dotnet test tests/Iridium.Vm.Tests -->\n";
    private const string End = "<!-- end of what is made from the instruction table -->\n";

    private static string ReadmePath([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "../../../src/Iridium.Vm/README.md");

    [Fact]
    public void The_readme_says_what_the_table_says()
    {
        string readme = File.ReadAllText(ReadmePath());
        int from = readme.IndexOf(Start, StringComparison.Ordinal) + Start.Length;
        int to = readme.IndexOf(End, StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
            File.WriteAllText(ReadmePath(), readme[..from] + Reference.ToMarkdown() + readme[to..]);
        else Assert.Equal(Reference.ToMarkdown(), readme[from..to]);
    }

    [Fact]
    public void The_readme_s_example_assembles()
    {
        string readme = File.ReadAllText(ReadmePath());
        int from = readme.IndexOf("; a comment, to the end of the line", StringComparison.Ordinal);
        string example = readme[from..readme.IndexOf("```", from, StringComparison.Ordinal)];
        AssemblyResult result = Assembler.Assemble(example, "README.md",
            new AssemblerOptions { Include = (path, _) => new IncludedSource(path, "") });
        Assert.True(result.Succeeded, result.ErrorText());
        Assert.True(Verifier.Verify(result.Image).Accepted);
    }

    [Fact]
    public void Help_knows_every_instruction_in_any_case()
    {
        Assert.Equal("ADD $r1 $r2 $r3    r3 = r1 + r2", Reference.HelpFor("add"));
        Assert.All(InstructionSet.Table, row => Assert.NotNull(Reference.HelpFor(row.Name.ToLowerInvariant())));
        Assert.Null(Reference.HelpFor("nothing"));
    }
}
