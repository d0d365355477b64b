using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;
using Akka.Coordination;

// Akka.NET calls some of what is judged here obsolete.
#pragma warning disable CS0618

namespace Akka.Cluster.Tools.Tests.Specs;

/// <summary>One singleton in a cluster of several nodes in one process.</summary>
public sealed class SingletonSpec : SingletonNodes
{
    [Fact]
    public async Task It_runs_on_the_oldest_and_a_proxy_finds_it_from_anywhere()
    {
        ActorSystem first = await Start(null);
        ActorSystem second = await Start(first);

        Assert.Equal("started at 1", Next());
        Assert.Equal("1", await Proxy(second, 2).Ask<string>("where", Patience));
        Assert.Equal("1", await Proxy(first, 1).Ask<string>("where", Patience));
    }

    [Fact]
    public async Task It_stops_on_a_node_that_leaves_before_it_starts_on_the_next()
    {
        ActorSystem first = await Start(null);
        ActorSystem second = await Start(first);
        IActorRef proxy = Proxy(second, 2);
        Assert.Equal("started at 1", Next());
        Assert.Equal("1", await proxy.Ask<string>("where", Patience));

        await first.Terminate().WaitAsync(Patience);

        Assert.Equal("stopped at 1", Next());
        Assert.Equal("started at 2", Next());
        Assert.Equal("2", await proxy.Ask<string>("where", Patience));
    }

    [Fact]
    public async Task It_runs_among_the_members_with_the_role_only()
    {
        ActorSystem first = await Start(null, singleton: false);
        ActorSystem second = await Start(first, "roles = [worker]", settings => settings.WithRole("worker"));

        Assert.Equal("started at 2", Next());
        IActorRef proxy = first.ActorOf(ClusterSingletonProxy.Props(
            "/user/single", ClusterSingletonProxySettings.Create(first).WithRole("worker")));
        Assert.Equal("2", await proxy.Ask<string>("where", Patience));
        Assert.Equal("2", await second.ActorSelection("/user/single/singleton").Ask<string>("where", Patience));
    }

    [Fact]
    public async Task When_its_node_crashes_it_starts_elsewhere_after_the_removal_and_the_proxy_finds_it_there()
    {
        const string quick = "split-brain-resolver.stable-after = 1s";
        ActorSystem first = await Start(null, quick, crashes: true);
        ActorSystem second = await Start(first, quick, AtOnce);
        ActorSystem third = await Start(first, quick, AtOnce);
        Assert.Equal("started at 1", Next());
        IActorRef proxy = Proxy(third, 3);
        Assert.Equal("1", await proxy.Ask<string>("where", Patience));

        // It tells nobody that it goes.
        await first.Terminate().WaitAsync(Patience);
        Assert.Equal("stopped at 1", Next());

        Assert.Equal("started at 2", Next());
        Assert.Equal("2", await Found(proxy));
    }

    [EmbeddedFact("what an Akka.NET proxy drops is no dead letter")]
    public async Task Of_what_is_said_while_there_is_no_singleton_the_oldest_is_dropped_first()
    {
        ActorSystem system = await Start(null, singleton: false);
        var buried = new BlockingCollection<object>();
        system.EventStream.Subscribe(
            system.ActorOf(Props.Create(() => new Undertaker(buried))), typeof(Event.DeadLetter));
        IActorRef proxy = system.ActorOf(ClusterSingletonProxy.Props(
            "/user/single", ClusterSingletonProxySettings.Create(system).WithBufferSize(2)));

        foreach (string text in new[] { "one", "two", "three" }) proxy.Tell(text, system.DeadLetters);

        Assert.Equal("one", buried.TryTake(out object? letter, Patience) ? letter : "nothing");
    }

    [Fact]
    public async Task It_is_told_in_its_own_words_to_stop_and_the_next_waits_for_it()
    {
        ActorSystem first = await Start(null, stop: "please stop");
        ActorSystem second = await Start(first, stop: "please stop");
        Assert.Equal("started at 1", Next());

        await Cluster.Get(first).LeaveAsync().WaitAsync(Patience);

        Assert.Equal(["told at 1", "stopped at 1", "started at 2"], [Next(), Next(), Next()]);
        Assert.False(Cluster.Get(second).IsTerminated);
    }

