using System.Runtime.CompilerServices;
using Iridium.Node.Cli;
using Iridium.Node.Hosting;

namespace Iridium.Node.Tests.Hosting;

public sealed class ConfigFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string ErrorText(string text)
    {
        string path = _folder.File("node.conf", text);
        UserErrorException wrong = Assert.Throws<UserErrorException>(() => ConfigFile.Open(path));
        Assert.Equal(ExitCode.Usage, wrong.Code);
        return string.Concat(wrong.Errors.Select(e => e.ToText())).Replace(_folder.Path + "/", "", StringComparison.Ordinal);
    }

    [Fact]
    public void A_misspelled_key_is_told_with_file_line_and_the_nearest_key() =>
        Assert.Equal(
            """
            iridium: `iridium.pbm.prot` is not a key
              where: node.conf, line 4, column 5
              next:  did you mean iridium.pbm.port? hocon/iridium.conf has every key

            """,
            ErrorText("""
                # A comment, and a brace in it: {
                iridium {
                  pbm { host = "::1" } // { more
                    pbm.prot = 9110
                }
                """));

    [Fact]
    public void A_misspelled_section_is_told_once() =>
        Assert.Equal(
            """
            iridium: `iridium.pmb` is not a key
              where: node.conf, line 1, column 1
              next:  did you mean iridium.pbm? hocon/iridium.conf has every key

            """,
            ErrorText("iridium.pmb { port = 1, host = a }"));

    [Fact]
    public void A_key_in_the_wrong_section_is_found_where_it_belongs() =>
        Assert.Contains("did you mean iridium.vm.slice-fuel?", ErrorText("iridium.node.slice-fuel = 1"));

    [Theory]
    [InlineData("iridium.pbm.port = \"many\"", "`iridium.pbm.port` is `many`, but must be a whole number")]
    [InlineData("iridium.pbm.port { }", "`iridium.pbm.port` is an object, but must be a whole number")]
    [InlineData("iridium.pbm = 9110", "`iridium.pbm` is `9110`, but must be an object in braces")]
    [InlineData("iridium.node.daemon-mode = maybe", "`iridium.node.daemon-mode` is `maybe`, but must be on or off")]
    [InlineData("iridium.node.join-timeout = soon", "`iridium.node.join-timeout` is `soon`, but must be a duration such as 5s")]
    [InlineData("iridium = 1", "`iridium` is `1`, but must be an object in braces")]
    public void A_value_of_the_wrong_kind_is_an_error(string text, string what) =>
        Assert.Contains(what, ErrorText(text));

    [Fact]
    public void All_errors_of_a_file_are_told_at_once()
    {
        string text = ErrorText("iridium.pbm.port = x\niridium.nodes.alias = a\niridium.shell.histery-lines = 1");
        Assert.Equal(3, text.Split("iridium: ").Length - 1);
    }

    [Fact]
    public void Errors_of_an_included_file_name_that_file()
    {
        _folder.File("more.conf", "\n  prot = 1");
        Assert.Contains("where: more.conf, line 2, column 3", ErrorText("iridium { pbm { include \"more.conf\" } }"));
    }

    [EmbeddedFact("the parser of Akka.NET takes the end of the text for the end of the value")]
    public void What_is_no_hocon_is_told_with_its_place()
    {
        string text = ErrorText("akka {\n  loglevel = [1, 2\n");
        Assert.Contains("node.conf", text);
        Assert.Contains("hocon/seed.conf", text);
    }

    [Fact]
    public void A_missing_file_is_told()
    {
        UserErrorException wrong = Assert.Throws<UserErrorException>(() => ConfigFile.Open(_folder.File("no.conf")));
        Assert.StartsWith("there is no configuration file", wrong.Errors[0].What);
    }

    [Fact]
    public void Files_that_include_one_another_end()
    {
        _folder.File("b.conf", "include \"node.conf\"");
        Assert.Contains("without end", ErrorText("include \"b.conf\""));
    }

    [Fact]
    public void Values_reach_the_settings_under_their_keys()
    {
        ConfigFile file = ConfigFile.Open(_folder.File("node.conf", """
            iridium.pbm.port = 9999
            iridium.node.daemon-mode = on
            akka.remote.dot-netty.tcp { hostname = "10.1.2.3", port = 1 }
            """));
        Assert.Equal("9999", file.ValueOf(SettingTable.PbmPort)!.Value.Text);
        Assert.Equal("on", file.ValueOf(SettingTable.DaemonMode)!.Value.Text);
        Assert.Equal("10.1.2.3", file.ValueOf(SettingTable.ServerBindHost)!.Value.Text);
        Assert.EndsWith("node.conf: akka.remote.dot-netty.tcp.port", file.ValueOf(SettingTable.ServerBindPort)!.Value.Where);
        Assert.Null(file.ValueOf(SettingTable.Alias));
    }

    [Fact]
    public void Every_key_of_a_setting_is_in_the_reference_with_the_same_default()
    {
        Dictionary<string, string> reference = HoconScanner.Scan(ConfigFile.Reference()).Entries
            .ToDictionary(entry => entry.Path, entry => entry.Value);
        foreach (Setting setting in SettingTable.All.Where(s => s.Key?.StartsWith("iridium.", StringComparison.Ordinal) == true))
            Assert.Equal(setting.Default, Assert.Contains(setting.Key!, reference));
    }

    [Fact]
    public void The_reference_and_the_presets_pass_their_own_check()
    {
        var check = new HoconKeyCheck(ConfigFile.Reference());
        Assert.Empty(check.Check(ConfigFile.Reference(), "iridium.conf"));
        foreach (string preset in new[] { "seed.conf", "node.conf" })
        {
            ConfigFile file = ConfigFile.Open(Path.Combine(Presets(), preset));
            Assert.Equal(["akka.tcp://iridium@127.0.0.1:2254"], file.Config.GetStringList("akka.cluster.seed-nodes"));
        }
    }

    private static string Presets([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../hocon"));
}
