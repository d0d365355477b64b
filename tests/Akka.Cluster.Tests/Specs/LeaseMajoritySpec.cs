using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Akka.Coordination;

namespace Akka.Cluster.Tests.Specs;

/// <summary>A downing strategy that asks a lease of the user's own, and what happens when that does what it wants.</summary>
public sealed class LeaseMajoritySpec : IAsyncLifetime
{
    private readonly ClusterNodes _nodes = new();

    // A lease is shared by name, and tests run side by side.
    private readonly string _name = $"lease-{Guid.NewGuid():N}";

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _nodes.DisposeAsync();

    [Fact]
    public async Task Who_gets_the_lease_goes_on_without_who_crashed()
    {
        Cluster[] nodes = await OneOfThreeCrashes("grants");
        await ClusterNodes.AllSee(nodes, 2);
        string[] names = [.. nodes.Select(node => node.SelfAddress.HostPort())];
        Assert.Contains(MemoryLease.OwnerOf(_name), names);
    }

    [Theory]
    [InlineData("is another's")]
    [InlineData("fails")]
    [InlineData("throws")]
    [InlineData("never answers")]
    public async Task Who_does_not_get_it_goes(string manner)
    {
        Cluster[] nodes = await OneOfThreeCrashes(manner);
        await Task.WhenAll(nodes.Select(node => node.System.WhenTerminated)).WaitAsync(TimeSpan.FromSeconds(20));
    }

    private async Task<Cluster[]> OneOfThreeCrashes(string manner)
    {
        string config = $$"""
            leader-actions-interval = 100ms
            unreachable-nodes-reaper-interval = 100ms
            split-brain-resolver {
              stable-after = 300ms
              active-strategy = lease-majority
              lease-majority { lease-implementation = akka.cluster.test-lease, lease-name = {{_name}} }
            }
            test-lease {
              lease-class = "{{typeof(MemoryLease).AssemblyQualifiedName}}"
              lease-operation-timeout = 300ms
              manner = "{{manner}}"
            }
            """;
        Cluster[] nodes = await _nodes.Form(2, config);
        Cluster victim = _nodes.Start(config, withoutGoodbye: true);
        await victim.JoinAsync(nodes[0].SelfAddress);
        await ClusterNodes.AllSee([.. nodes, victim], 3);
        await ClusterNodes.Crash(victim);
        return nodes;
    }
}

/// <summary>A lease for one process, which does as its section's <c>manner</c> says.</summary>
public sealed class MemoryLease(LeaseSettings settings, ExtendedActorSystem system) : Lease(settings)
{
    private static readonly ConcurrentDictionary<string, string> Owners = [];

    public static string OwnerOf(string name) => Owners.GetValueOrDefault(name, "");

    public override Task<bool> Acquire() => Settings.LeaseConfig.GetString("manner") switch
    {
        "grants" => Task.FromResult(Owners.GetOrAdd(Settings.LeaseName, Settings.OwnerName) == Settings.OwnerName),
        "is another's" => Task.FromResult(false),
        "fails" => Task.FromException<bool>(new LeaseException($"{system.Name} cannot reach the database")),
        "throws" => throw new LeaseException("not even a task"),
        _ => new TaskCompletionSource<bool>().Task,
    };

    public override Task<bool> Acquire(Action<Exception?> leaseLostCallback) => Acquire();

    public override Task<bool> Release() =>
        Task.FromResult(Owners.TryRemove(new KeyValuePair<string, string>(Settings.LeaseName, Settings.OwnerName)));

    public override bool CheckLease() => OwnerOf(Settings.LeaseName) == Settings.OwnerName;
}
