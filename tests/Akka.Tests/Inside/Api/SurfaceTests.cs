using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Akka.Actor;
using Akka.TestKit;

namespace Akka.Tests.Inside.Api;

/// <summary>
/// The engine's public surface is a text under review: a change of it shows in the approved file beside this one
/// (<c>UPDATE_GOLDEN=1</c> writes it; then read the difference). And what the README says of it is true.
/// </summary>
public sealed partial class SurfaceTests
{
    private static readonly Assembly[] Assemblies =
        [typeof(ActorSystem).Assembly, typeof(TestKitBase).Assembly, typeof(Akka.TestKit.Xunit2.TestKit).Assembly];

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    private static string Readme => Path.GetFullPath(Path.Combine(Here(), "../../../../src/Akka/README.md"));

    [Theory]
    [InlineData("Akka")]
    [InlineData("Akka.TestKit")]
    [InlineData("Akka.TestKit.Xunit2")]
    public void It_is_as_approved(string name) =>
        Approval.Check(Assemblies.Single(assembly => assembly.GetName().Name == name));

    [GeneratedRegex("`([A-Z][A-Za-z0-9]+)`")]
    private static partial Regex Name();

    /// <summary>Rows of the table "What of the API is here": part, here, not here and why.</summary>
    private static IEnumerable<string[]> Rows() => File.ReadAllLines(Readme)
        .SkipWhile(line => !line.StartsWith("| part | here |", StringComparison.Ordinal)).Skip(2)
        .TakeWhile(line => line.StartsWith('|')).Select(line => line.Trim('|').Split('|'));

    private static HashSet<string> Shown() =>
    [
        .. Assemblies.SelectMany(assembly => assembly.GetExportedTypes())
            .SelectMany(type => type.GetMembers(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance
                | BindingFlags.Static).Select(member => member.Name).Append(type.Name.Split('`')[0])),
    ];

    private static HashSet<string> Types() =>
        [.. Assemblies.SelectMany(assembly => assembly.GetExportedTypes()).Select(type => type.Name.Split('`')[0])];

    [Fact]
    public void What_the_README_says_is_here_is_here()
    {
        HashSet<string> shown = Shown();
        string[] named = [.. Rows().SelectMany(row => Name().Matches(row[1])).Select(match => match.Groups[1].Value)];
        Assert.NotEmpty(named);
        Assert.Equal([], named.Except(shown));
    }

    [Fact]
    public void What_the_README_says_is_not_here_is_not_here()
    {
        HashSet<string> types = Types();
        string[] named = [.. Rows().SelectMany(row => Name().Matches(row[2])).Select(match => match.Groups[1].Value)];
        Assert.NotEmpty(named);
        Assert.Equal([], named.Intersect(types));
    }
}
