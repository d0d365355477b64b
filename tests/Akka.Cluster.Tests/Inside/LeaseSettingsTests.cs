using Akka.Actor;
using Akka.Cluster.Tests.Specs;
using Akka.Configuration;
using Akka.Coordination;

namespace Akka.Cluster.Tests.Inside;

/// <summary>How leases are configured, and what is said of a configuration that makes none.</summary>
public sealed class LeaseSettingsTests : IAsyncLifetime
{
    private ActorSystem _system = null!;

    public Task InitializeAsync()
    {
        _system = ActorSystem.Create("leases", ConfigurationFactory.ParseString($$"""
            akka.loglevel = OFF
            good { lease-class = "{{typeof(MemoryLease).AssemblyQualifiedName}}", heartbeat-timeout = 60s, own = 7 }
            without-class { own = 7 }
            wrong-class.lease-class = "System.Text.StringBuilder"
            no-class.lease-class = "No.Such.Lease, Nowhere"
            hasty { lease-class = "{{typeof(MemoryLease).AssemblyQualifiedName}}", heartbeat-interval = 61s }
            bare.lease-class = "{{typeof(LeaseWithoutConstructor).AssemblyQualifiedName}}"
            """));
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _system.Terminate();

    [Fact]
    public void A_lease_has_its_own_section_and_the_defaults_for_the_rest()
    {
        Lease lease = LeaseProvider.Get(_system).GetLease("x", "good", "me:1");
        Assert.Equal(("x", "me:1"), (lease.Settings.LeaseName, lease.Settings.OwnerName));
        TimeoutSettings times = lease.Settings.TimeoutSettings;
        Assert.Equal((12, 60, 5), ((int)times.HeartbeatInterval.TotalSeconds, (int)times.HeartbeatTimeout.TotalSeconds,
            (int)times.OperationTimeout.TotalSeconds));
        Assert.Equal(7, lease.Settings.LeaseConfig.GetInt("own"));
    }

    [Fact]
    public void There_is_one_for_each_name_and_owner()
    {
        LeaseProvider provider = LeaseProvider.Get(_system);
        Lease lease = provider.GetLease("x", "good", "me:1");
        Assert.Same(lease, provider.GetLease("x", "good", "me:1"));
        Assert.NotSame(lease, provider.GetLease("x", "good", "me:2"));
        Assert.NotSame(lease, provider.GetLease("y", "good", "me:1"));
    }

    [Theory]
    [InlineData("nowhere", "no section 'nowhere'")]
    [InlineData("without-class", "without-class.lease-class is empty")]
    [InlineData("wrong-class", "wrong-class.lease-class names 'System.Text.StringBuilder', which is no class that extends")]
    [InlineData("no-class", "no-class.lease-class names 'No.Such.Lease, Nowhere'")]
    [InlineData("bare", "needs a constructor of (LeaseSettings, ExtendedActorSystem) or (LeaseSettings)")]
    public void What_makes_no_lease_is_named(string section, string says)
    {
        var error = Assert.Throws<ConfigurationException>(() => LeaseProvider.Get(_system).GetLease("x", section, "me"));
        Assert.Contains(says, error.Message);
    }

    [Fact]
    public void A_lease_must_be_renewed_twice_in_its_time()
    {
        var error = Assert.Throws<ArgumentException>(() => LeaseProvider.Get(_system).GetLease("x", "hasty", "me"));
        Assert.Contains("heartbeat-interval is 00:01:01, but must be at most half of heartbeat-timeout", error.Message);
    }

    [Fact]
    public void The_strategy_wants_to_know_which_lease()
    {
        Config config = ConfigurationFactory.ParseString("""
            akka { loglevel = OFF, stdout-loglevel = OFF, actor.provider = cluster }
            akka.remote.dot-netty.tcp { hostname = 127.0.0.1, port = 0 }
            akka.cluster.split-brain-resolver.active-strategy = lease-majority
            """);
        Exception error = Assert.ThrowsAny<Exception>(() => Cluster.Get(ActorSystem.Create("leases", config)));
        Assert.Contains("lease-majority.lease-implementation is empty", $"{error}");
    }

    private abstract class LeaseWithoutConstructor(string name) : Lease(new LeaseSettings(
        name, name, new TimeoutSettings(TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero), Config.Empty));
}
