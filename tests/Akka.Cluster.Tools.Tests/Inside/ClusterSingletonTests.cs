using Akka.Actor;
using Akka.Cluster.Tools.Singleton;
using Akka.Cluster.Tools.Tests.Specs;

#pragma warning disable CS0618 // Akka.NET 1.5 has it, and says that 1.6 will not.

namespace Akka.Cluster.Tools.Tests.Inside;

/// <summary>Where starting a singleton in one call is better than in Akka.NET.</summary>
public sealed class ClusterSingletonTests : SingletonNodes
{
    [Fact]
    public async Task Many_may_start_it_at_once_and_it_is_started_once()
    {
        ClusterSingleton singletons = ClusterSingleton.Get(await Join(null));
        using Barrier gate = new(4);
        IActorRef[] proxies = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
            () =>
            {
                gate.SignalAndWait(Patience);
                return singletons.Init(SingletonActor.Create(SingleOn(1), "single"));
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        Assert.Single(proxies.Distinct());
        Assert.Equal("started at 1", Next());
    }

    [Fact]
    public async Task The_app_version_counts_if_the_configuration_says_so()
    {
        ActorSystem system = await Join(null, "singleton.consider-app-version = on");
        ClusterSingletonSettings settings = ClusterSingletonSettings.Create(system);
        Assert.True(settings.ConsiderAppVersion);
        Assert.True(settings.ManagerOf("single").ConsiderAppVersion);
        Assert.True(settings.ProxyOf("single").ConsiderAppVersion);
    }

    [Fact]
    public void What_cannot_be_made_is_refused_at_once() =>
        Assert.Throws<ArgumentNullException>(() => SingletonActor.Create(null!, "single"));
}