    [EmbeddedFact("a manager of Akka.NET that is made then does not start its singleton")]
    public async Task A_manager_that_is_made_when_the_oldest_is_going_waits_for_it()
    {
        ActorSystem first = await Start(null, stop: "wait");
        ActorSystem second = await Start(first, singleton: false);
        Assert.Equal("started at 1", Next());
        var exits = new TaskCompletionSource();
        IActorRef observer = second.ActorOf(Props.Create(() => new Observer(exits)));
        Cluster.Get(second).Subscribe(
            observer, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.MemberExited));
        Task left = Cluster.Get(first).LeaveAsync();
        await exits.Task.WaitAsync(Patience);

        IActorRef late = Manage(second, 2);
        await late.Ask<ActorIdentity>(new Identify(1), Patience);
        first.ActorSelection("/user/single/singleton").Tell("please stop");

        Assert.Equal(["told at 1", "stopped at 1", "started at 2"], [Next(), Next(), Next()]);
        await left.WaitAsync(Patience);
    }

    [Fact]
    public async Task Where_no_singleton_can_be_there_is_no_manager()
    {
        ActorSystem system = await Start(null, singleton: false);
        var ended = new TaskCompletionSource();
        system.ActorOf(Props.Create(() => new Mourner(
            ClusterSingletonManager.Props(Props.Empty, ClusterSingletonManagerSettings.Create(system).WithRole("other")),
            ended)));
        await ended.Task.WaitAsync(Patience);
    }

    [EmbeddedFact("what an Akka.NET proxy kept is gone with it")]
    public async Task A_proxy_ends_with_its_nodes_membership_and_what_it_kept_is_a_dead_letter()
    {
        const string stays = "run-coordinated-shutdown-when-down = off";
        ActorSystem system = await Start(null, stays, singleton: false);
        var buried = new BlockingCollection<object>();
        system.EventStream.Subscribe(
            system.ActorOf(Props.Create(() => new Undertaker(buried))), typeof(Event.DeadLetter));
        IActorRef proxy = Proxy(system, 1);
        proxy.Tell("kept", system.DeadLetters);

        Cluster.Get(system).Down(Cluster.Get(system).SelfAddress);

        Assert.Equal("kept", buried.TryTake(out object? letter, Patience) ? letter : "nothing");
    }

    [EmbeddedTheory("Akka.NET takes some, and uses other words")]
    [InlineData("", 1000, 1000, "singletonName")]
    [InlineData("single", 0, 1000, "singletonIdentificationInterval")]
    [InlineData("single", 1000, -1, "bufferSize must be 0 to 10000, but is -1")]
    [InlineData("single", 1000, 10_001, "bufferSize must be 0 to 10000, but is 10001")]
    public void A_proxys_settings_make_sense(string name, int interval, int buffer, string error) => Assert.Contains(
        error,
        Assert.ThrowsAny<ArgumentException>(() => new ClusterSingletonProxySettings(
            name, null, TimeSpan.FromMilliseconds(interval), buffer, considerAppVersion: false)).Message,
        StringComparison.Ordinal);

    [EmbeddedTheory("Akka.NET uses other words")]
    [InlineData("", 0, 1000, "singletonName")]
    [InlineData("single", -1, 1000, "removalMargin must be 0 or more")]
    [InlineData("single", 0, 0, "handOverRetryInterval must be more than 0")]
    public void A_managers_settings_make_sense(string name, int margin, int interval, string error) => Assert.Contains(
        error,
        Assert.ThrowsAny<ArgumentException>(() => new ClusterSingletonManagerSettings(
            name, null, TimeSpan.FromMilliseconds(margin), TimeSpan.FromMilliseconds(interval), null, false)).Message,
        StringComparison.Ordinal);

    [EmbeddedTheory("Akka.NET takes them")]
    [InlineData("0s")]
    [InlineData("infinite")]
    public void A_lease_is_not_asked_for_without_a_pause_nor_never_again(string interval)
    {
        Config config = ConfigurationFactory.ParseString($"use-lease = some, lease-retry-interval = {interval}")
            .WithFallback(ClusterSingleton.DefaultConfig().GetConfig("akka.cluster.singleton"));
        Assert.Contains(
            "lease-retry-interval must be a finite time above 0",
            Assert.ThrowsAny<ArgumentException>(() => ClusterSingletonManagerSettings.Create(config)).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "leaseRetryInterval must be a finite time above 0",
            Assert.ThrowsAny<ArgumentException>(() => new LeaseUsageSettings("some", TimeSpan.Zero)).Message,
            StringComparison.Ordinal);
    }

    [EmbeddedFact("the role of nothing stays what it is in Akka.NET")]
    public void No_role_may_be_written_as_nothing()
    {
        var manager = new ClusterSingletonManagerSettings("single", "", TimeSpan.Zero, TimeSpan.FromSeconds(1), true);
        Assert.Null(manager.Role);
        Assert.Null(manager.LeaseSettings);
        Assert.True(manager.ConsiderAppVersion);
        Assert.Null(manager.WithRole("some").WithRole("").Role);
        var proxy = new ClusterSingletonProxySettings("single", "", TimeSpan.FromSeconds(1), 1, false);
        Assert.Null(proxy.Role);
        Assert.Equal("some", proxy.WithRole("some").Role);
        Assert.Null(proxy.WithRole("some").WithRole("").Role);
    }

    [Fact]
    public async Task With_a_lease_it_starts_when_the_lease_is_free_stops_when_it_is_lost_and_hands_it_over()
    {
        string key = $"lease-{Guid.NewGuid():N}";
        string config = $$"""
            singleton { use-lease = akka.cluster.test-lease, lease-retry-interval = 50ms }
            test-lease { lease-class = "{{typeof(OneOwner).AssemblyQualifiedName}}", key = {{key}} }
            """;
        OneOwner.GiveTo(key, "somebody");
        ActorSystem first = await Start(null, config);
        await Start(first, config);
        string one = Cluster.Get(first).SelfAddress.HostPort();
        for (int times = 0; times < 3; times++)
        {
            Assert.True(OneOwner.AskersOf(key).TryTake(out string? asker, Patience));
            Assert.Equal(one, asker);
        }

        Assert.Empty(Log);
        OneOwner.Free(key);
        Assert.Equal("started at 1", Next());
        Assert.Equal(one, OneOwner.OwnerOf(key));

        OneOwner.GiveTo(key, "somebody");
        Assert.Equal("stopped at 1", Next());
        OneOwner.Free(key);
        Assert.Equal("started at 1", Next());

        await first.Terminate().WaitAsync(Patience);
        Assert.Equal(["stopped at 1", "started at 2"], [Next(), Next()]);
        ActorSystem second = Systems[1];
        await second.Terminate().WaitAsync(Patience);
        Assert.Equal("", OneOwner.OwnerOf(key));
    }

    // What is said before the proxy has noticed the crash is lost with the node, so it is asked again.
    private static async Task<string> Found(IActorRef proxy)
    {
        for (DateTime end = DateTime.UtcNow + Patience; ;)
        {
            try
            {
                return await proxy.Ask<string>("where", TimeSpan.FromSeconds(1));
            }
            catch (AskTimeoutException) when (DateTime.UtcNow < end)
            {
            }
        }
    }

    private static ClusterSingletonManagerSettings AtOnce(ClusterSingletonManagerSettings settings) =>
        settings.WithRemovalMargin(TimeSpan.FromMilliseconds(1));

    private async Task<ActorSystem> Start(
        ActorSystem? seed,
        string config = "",
        Func<ClusterSingletonManagerSettings, ClusterSingletonManagerSettings>? with = null,
        bool crashes = false,
        bool singleton = true,
        object? stop = null)
    {
        ActorSystem system = await Join(seed, config, crashes);
        if (!singleton) return system;
        Manage(system, Systems.Count, with, stop);
        return system;
    }

    private IActorRef Manage(
        ActorSystem system,
        int number,
        Func<ClusterSingletonManagerSettings, ClusterSingletonManagerSettings>? with = null,
        object? stop = null)
    {
        ClusterSingletonManagerSettings settings = ClusterSingletonManagerSettings.Create(system);
        settings = with?.Invoke(settings) ?? settings;
        return system.ActorOf(ClusterSingletonManager.Props(SingleOn(number), stop ?? PoisonPill.Instance, settings), "single");
    }

    private static IActorRef Proxy(ActorSystem system, int number) => system.ActorOf(
        ClusterSingletonProxy.Props("/user/single", ClusterSingletonProxySettings.Create(system)), $"proxy{number}");

    private sealed class Observer : ReceiveActor
    {
        public Observer(TaskCompletionSource seen) => ReceiveAny(_ => seen.TrySetResult());
    }

    private sealed class Mourner : ReceiveActor
    {
        public Mourner(Props props, TaskCompletionSource ended)
        {
            Context.Watch(Context.ActorOf(props));
            Receive<Terminated>(_ => ended.SetResult());
        }
    }

    private sealed class Undertaker : ReceiveActor
    {
        public Undertaker(BlockingCollection<object> buried) =>
            Receive<Event.DeadLetter>(letter => letter.Message is string, letter => buried.Add(letter.Message));
    }
}
