using FsCheck;
using FsCheck.Fluent;
using Iridium.Actors.Repl;

namespace Iridium.Actors.Tests.Repl;

public sealed class CommandParserTests
{
    [Theory]
    [InlineData("", "nothing")]
    [InlineData(" \t ", "nothing")]
    [InlineData("load $0 #1", "assembly load $0 #1")]
    [InlineData("!PS", "Processes")]
    [InlineData("  !quit  ", "Quit")]
    [InlineData("!quit now", "misused `now` is one argument too many.")]
    [InlineData("!kill node2/3", "Kill pid=node2/3")]
    [InlineData("!join_cluster 127.0.0.1 2254", "JoinCluster ip=127.0.0.1 port=2254")]
    [InlineData("!join_cluster", "misused The <ip> is missing.")]
    [InlineData("!spawn", "Spawn")]
    [InlineData("!spawn 'a b.iasm' --on node2", "Spawn alias=node2 file=a b.iasm")]
    [InlineData("!spawn --on node2 \"a b.iasm\"", "Spawn alias=node2 file=a b.iasm")]
    [InlineData("!spawn O'Hara's.iasm", "Spawn file=O'Hara's.iasm")]
    [InlineData("!spawn 'open to the end", "Spawn file=open to the end")]
    [InlineData("!spawn a --restart", "Spawn file=a restart=")]
    [InlineData("!spawn a --on", "misused --on needs its <alias>.")]
    [InlineData("!spawn a --on x --on y", "misused --on is given twice.")]
    [InlineData("!spawn a --off", "misused There is no option --off.")]
    [InlineData("!spawn a one --on node2 two", "Spawn alias=node2 file=a rest one two")]
    [InlineData("!spawn a -- --on node2", "Spawn file=a rest --on node2")]
    [InlineData("!spawn '--on' x", "Spawn file=--on rest x")]
    [InlineData("!load_fiel x", "unknown !load_fiel near !load_file")]
    [InlineData("!registers!", "unknown !registers! near !registers")]
    [InlineData("!", "unknown ! near ")]
    public void Lines_are_understood(string line, string expected) =>
        Assert.Equal(expected, Told(CommandParser.Parse(line)));

    [Fact]
    public void Nothing_typed_makes_it_throw() => Check.One(
        Config.QuickThrowOnFailure,
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), (string text) =>
        {
            string line = text ?? ""; // FsCheck gives null too.
            _ = CommandParser.Parse(line);
            _ = CommandParser.Parse("!" + line);
            _ = CommandParser.Parse("!spawn " + line);
            return true;
        }));

    [Fact]
    public void Every_command_is_found_by_its_name_and_has_help()
    {
        foreach (CommandEntry entry in CommandTable.Entries)
        {
            Assert.Same(entry, CommandTable.Find(entry.Name));
            Assert.Same(entry, CommandTable.Find(entry.Name[1..].ToUpperInvariant()));
            Assert.EndsWith(".", entry.Summary, StringComparison.Ordinal);
            Assert.True(entry.Arguments.Where(one => one.Option is null).Count(one => one.TakesRest) <= 1);
        }
        Assert.Equal(
            Enum.GetValues<ShellCommand>().Order(), CommandTable.Entries.Select(entry => entry.Command).Order());
    }

    [Theory]
    [InlineData("!re", "0: !registers")]
    [InlineData("", "0: !clear_program !clear_registers !cluster_members !help !history !join_cluster !kill "
        + "!load_file !program !ps !quit !registers !spawn !start_cluster !state !symbols !trace")]
    [InlineData("load", "0:")]
    [InlineData("!help sy", "6: symbols")]
    [InlineData("!help !sy", "6: !symbols")]
    [InlineData("!spawn x --o", "9: --on")]
    [InlineData("!spawn x --on ", "14: node1 node2")]
    [InlineData("!spawn --on node2 ", "18:")]
    [InlineData("!spawn x --on node2 -", "20: --restart")]
    [InlineData("!kill no", "6: node1/ node2/")]
    [InlineData("!quit x", "0:")]
    public void Words_are_completed(string line, string expected)
    {
        CompletionOffer offer = Completion.For(line, line.Length, ["node2", "node1"]);
        Assert.Equal(expected, $"{offer.Start}: {string.Join(' ', offer.Candidates)}".TrimEnd());
    }

    [Fact]
    public void Completion_never_throws() => Check.One(
        Config.QuickThrowOnFailure,
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), ArbMap.Default.ArbFor<int>(), (string text, int cursor) =>
        {
            string line = "!" + text;
            CompletionOffer offer = Completion.For(line, cursor, ["node1"]);
            return offer.Start >= 0 && offer.Start <= line.Length;
        }));

    private static string Told(CommandLine line) => line switch
    {
        CommandLine.Nothing => "nothing",
        CommandLine.Assembly assembly => $"assembly {assembly.Text}",
        CommandLine.Unknown unknown => $"unknown {unknown.Name} near {unknown.Nearest}",
        CommandLine.Misused misused => $"misused {misused.Problem}",
        CommandLine.Command command => string.Join(
            ' ',
            command.Values.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}")
                .Prepend(command.Entry.Command.ToString())
                .Concat(command.Rest.IsEmpty ? [] : command.Rest.Prepend("rest"))),
        _ => throw new ArgumentOutOfRangeException(nameof(line)),
    };
}
