using System.Collections.Immutable;
using System.Net;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.TestKit;
using Akka.TestKit.Xunit2;

namespace Akka.Remote.TestKit;

/// <summary>
/// A test that runs on several nodes at once, each a process of its own. All run the same test method;
/// <see cref="RunOn"/> says what only some of them do, <see cref="EnterBarrier"/> lets them wait for one another.
/// </summary>
/// <remarks>The static properties are what the process was told on its command line.</remarks>
public abstract class MultiNodeSpec : TestKitBase, IDisposable
{
    private const int DefaultServerPort = 47110;

    private bool _isDisposed;

    /// <param name="config">The cast.</param>
    /// <param name="type">The spec; the actor system is called after it.</param>
    protected MultiNodeSpec(MultiNodeConfig config, Type type)
        : this(config.Myself, ActorSystem.Create(type.Name, config.Config), config.Roles)
    {
    }

    /// <param name="myself">Which of the roles this process plays.</param>
    /// <param name="system">Its actor system, which the spec ends.</param>
    /// <param name="roles">All roles.</param>
    protected MultiNodeSpec(RoleName myself, ActorSystem system, ImmutableList<RoleName> roles)
        : base(new XunitAssertions(), system)
    {
        Myself = myself;
        Roles = roles;
        Log = Logging.GetLogger(Sys, this);
        TestConductor = AttachConductor(Sys);
        AtStartup();
    }

    /// <summary>How many nodes take part.</summary>
    public static int MaxNodes => CommandLine.GetInt32("multinode.max-nodes");

    /// <summary>Where this node listens.</summary>
    public static string SelfName => CommandLine.GetPropertyOrDefault("multinode.host", "127.0.0.1");

    /// <summary>Its port; 0 takes a free one.</summary>
    public static int SelfPort => CommandLine.GetInt32OrDefault("multinode.port", 0);

    /// <summary>Where the controller listens.</summary>
    public static string ServerName => CommandLine.GetPropertyOrDefault("multinode.server-host", "127.0.0.1");

    public static int ServerPort => CommandLine.GetInt32OrDefault("multinode.server-port", DefaultServerPort);

    /// <summary>Which of the roles this process plays; number 0 runs the controller.</summary>
    public static int SelfIndex => CommandLine.GetInt32("multinode.index");

    /// <summary>Where this process's system listens.</summary>
    public static Config NodeConfig => ConfigurationFactory.ParseString(
        $$"""
        akka.actor.provider = remote
        akka.remote.dot-netty.tcp { hostname = "{{SelfName}}", port = {{SelfPort}} }
        """);

    /// <summary>What all multi-node tests are configured with: a log that the runner keeps, and an end of the system
    /// that is no farewell.</summary>
    public static Config BaseConfig { get; } = ConfigurationFactory.ParseString(
        """
        akka {
          loggers = ["Akka.TestKit.TestEventListener, Akka.TestKit", "Akka.Event.DefaultLogger, Akka"]
          loggers-dispatcher = "akka.actor.default-dispatcher"
          loglevel = WARNING
          coordinated-shutdown {
            run-by-actor-system-terminate = off
            run-by-clr-shutdown-hook = off
            terminate-actor-system = off
          }
        }
        """).WithFallback(DefaultConfig);

    public ImmutableList<RoleName> Roles { get; }

    /// <summary>So many nodes are waited for before any begins.</summary>
    public int InitialParticipants => InitialParticipantsValueFactory;

    protected RoleName Myself { get; }

    protected TestConductor TestConductor { get; }

    protected new ILoggingAdapter Log { get; }

    /// <summary>As a rule the number of roles.</summary>
    protected abstract int InitialParticipantsValueFactory { get; }

    /// <summary>How long the end of the system may take.</summary>
    protected virtual TimeSpan ShutdownTimeout => TimeSpan.FromSeconds(15);

    /// <summary>Fail the test if the system does not end in time.</summary>
    protected virtual bool VerifySystemShutdown => false;

    /// <summary>Runs on these nodes only.</summary>
    public void RunOn(Action thunk, params RoleName[] nodes)
    {
        if (IsNode(nodes)) thunk();
    }

    public Task RunOnAsync(Func<Task> thunkAsync, params RoleName[] nodes) =>
        IsNode(nodes) ? thunkAsync() : Task.CompletedTask;

    public bool IsNode(params RoleName[] nodes) => nodes.Contains(Myself);

    /// <summary>Waits at each of the barriers for all other nodes; inside a <c>Within</c> no longer than that
    /// allows.</summary>
    public void EnterBarrier(params string[] name) =>
        TestConductor.Enter(RemainingOr(TestConductor.Settings.BarrierTimeout), [.. name]);

    public Task EnterBarrierAsync(params string[] name) =>
        TestConductor.EnterAsync(RemainingOr(TestConductor.Settings.BarrierTimeout), [.. name]);

    /// <summary>The root of a node's actors.</summary>
    public ActorPath Node(RoleName role) =>
        new RootActorPath(TestConductor.GetAddressFor(role).GetAwaiter().GetResult());

    /// <summary>Lets no event filter see dead letters of these types, or any.</summary>
    public void MuteDeadLetters(ActorSystem? system = null, params Type[] messageClasses)
    {
        ActorSystem where = system ?? Sys;
        if (messageClasses.Length == 0) CreateEventFilter(where).DeadLetter().Mute();
        foreach (Type type in messageClasses) CreateEventFilter(where).DeadLetter(type).Mute();
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (_isDisposed || !disposing) return;
        _isDisposed = true;
        MultiNodeSpecAfterAll();
    }

    /// <summary>Runs before the test, when all nodes are there.</summary>
    protected virtual void AtStartup()
    {
    }

    /// <summary>Runs when the test is over and the system has ended.</summary>
    protected virtual void AfterTermination()
    {
    }

    /// <summary>Another system in this process, configured as the first.</summary>
    protected ActorSystem StartNewSystem()
    {
        Address address = TestConductor.Address;
        Config here = ConfigurationFactory.ParseString(
            $$"""akka.remote.dot-netty.tcp { hostname = "{{address.Host}}", port = {{address.Port}} }""");
        return ActorSystem.Create(Sys.Name, here.WithFallback(Sys.Settings.Config));
    }

    private TestConductor AttachConductor(ActorSystem system)
    {
        TestConductor conductor = TestConductor.Get(system);
        IPEndPoint controller = new(IPAddress.Parse(ServerName), ServerPort);
        Task started = SelfIndex == 0
            ? conductor.StartController(InitialParticipants, Myself, controller)
            : conductor.StartClient(Myself, controller);
        started.GetAwaiter().GetResult();
        return conductor;
    }

    // The controller stays until all others have gone, so that nobody loses it in the middle of something.
    private void MultiNodeSpecAfterAll()
    {
        if (SelfIndex == 0 && !Sys.WhenTerminated.IsCompleted)
        {
            TestConductor.RemoveNode(Myself).GetAwaiter().GetResult();
            AwaitCondition(
                () => !TestConductor.GetNodes().GetAwaiter().GetResult().Any(),
                TestConductor.Settings.BarrierTimeout);
        }
        Shutdown(Sys, ShutdownTimeout, VerifySystemShutdown);
        AfterTermination();
    }
}
