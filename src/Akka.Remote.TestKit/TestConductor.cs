using System.Collections.Immutable;
using System.Net;
using Akka.Actor;
using Akka.Configuration;
using Akka.Remote.TestKit.Protocol;
using Akka.Remote.TestKit.Shell;
using Akka.Remote.Transport;

namespace Akka.Remote.TestKit;

/// <summary>
/// Conducts a test that runs on several nodes: lets them wait for one another, and disturbs the network between them.
/// Every node has one; one of them also runs the controller, and its conductor alone gives orders.
/// </summary>
/// <remarks>To throttle and blackhole, the spec's <see cref="MultiNodeConfig"/> must say
/// <c>TestTransport = true</c>.</remarks>
public sealed class TestConductor : IExtension
{
    private readonly ExtendedActorSystem _system;
    private IActorRef? _controller;
    private IActorRef? _player;

    internal TestConductor(ExtendedActorSystem system)
    {
        _system = system;
        system.Settings.InjectTopLevelFallback(DefaultConfig());
        Settings = new TestConductorSettings(system.Settings.Config.GetConfig("akka.testconductor") ?? Config.Empty);
    }

    public TestConductorSettings Settings { get; }

    /// <summary>Where this node's actor system is reached.</summary>
    public Address Address => _system.Provider.DefaultAddress;

    private IActorRef Controller => _controller
        ?? throw new InvalidOperationException(
            "This node does not run the controller. Give orders to other nodes from the first role only: "
            + "RunOn(() => TestConductor..., firstRole).");

    private IActorRef Player => _player
        ?? throw new InvalidOperationException("This node is not connected to a controller yet: call StartClient.");

    public static TestConductor Get(ActorSystem system) =>
        system.WithExtension<TestConductor, TestConductorExtension>();

    /// <summary>Starts the controller on this node, and connects this node to it as the first player.</summary>
    /// <param name="participants">So many nodes are waited for before any begins.</param>
    /// <param name="name">This node's role.</param>
    /// <param name="controllerPort">Where to listen; port 0 takes a free one.</param>
    /// <returns>Where it listens, once all nodes are there.</returns>
    public async Task<IPEndPoint> StartController(int participants, RoleName name, IPEndPoint controllerPort)
    {
        if (_controller is not null) throw new InvalidOperationException("The controller was started before.");
        TestConductorSettings settings = Settings;
        _controller = _system.SystemActorOf(
            Props.Create(() => new Controller(participants, controllerPort, settings)), "controller");
        IPEndPoint endPoint = await SockAddr();
        await StartClient(name, endPoint);
        return endPoint;
    }

    /// <summary>Where the controller listens.</summary>
    public Task<IPEndPoint> SockAddr() =>
        Controller.Ask<IPEndPoint>(new Controller.GetEndPoint(), Settings.QueryTimeout);

    /// <summary>Connects this node to the controller; completed when all nodes are there.</summary>
    public Task<Done> StartClient(RoleName name, IPEndPoint controllerAddr)
    {
        if (_player is not null) throw new InvalidOperationException("This node has a line to the controller already.");
        TestConductorSettings settings = Settings;
        _player = _system.SystemActorOf(
            Props.Create(() => new Player(name, controllerAddr, settings)), "player");
        // The last process may need as long to start as the first waits for it at a barrier.
        return _player.Ask<Done>(new Player.Start(), settings.ConnectTimeout + settings.BarrierTimeout);
    }

    /// <summary>Enters the named barriers one after the other, and waits at each for all other nodes.</summary>
    /// <exception cref="TestConductorException">A barrier failed, or the controller is gone.</exception>
    /// <exception cref="TimeoutException">Not all nodes came in time.</exception>
    public void Enter(params string[] names) => Enter(Settings.BarrierTimeout, [.. names]);

    /// <param name="timeout">For all of them together.</param>
    /// <param name="names">In this order.</param>
    public void Enter(TimeSpan timeout, ImmutableList<string> names) =>
        EnterAsync(timeout, names).GetAwaiter().GetResult();

    public Task EnterAsync(params string[] names) => EnterAsync(Settings.BarrierTimeout, [.. names]);

    /// <inheritdoc cref="Enter(TimeSpan, ImmutableList{string})"/>
    public async Task EnterAsync(TimeSpan timeout, ImmutableList<string> names)
    {
        long startedAt = _system.Scheduler.MonotonicClock.Ticks;
        foreach (string name in names)
        {
            TimeSpan left = timeout - TimeSpan.FromTicks(_system.Scheduler.MonotonicClock.Ticks - startedAt);
            if (left <= TimeSpan.Zero)
            {
                Player.Tell(new Player.CallOff(name));
                throw new TimeoutException(
                    $"The time for the barriers {string.Join(", ", names)} was up before '{name}'.");
            }
            await EnterOne(name, left);
        }
    }

