using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Cluster.Tests.Specs;
using Akka.Event;

namespace Akka.Cluster.Tests.Inside;

/// <summary>What subscribers hear when it is over, and who waits for them.</summary>
public sealed class LastWordsTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ClusterNodes _nodes = new();
    private readonly ActorSystem _audience = ActorSystem.Create("audience");
    private readonly BlockingCollection<object> _heard = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _nodes.DisposeAsync();
        await _audience.Terminate();
    }

    [Theory]
    [InlineData(null)]
    [InlineData(typeof(ClusterEvent.ClusterShuttingDown))]
    [InlineData(typeof(object))]
    public async Task The_system_does_not_end_before_its_actors_have_read_that_the_cluster_has(Type? atEventStream)
    {
        Cluster node = _nodes.Start();
        node.LastWordsPatience = Patience;
        await node.JoinAsync(node.SelfAddress);
        using var mayRead = new ManualResetEventSlim();
        object? read = null;
        Action<object> slowly = message =>
        {
            mayRead.Wait(Patience);
            if (message is ClusterEvent.ClusterShuttingDown) read = message;
        };
        IActorRef reader = node.System.ActorOf(Props.Create(() => new Listener(slowly)));
        if (atEventStream is null) node.Subscribe(reader, typeof(ClusterEvent.ClusterShuttingDown));
        else node.System.EventStream.Subscribe(reader, atEventStream);
        object? readInTime = null;
        CoordinatedShutdown.Get(node.System).AddTask(CoordinatedShutdown.PhaseBeforeActorSystemTerminate, "look", () =>
        {
            readInTime = read;
            return Task.FromResult(Done.Instance);
        });

        Task ended = node.System.Terminate();
        await IsOver(node);
        mayRead.Set();
        await ended.WaitAsync(Patience);

        Assert.IsType<ClusterEvent.ClusterShuttingDown>(readInTime);
    }

    [Fact]
    public async Task Who_unsubscribes_after_the_end_leaves_no_dead_letter_that_is_logged()
    {
        Cluster node = _nodes.Start("run-coordinated-shutdown-when-down = off");
        await node.JoinAsync(node.SelfAddress);
        node.Down(node.SelfAddress);
        await IsOver(node);
        IActorRef listener = _audience.ActorOf(Props.Create(() => new Listener(_heard.Add)));
        node.System.EventStream.Subscribe(listener, typeof(AllDeadLetters));

        node.Unsubscribe(listener);

        Assert.IsType<SuppressedDeadLetter>(
            _heard.TryTake(out object? message, Patience) ? message : "nothing within the time");
    }

    /// <summary>And not on the thread that ends the cluster, which goes on meanwhile.</summary>
    private static async Task IsOver(Cluster node)
    {
        await node.Stopped.Task.WaitAsync(Patience);
        await Task.Yield();
    }

    private sealed class Listener(Action<object> hear) : UntypedActor
    {
        protected override void OnReceive(object message) => hear(message);
    }
}
