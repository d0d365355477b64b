using Akka.Actor;
using Akka.Cluster.SBR;
using Akka.Configuration;

namespace Akka.Cluster.Tests.Specs;

/// <summary>How downing is configured, and that each strategy downs a crashed node.</summary>
public class DowningSettingsSpec : IAsyncLifetime
{
    private const string Quick =
        "leader-actions-interval = 100ms, unreachable-nodes-reaper-interval = 100ms, "
        + "split-brain-resolver.stable-after = 300ms, ";

    private readonly ClusterNodes _nodes = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _nodes.DisposeAsync();

    [Theory]
    [InlineData("keep-majority")]
    [InlineData("keep-oldest")]
    [InlineData("static-quorum, split-brain-resolver.static-quorum.quorum-size = 2")]
    public async Task Two_of_three_go_on_without_the_third(string strategy)
    {
        string config = Quick + $"split-brain-resolver.active-strategy = {strategy}";
        Cluster[] nodes = await _nodes.Form(2, config);
        Cluster victim = _nodes.Start(config, withoutGoodbye: true);
        await victim.JoinAsync(nodes[0].SelfAddress);
        await ClusterNodes.AllSee([.. nodes, victim], 3);

        await ClusterNodes.Crash(victim);

        await ClusterNodes.AllSee(nodes, 2);
    }

    [Fact]
    public async Task Nobody_goes_on_when_all_are_to_be_downed()
    {
        const string config = Quick + "split-brain-resolver.active-strategy = down-all";
        Cluster[] nodes = await _nodes.Form(2, config);
        Cluster victim = _nodes.Start(config, withoutGoodbye: true);
        await victim.JoinAsync(nodes[0].SelfAddress);
        await ClusterNodes.AllSee([.. nodes, victim], 3);

        await ClusterNodes.Crash(victim);

        await Task.WhenAll(nodes.Select(node => node.System.WhenTerminated)).WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Without_a_provider_nobody_is_downed_but_by_people()
    {
        const string config = Quick + "downing-provider-class = \"\"";
        Cluster[] nodes = await _nodes.Form(2, config);
        Cluster victim = _nodes.Start(config, withoutGoodbye: true);
        await victim.JoinAsync(nodes[0].SelfAddress);
        await ClusterNodes.AllSee([.. nodes, victim], 3);
        await ClusterNodes.Crash(victim);
        await ClusterNodes.Until(nodes[0], state => state.Unreachable.Any(m => m.Address == victim.SelfAddress));
        Assert.IsType<NoDowning>(nodes[0].DowningProvider);

        nodes[0].Down(victim.SelfAddress);

        await ClusterNodes.AllSee(nodes, 2);
    }

    [Fact]
    public void Settings_are_read_and_have_defaults()
    {
        SplitBrainResolverSettings settings = Read("");
        Assert.Equal("keep-majority", settings.DowningStrategy);
        Assert.Equal(TimeSpan.FromSeconds(15), settings.DownAllWhenUnstable);
        Assert.True(settings.KeepOldestSettings.DownIfAlone);

        settings = Read("""
            stable-after = 2s, down-all-when-unstable = on, active-strategy = static-quorum
            static-quorum { quorum-size = 3, role = db }
            keep-oldest { down-if-alone = off, role = db }
            keep-majority.role = db
            """);
        Assert.Equal(TimeSpan.FromSeconds(4), settings.DownAllWhenUnstable);
        Assert.Equal((3, "db"), (settings.StaticQuorumSettings.Size, settings.StaticQuorumSettings.Role));
        Assert.Equal((false, "db"), (settings.KeepOldestSettings.DownIfAlone, settings.KeepOldestSettings.Role));
        Assert.Equal("db", settings.KeepMajorityRole);
        Assert.Equal(TimeSpan.Zero, Read("down-all-when-unstable = off").DownAllWhenUnstable);
    }

    [Fact]
    public void An_unknown_strategy_is_an_error() =>
        Assert.Throws<ConfigurationException>(() => Read("active-strategy = keep-the-best"));

    private SplitBrainResolverSettings Read(string hocon) => new(ConfigurationFactory.ParseString(
        $"akka.cluster.split-brain-resolver {{ stable-after = 20s\n {hocon} }}")
        .WithFallback(_nodes.Start().System.Settings.Config));
}