    /// <summary>Where a node's actor system is reached; waits until the node is there.</summary>
    /// <exception cref="TestConductorException">It did not come within <c>query-timeout</c>, or is gone.</exception>
    public async Task<Address> GetAddressFor(RoleName name)
    {
        try
        {
            return await Player.Ask<Address>(new Player.GetAddress(name.Name), Settings.QueryTimeout);
        }
        catch (AskTimeoutException)
        {
            throw new TestConductorException(
                $"No node is {name.Name}, or it is gone: its address was not told within {Settings.QueryTimeout}. "
                + "Ask for addresses before nodes are sent away.");
        }
    }

    /// <summary>Slows down what goes between two nodes.</summary>
    /// <param name="node">Whose sending or receiving is slowed.</param>
    /// <param name="target">To or from whom.</param>
    /// <param name="direction">Seen from <paramref name="node"/>.</param>
    /// <param name="rateMBit">Megabits per second; 0 swallows everything, below 0 lifts the throttle.</param>
    public Task<Done> Throttle(
        RoleName node, RoleName target, ThrottleTransportAdapter.Direction direction, float rateMBit) =>
        DisturbAsync(FailureKind.Throttle, node, target, direction, rateMBit);

    /// <summary>Swallows everything between two nodes, while their connections stay.</summary>
    public Task<Done> Blackhole(RoleName node, RoleName target, ThrottleTransportAdapter.Direction direction) =>
        Throttle(node, target, direction, 0);

    /// <summary>Lifts what <see cref="Throttle"/> and <see cref="Blackhole"/> did.</summary>
    public Task<Done> PassThrough(RoleName node, RoleName target, ThrottleTransportAdapter.Direction direction) =>
        Throttle(node, target, direction, -1);

    /// <summary>Has no effect, as in Akka.NET.</summary>
    public Task<Done> Disconnect(RoleName node, RoleName target) =>
        DisturbAsync(FailureKind.Disconnect, node, target, ThrottleTransportAdapter.Direction.Send, 0);

    /// <summary>Has no effect, as in Akka.NET.</summary>
    public Task<Done> Abort(RoleName node, RoleName target) =>
        DisturbAsync(FailureKind.Abort, node, target, ThrottleTransportAdapter.Direction.Send, 0);

    /// <summary>Ends a node's process at once; nobody waits for it at barriers any more. Completed when its line is
    /// closed.</summary>
    public Task<Done> Exit(RoleName node, int exitValue) =>
        Command(node, new ConductorMessage.Failure(FailureKind.Exit, ExitValue: exitValue));

    /// <summary>Ends a node's actor system, while its process goes on; nobody waits for it at barriers any more.
    /// Completed when its line is closed.</summary>
    /// <param name="node">Whose system.</param>
    /// <param name="abort">Without coordinated shutdown.</param>
    public Task<Done> Shutdown(RoleName node, bool abort = false) =>
        Command(node, new ConductorMessage.Failure(abort ? FailureKind.ShutdownAbrupt : FailureKind.Shutdown));

    /// <summary>The nodes that play at this moment.</summary>
    public async Task<IEnumerable<RoleName>> GetNodes() =>
        (await Controller.Ask<Controller.Nodes>(new Controller.GetNodes(), Settings.QueryTimeout)).Names;

    /// <summary>Lets nobody wait for a node at barriers any more.</summary>
    public Task<Done> RemoveNode(RoleName node) =>
        Controller.Ask<Done>(new Controller.Remove(node.Name), Settings.QueryTimeout);

    private static Config DefaultConfig() => ConfigurationFactory.FromResource(
        "Akka.Remote.TestKit.testconductor.conf", typeof(TestConductor).Assembly);

    private async Task EnterOne(string name, TimeSpan timeout)
    {
        try
        {
            // The controller says in time that the time is up; only if it does not, this node does.
            await Player.Ask<Done>(new Player.Enter(name, timeout), timeout + Settings.QueryTimeout);
        }
        catch (AskTimeoutException)
        {
            Player.Tell(new Player.CallOff(name));
            throw new TimeoutException($"The controller did not answer at the barrier '{name}' within {timeout}.");
        }
    }

    private async Task<Done> DisturbAsync(
        FailureKind kind,
        RoleName node,
        RoleName target,
        ThrottleTransportAdapter.Direction direction,
        float rateMBit) =>
        await Command(node, new ConductorMessage.Failure(kind, direction, await GetAddressFor(target), rateMBit));

    private Task<Done> Command(RoleName node, ConductorMessage.Failure failure) =>
        Controller.Ask<Done>(new Controller.Order(node.Name, failure), Settings.QueryTimeout);
}

/// <summary>Finds or makes the <see cref="TestConductor"/> of an actor system.</summary>
public sealed class TestConductorExtension : ExtensionIdProvider<TestConductor>
{
    public override TestConductor CreateExtension(ExtendedActorSystem system) => new(system);
}
