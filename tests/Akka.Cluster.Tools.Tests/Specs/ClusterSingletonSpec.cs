using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Cluster.Tools.Singleton;
using Akka.Coordination;

// Akka.NET 1.5 has it, and says that 1.6 will not.
#pragma warning disable CS0618

namespace Akka.Cluster.Tools.Tests.Specs;

/// <summary>A singleton and the way to it, started in one call on every node.</summary>
public sealed class ClusterSingletonSpec : SingletonNodes
{
    [Fact]
    public async Task It_runs_on_the_oldest_and_what_is_given_back_leads_to_it_from_anywhere()
    {
        ActorSystem first = await Join(null);
        IActorRef near = Init(first, 1);
        ActorSystem second = await Join(first);
        IActorRef far = Init(second, 2);

        Assert.Equal("started at 1", Next());
        Assert.Equal("1", await near.Ask<string>("where", Patience));
        Assert.Equal("1", await far.Ask<string>("where", Patience));
        // Where nodes of the other engine look for it.
        Assert.Equal("1", await first.ActorSelection("/user/singletonManagersingle/single").Ask<string>("where", Patience));
        Assert.Equal("/user/singletonProxysingle", far.Path.ToStringWithoutAddress());
    }

    [Fact]
    public async Task One_name_is_one_singleton_and_one_proxy_whatever_is_said_the_second_time()
    {
        ActorSystem system = await Join(null);
        IActorRef proxy = Init(system, 1);
        Assert.Same(ClusterSingleton.Get(system), new ClusterSingletonProvider().Get(system));

        ClusterSingletonSettings others = ClusterSingletonSettings.Create(system).WithRole("other");
        Assert.Equal(proxy, Init(system, 2, singleton => singleton.WithSettings(others)));
        Assert.NotEqual(proxy, ClusterSingleton.Get(system).Init(SingletonActor.Create(SingleOn(3), "another")));
        Assert.Equal(["started at 1", "started at 3"], new[] { Next(), Next() }.Order());
        Assert.Empty(Log);
    }

    [Fact]
    public async Task A_node_without_the_role_has_no_manager_and_reaches_it_all_the_same()
    {
        ActorSystem first = await Join(null);
        ActorSystem second = await Join(first, "roles = [worker]");
        first.EventStream.Subscribe(first.ActorOf(Props.Create(() => new Reader(Log))), typeof(Event.Error));
        IActorRef proxy = Init(first, 1, AmongWorkers);
        Init(second, 2, AmongWorkers);

        Assert.Equal("started at 2", Next());
        Assert.Equal("2", await proxy.Ask<string>("where", Patience));
        ActorIdentity manager = await first.ActorSelection("/user/singletonManagersingle").Ask<ActorIdentity>(
            new Identify("manager"), Patience);
        Assert.Null(manager.Subject);
        // A manager there would fail for want of the role.
        Assert.Empty(Log);

        SingletonActor AmongWorkers(SingletonActor singleton) =>
            singleton.WithSettings(ClusterSingletonSettings.Create(first).WithRole("worker"));
    }

    [Fact]
    public async Task It_is_told_in_its_own_words_to_stop()
    {
        ActorSystem first = await Join(null);
        Init(first, 1, singleton => singleton.WithStopMessage("please stop"));
        ActorSystem second = await Join(first);
        IActorRef proxy = Init(second, 2, singleton => singleton.WithStopMessage("please stop"));
        Assert.Equal("started at 1", Next());

        await Cluster.Get(first).LeaveAsync().WaitAsync(Patience);

        Assert.Equal(["told at 1", "stopped at 1", "started at 2"], [Next(), Next(), Next()]);
        Assert.Equal("2", await proxy.Ask<string>("where", Patience));
    }

    [Fact]
    public async Task Without_settings_it_goes_by_the_configuration()
    {
        ActorSystem system = await Join(null, """
            roles = [worker]
            singleton { role = worker, hand-over-retry-interval = 2s }
            singleton-proxy { role = other, singleton-identification-interval = 3s, buffer-size = 4 }
            """);
        ClusterSingletonSettings settings = ClusterSingletonSettings.Create(system);

        Assert.Equal(("worker", 2.0, 3.0, 4), (
            settings.Role, settings.HandOverRetryInterval.TotalSeconds,
            settings.SingletonIdentificationInterval.TotalSeconds, settings.BufferSize));
        Assert.Equal(TimeSpan.Zero, settings.RemovalMargin);
        Assert.Null(settings.LeaseSettings);
        // The proxy looks where the singleton is, not where its own section says.
        Assert.Equal("1", await Init(system, 1).Ask<string>("where", Patience));
    }

    [Fact]
    public async Task Settings_keep_what_is_not_changed()
    {
        var lease = new LeaseUsageSettings("some", TimeSpan.FromSeconds(6));
        ClusterSingletonSettings settings = ClusterSingletonSettings.Create(await Join(null)).WithRole("worker")
            .WithHandOverRetryInterval(TimeSpan.FromSeconds(2))
            .WithSingletonIdentificationInterval(TimeSpan.FromSeconds(3))
            .WithBufferSize(4)
            .WithRemovalMargin(TimeSpan.FromSeconds(5))
            .WithLeaseSettings(lease);

        Assert.Equal(("worker", 2.0, 3.0, 4, 5.0, lease), (
            settings.Role, settings.HandOverRetryInterval.TotalSeconds,
            settings.SingletonIdentificationInterval.TotalSeconds, settings.BufferSize,
            settings.RemovalMargin.TotalSeconds, settings.LeaseSettings));
        Assert.ThrowsAny<ArgumentException>(() => settings.WithBufferSize(-1));
        Assert.ThrowsAny<ArgumentException>(() => settings.WithRemovalMargin(TimeSpan.FromSeconds(-1)));
    }

    [Fact]
    public async Task A_description_keeps_what_is_not_changed_and_one_without_a_name_starts_nothing()
    {
        ActorSystem system = await Join(null);
        ClusterSingletonSettings settings = ClusterSingletonSettings.Create(system);
        SingletonActor plain = SingletonActor.Create(Props.Empty, "single");
        Assert.False(plain.StopMessage.HasValue || plain.Settings.HasValue);
        SingletonActor full = plain.WithStopMessage("stop").WithSettings(settings).WithProps(SingleOn(1));
        Assert.Equal(("single", "stop", settings), (full.Name, full.StopMessage.Value, full.Settings.Value));
        Assert.Equal(SingleOn(1).Type, full.Props.Type);
        Assert.Equal(("stop", settings), (
            full.WithStopMessage(null!).StopMessage.Value, full.WithSettings(null!).Settings.Value));

        Assert.ThrowsAny<ArgumentException>(() => ClusterSingleton.Get(system).Init(SingletonActor.Create(SingleOn(1), "")));
        Assert.Throws<InvalidActorNameException>(
            () => ClusterSingleton.Get(system).Init(SingletonActor.Create(SingleOn(1), "a/b")));
        Assert.Empty(Log);
    }

    private IActorRef Init(ActorSystem system, int number, Func<SingletonActor, SingletonActor>? with = null)
    {
        SingletonActor singleton = SingletonActor.Create(SingleOn(number), "single");
        return ClusterSingleton.Get(system).Init(with?.Invoke(singleton) ?? singleton);
    }

    private sealed class Reader : ReceiveActor
    {
        public Reader(BlockingCollection<string> log) => Receive<Event.Error>(error => log.Add(error.ToString()));
    }
}
