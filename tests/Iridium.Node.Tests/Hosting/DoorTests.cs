using Akka.Configuration;
using Iridium.Node.Cli;
using Iridium.Node.Hosting;

namespace Iridium.Node.Tests.Hosting;

/// <summary>When a node on an engine that keeps nobody out must not start.</summary>
public sealed class DoorTests
{
    private const string Tcp = "akka.remote.dot-netty.tcp";

    private static UserError? Refusal(string hocon) =>
        Door.Refusal(ConfigurationFactory.ParseString(hocon), host => host == "127.0.0.1");

    [Theory]
    [InlineData("akka.remote.secret = known")]
    [InlineData("akka.remote.secret-file = \"/a/file\"")]
    public void A_secret_that_the_engine_does_not_know_is_not_passed_over(string secret)
    {
        UserError? refusal = Refusal($"{secret}\n{Tcp}.hostname = \"127.0.0.1\"\n{Tcp}.enable-ssl = on");
        Assert.Contains("would keep nobody out", refusal?.What, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, refusal?.Code);
    }

    [Theory]
    [InlineData("hostname = \"10.0.0.1\"")]
    [InlineData("hostname = \"127.0.0.1\", bind-hostname = \"0.0.0.0\"")]
    [InlineData("port = 1")]
    public void An_open_endpoint_that_others_reach_is_refused(string tcp) =>
        Assert.Contains("may not listen at", Refusal($"{Tcp} {{ {tcp} }}")?.What, StringComparison.Ordinal);

    [Theory]
    [InlineData("hostname = \"127.0.0.1\"", "secret = off")]
    [InlineData("hostname = \"10.0.0.1\", enable-ssl = on", "secret-file = off")]
    [InlineData("hostname = \"10.0.0.1\"", "insecure = on")]
    [InlineData("hostname = \"10.0.0.1\", bind-hostname = \"127.0.0.1\"", "insecure = off")]
    public void A_closed_one_and_one_that_is_wanted_open_may_start(string tcp, string remote) =>
        Assert.Null(Refusal($"{Tcp} {{ {tcp} }}\nakka.remote.{remote}"));

    [Fact]
    public void The_program_knows_the_engine_that_it_was_built_on() => Assert.Equal(TwoEngines.Engine.IsEmbedded, Door.EngineKeepsIt);
}
