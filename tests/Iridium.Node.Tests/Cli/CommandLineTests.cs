using Iridium.Node.Cli;

namespace Iridium.Node.Tests.Cli;

public sealed class CommandLineTests
{
    private static Invocation Read(string words, params (string Name, string Value)[] environment) =>
        new CommandLine(
            name => environment.FirstOrDefault(e => e.Name == name).Value,
            _ => FileSettings.None).Read(words.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static NodeLaunch Launch(string words, params (string Name, string Value)[] environment)
    {
        SettingResolver settings = Assert.IsType<Invocation.Node>(Read(words, environment)).Settings;
        (NodeLaunch? launch, var errors) = settings.Resolve();
        Assert.Empty(errors);
        return launch!;
    }

    [Fact]
    public void Without_words_the_defaults_of_the_original_hold()
    {
        Assert.Equal(
            new NodeLaunch
            {
                Server = ListenAt.Default(2254),
                RemoteShell = ListenAt.Default(2244),
                Pbm = ListenAt.Default(9110),
                DataRoot = "/var/lib/iridium",
                LogLevel = "WARNING",
                Threads = 2,
            },
            Launch(""));
    }

    [Theory]
    [InlineData("--node-alias=node1")]
    [InlineData("--node-alias node1")]
    public void An_alias_is_taken_with_or_without_the_equals_sign(string words) =>
        Assert.Equal("node1", Launch(words).Alias);

    [Fact]
    public void Every_letter_of_the_original_works()
    {
        NodeLaunch launch = Launch("-t 4 -r -p 3000 -P 4000 -H localhost");
        Assert.Equal(4, launch.Threads);
        Assert.True(launch.RemoteAccess);
        Assert.Equal(new ListenAt(new("127.0.0.1", 3000), true, "default", "option --bind-port"), launch.RemoteShell);
        Assert.Equal(new ListenAt(new("localhost", 4000), true, "option --server-bind-host", "option --server-bind-port"), launch.Server);
    }

    [Fact]
    public void Every_setting_can_come_from_its_environment_variable()
    {
        Dictionary<SettingKind, string> samples = new()
        {
            [SettingKind.Text] = "text", [SettingKind.Alias] = "a-1", [SettingKind.Flag] = "on",
            [SettingKind.Host] = "10.0.0.1", [SettingKind.Port] = "1234", [SettingKind.Count] = "7",
            [SettingKind.Peer] = "10.0.0.2:99", [SettingKind.Level] = "debug", [SettingKind.Path] = "/tmp/x",
            [SettingKind.Format] = "json",
        };
        foreach (Setting setting in SettingTable.All)
        {
            SettingResolver settings = Assert.IsType<Invocation.Node>(
                Read("", (setting.Variable, samples[setting.Kind]))).Settings;
            Assert.Equal(
                new SettingValue(samples[setting.Kind], Origin.Environment, $"environment variable {setting.Variable}"),
                settings.ValueOf(setting));
            Assert.Empty(settings.Resolve().Errors);
        }
    }

    [Fact]
    public void An_option_beats_the_environment_which_beats_the_file_which_beats_the_default()
    {
        SettingResolver With(string? option, string? variable, string? file) => new(
            s => s == SettingTable.PbmPort ? option : null,
            name => name == "IRIDIUM_PBM_PORT" ? variable : name == "IRIDIUM_CONFIG" ? "some.conf" : null,
            _ => new PbmPortFile(file));

        Assert.Equal("1", With("1", "2", "3").ValueOf(SettingTable.PbmPort).Text);
        Assert.Equal("2", With(null, "2", "3").ValueOf(SettingTable.PbmPort).Text);
        Assert.Equal("3", With(null, null, "3").ValueOf(SettingTable.PbmPort).Text);
        Assert.Equal("9110", With(null, null, null).ValueOf(SettingTable.PbmPort).Text);
        Assert.Equal("3", With(null, "", "3").ValueOf(SettingTable.PbmPort).Text);
    }

    private sealed class PbmPortFile(string? port) : FileSettings
    {
        public override Akka.Configuration.Config Config => Akka.Configuration.Config.Empty;

        public override SettingValue? ValueOf(Setting setting) =>
            setting == SettingTable.PbmPort && port is not null ? new SettingValue(port, Origin.File, "f") : null;
    }

    [Fact]
    public void The_secret_is_no_option_and_an_option_with_its_file_beats_it()
    {
        (string, string) secret = ("IRIDIUM_CLUSTER_SECRET", "one secret of the cluster");
        (string, string) file = ("IRIDIUM_CLUSTER_SECRET_FILE", "/run/secret");
        Assert.IsType<Invocation.Rejected>(Read("--cluster-secret=one-secret-of-the-cluster"));
        Assert.Equal((secret.Item2, null), SecretOf(Launch("", secret)));
        Assert.Equal((secret.Item2, null), SecretOf(Launch("", secret, file)));
        Assert.Equal((null, "/run/secret"), SecretOf(Launch("", file)));
        Assert.Equal((null, "/etc/own"), SecretOf(Launch("--cluster-secret-file /etc/own", secret, file)));
        Assert.Equal((null, null), SecretOf(Launch("")));

        static (string?, string?) SecretOf(NodeLaunch launch) => (launch.Secret, launch.SecretFile);
    }

    [Theory]
    [InlineData("")]
    [InlineData("off")]
    public void A_secret_that_is_none_is_refused(string none)
    {
        SettingResolver settings =
            Assert.IsType<Invocation.Node>(Read("", ("IRIDIUM_CLUSTER_SECRET", none))).Settings;
        UserError error = Assert.Single(settings.Resolve().Errors);
        Assert.Equal((ExitCode.Usage, "environment variable IRIDIUM_CLUSTER_SECRET"), (error.Code, error.Where));
    }

    [Fact]
    public void Flags_can_be_switched_off_where_a_weaker_source_switched_them_on()
    {
        Assert.True(Launch("", ("IRIDIUM_START_CLUSTER", "yes")).StartCluster);
        Assert.False(Launch("--start-cluster=false", ("IRIDIUM_START_CLUSTER", "yes")).StartCluster);
    }

    [Theory]
    [InlineData("--node-alis=x", "`--node-alis` is not an option", "did you mean --node-alias?")]
    [InlineData("--joni 1.2.3.4:5", "`--joni` is not an option", "did you mean --join?")]
    [InlineData("-x", "`-x` is not an option", "iridium --help")]
    [InlineData("a.iasm b.iasm", "`b.iasm` is one word too many", "iridium --help")]
    [InlineData("dev --nodes 0", "`0` is not a number of nodes", "from 1 to 16")]
    [InlineData("dev --nodes many", "`many` is not a number of nodes", "from 1 to 16")]
    [InlineData("pbm", "no node is named", "cluster show")]
    public void A_wrong_command_line_is_told_what_where_and_what_next(string words, string what, string next)
    {
        UserError error = Assert.IsType<Invocation.Rejected>(Read(words)).Error;
        Assert.Equal(ExitCode.Usage, error.Code);
        Assert.Contains(what, error.What);
        Assert.Contains(next, error.Next);
    }

    [Theory]
    [InlineData("--bind-port 70000", "`70000` is not a port", "option --bind-port")]
    [InlineData("--bind-port -1", "`-1` is not a port", "option --bind-port")]
    [InlineData("--pbm-port x", "`x` is not a port", "option --pbm-port")]
    [InlineData("-t 0", "`0` is not a count", "option --threads")]
    [InlineData("--join 2254", "`2254` is not a node's address", "option --join")]
    [InlineData("--join a:b", "`a:b` is not a node's address", "option --join")]
    [InlineData("--join ::1:2254", "`::1:2254` is not a node's address", "option --join")]
    [InlineData("--node-alias=a/b", "`a/b` is not an alias", "option --node-alias")]
    [InlineData("--log-level loud", "`loud` is not a log level", "option --log-level")]
    [InlineData("--output xml", "`xml` is not an output format", "option --output")]
    [InlineData("--server-bind-host ho/st", "`ho/st` is not a host", "option --server-bind-host")]
    public void A_wrong_value_is_an_error_that_names_its_option(string words, string what, string where)
    {
        SettingResolver settings = Assert.IsType<Invocation.Node>(Read(words)).Settings;
        UserError error = Assert.Single(settings.Resolve().Errors);
        Assert.Equal((what, where), (error.What, error.Where));
    }

    [Fact]
    public void All_wrong_values_are_told_at_once_and_their_sources_named()
    {
        SettingResolver settings = Assert.IsType<Invocation.Node>(
            Read("--bind-port x", ("IRIDIUM_PBM_PORT", "y"), ("IRIDIUM_DAEMON_MODE", "perhaps"))).Settings;
        Assert.Equal(
            ["option --bind-port", "environment variable IRIDIUM_PBM_PORT", "environment variable IRIDIUM_DAEMON_MODE"],
            settings.Resolve().Errors.Select(e => e.Where));
    }

    [Fact]
    public void An_error_reads_as_what_where_next() =>
        Assert.Equal(
            """
            iridium: `70000` is not a port
              where: option --bind-port
              next:  give a number from 1 to 65535, or 0 for any free port

            """,
            Assert.IsType<Invocation.Node>(Read("--bind-port 70000")).Settings.Resolve().Errors[0].ToText());

    [Fact]
    public void A_hostile_value_cannot_command_the_terminal()
    {
        SettingResolver settings = new(s => s == SettingTable.Alias ? "\e[2J" + new string('x', 500) : null, _ => null,
            _ => FileSettings.None);
        string text = Assert.Single(settings.Resolve().Errors).ToText();
        Assert.DoesNotContain('\e', text);
        Assert.True(text.Length < 400, text);
    }

    [Theory]
    [InlineData("127.0.0.1:2254", "127.0.0.1", 2254)]
    [InlineData("node.example:1", "node.example", 1)]
    [InlineData("[::1]:2254", "::1", 2254)]
    public void A_peer_is_a_host_and_a_port(string text, string host, int port)
    {
        Assert.Equal(new Endpoint(host, port), SettingParser.PeerOf(text));
        Assert.Equal(text, SettingParser.PeerOf(text).ToString());
    }

    [Fact]
    public void A_program_file_and_the_subcommands_are_told_apart()
    {
        Assert.Equal("hello.iasm", Assert.IsType<Invocation.RunProgram>(Read("hello.iasm")).File);
        Assert.Equal(3, Assert.IsType<Invocation.Dev>(Read("dev")).Nodes);
        Assert.Equal(5, Assert.IsType<Invocation.Dev>(Read("dev --nodes=5")).Nodes);
        Invocation.Pbm pbm = Assert.IsType<Invocation.Pbm>(Read("pbm 127.0.0.1:9110 cluster down -a 127.0.0.1:2255"));
        Assert.Equal("127.0.0.1:9110", pbm.Endpoint);
        Assert.Equal(["cluster", "down", "-a", "127.0.0.1:2255"], pbm.Words);
    }

    [Fact]
    public void Pbm_takes_the_output_option_anywhere()
    {
        Invocation.Pbm pbm = Assert.IsType<Invocation.Pbm>(Read("pbm h:1 cluster show --output json"));
        Assert.Equal(["cluster", "show"], pbm.Words);
        Assert.True(pbm.Settings.Resolve().Launch!.Json);
    }

    [Fact]
    public void No_two_settings_share_a_name_a_letter_a_variable_or_a_key()
    {
        Assert.Distinct(SettingTable.All.Select(s => s.Name));
        Assert.Distinct(SettingTable.All.Where(s => s.Letter is not null).Select(s => s.Letter));
        Assert.Distinct(SettingTable.All.Select(s => s.Variable));
        Assert.Distinct(SettingTable.All.Where(s => s.Key is not null).Select(s => s.Key));
        Assert.DoesNotContain(SettingTable.All, s => s.Letter == 'h');
    }
}
