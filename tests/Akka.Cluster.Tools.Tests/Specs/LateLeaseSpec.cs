using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;
using Akka.Event;

namespace Akka.Cluster.Tools.Tests.Specs;

/// <summary>A singleton's lease that is granted when nobody waits for the answer any more: it is used, or given
/// back.</summary>
public sealed class LateLeaseSpec : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly string _key = $"lease-{Guid.NewGuid():N}";
    private readonly BlockingCollection<string> _log = [];
    private ActorSystem _system = null!;

    public async Task InitializeAsync()
    {
        _system = ActorSystem.Create("late", ConfigurationFactory.ParseString($$"""
            akka { actor.provider = cluster, loglevel = WARNING, stdout-loglevel = OFF, loggers = [] }
            akka.remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
            akka.cluster.singleton { use-lease = slow, lease-retry-interval = 1h }
            slow { key = {{_key}}, lease-operation-timeout = 50ms }
            slow.lease-class = "{{typeof(SlowLease).AssemblyQualifiedName}}"
            """));
        Cluster cluster = Cluster.Get(_system);
        _system.EventStream.Subscribe(_system.ActorOf(Props.Create(() => new Reader(_log))), typeof(Warning));
        await cluster.JoinAsync(cluster.SelfAddress).WaitAsync(Patience);
    }

    public Task DisposeAsync() => _system.Terminate().WaitAsync(Patience);

    [EmbeddedFact("Akka.NET does not judge a lease by the time that its answer takes")]
    public void It_starts_on_a_grant_that_comes_after_the_time_for_it()
    {
        _system.ActorOf(Manager);
        TaskCompletionSource<bool> asked = AskedInVain();

        SlowLease.Of(_key).Grant(asked);

        Assert.Equal("started", Next());
        Assert.Empty(SlowLease.Of(_key).Released);
    }

    [EmbeddedFact("Akka.NET does not judge a lease by the time that its answer takes")]
    public async Task A_grant_that_comes_after_its_manager_has_ended_is_given_back()
    {
        IActorRef manager = _system.ActorOf(Manager);
        TaskCompletionSource<bool> asked = AskedInVain();
        await manager.GracefulStop(Patience);

        SlowLease.Of(_key).Grant(asked);

        Assert.True(SlowLease.Of(_key).Released.TryTake(out _, Patience), "it is kept by nobody");
    }

    [EmbeddedFact("Akka.NET does not judge a lease by the time that its answer takes")]
    public async Task A_grant_that_comes_after_its_manager_has_ended_is_its_successors()
    {
        Props manager = Manager;
        IActorRef house = _system.ActorOf(Props.Create(() => new House(manager)), "house");
        TaskCompletionSource<bool> asked = AskedInVain();
        house.Tell("next");
        TaskCompletionSource<bool> askedAgain = AskedInVain();
        SlowLease.Of(_key).Grant(askedAgain);
        Assert.Equal("started", Next());

        SlowLease.Of(_key).Grant(asked);

        await _system.ActorSelection("/user/house/single").Ask<ActorIdentity>(new Identify(1), Patience);
        Assert.Empty(SlowLease.Of(_key).Released);
    }

    private TaskCompletionSource<bool> AskedInVain()
    {
        Assert.True(SlowLease.Of(_key).Asked.TryTake(out TaskCompletionSource<bool>? asked, Patience));
        Assert.StartsWith("Cannot find out whose the singleton's lease is: no answer within", Next());
        return asked;
    }

    private Props Manager => ClusterSingletonManager.Props(
        Props.Create(() => new Single(_log)), ClusterSingletonManagerSettings.Create(_system));

    private string Next() => _log.TryTake(out string? line, Patience) ? line : "nothing happened";

    private sealed class Single : UntypedActor
    {
        public Single(BlockingCollection<string> log) => log.Add("started");

        protected override void OnReceive(object message)
        {
        }
    }

    /// <summary>Where the next manager has the name of the one before, and so its lease.</summary>
    private sealed class House : ReceiveActor
    {
        public House(Props manager)
        {
            Move(manager);
            Receive<string>(_ => Context.Stop(Context.Child("single")));
            Receive<Terminated>(_ => Move(manager));
        }

        private static void Move(Props manager) => Context.Watch(Context.ActorOf(manager, "single"));
    }

    private sealed class Reader : ReceiveActor
    {
        public Reader(BlockingCollection<string> log) => Receive<Warning>(
            warning => warning.Message.ToString()!.Contains("lease", StringComparison.Ordinal),
            warning => log.Add(warning.Message.ToString()!));
    }
}
