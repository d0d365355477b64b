using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Event;

namespace Akka.TestKit;

/// <summary>
/// What a spec is written with: an actor system, an actor that collects what it is told, and expectations about what
/// arrives. A test framework's own class supplies the assertions; <see cref="TestProbe"/> is a second one of these
/// within the same system.
/// </summary>
/// <remarks>Times are real ones, stretched by <c>akka.test.timefactor</c>. Nothing here sleeps: an expectation
/// returns at once when it is met.</remarks>
public abstract partial class TestKitBase : IActorRefFactory
{
    private static long _testActorNumber;

    private readonly ITestKitAssertions _assertions;
    private readonly ReceivedMessages _received = new();
    private TestActorBox _box = null!;
    private MessageEnvelope _last = NullMessageEnvelope.Instance;

    protected TestKitBase(ITestKitAssertions assertions, ActorSystem? system = null, string? testActorName = null)
        : this(assertions, system, ActorSystemSetup.Empty, null, testActorName)
    {
    }

    protected TestKitBase(
        ITestKitAssertions assertions, Config config, string? actorSystemName = null, string? testActorName = null)
        : this(assertions, null, ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(config)),
            actorSystemName, testActorName)
    {
    }

    protected TestKitBase(
        ITestKitAssertions assertions, ActorSystemSetup config, string? actorSystemName = null,
        string? testActorName = null)
        : this(assertions, null, config, actorSystemName, testActorName)
    {
    }

    private TestKitBase(
        ITestKitAssertions assertions, ActorSystem? system, ActorSystemSetup setup, string? systemName,
        string? testActorName)
    {
        _assertions = assertions ?? throw new ArgumentNullException(nameof(assertions));
        InitializeTest(system, setup, systemName, testActorName);
    }

    /// <summary>The configuration of a test system where the test says nothing else.</summary>
    public static Config DefaultConfig { get; } =
        ConfigurationFactory.FromResource<TestKitBase>("Akka.TestKit.testkit.conf");

    /// <summary>As <see cref="DefaultConfig"/>, with everything written to the log.</summary>
    public static Config FullDebugConfig { get; } = ConfigurationFactory.ParseString(
        """
        akka.loglevel = DEBUG
        akka.actor.debug { receive = on, autoreceive = on, lifecycle = on, event-stream = on, unhandled = on }
        """);

    public ActorSystem Sys => _box.System;

    public TestKitSettings TestKitSettings { get; private set; } = null!;

    /// <summary>The actor whose messages the expectations look at.</summary>
    public IActorRef TestActor => _box.Ref;

    public bool HasMessages => _received.Count > 0;

    public object LastMessage => _last.Message;

    /// <summary>Who sent the message that the last expectation took.</summary>
    public IActorRef LastSender => _last.Sender;

    public TimeSpan DefaultTimeout => TestKitSettings.DefaultTimeout;

    /// <summary>Expectations about what is written to this system's log.</summary>
    public EventFilterFactory EventFilter => new(this, Sys);

    protected internal ITestKitAssertions Assertions => _assertions;

    public EventFilterFactory CreateEventFilter(ActorSystem system) => new(this, system);

    /// <summary>Builds the system and its test actor; an override can prepare more.</summary>
    protected virtual void InitializeTest(
        ActorSystem? system, ActorSystemSetup config, string? actorSystemName, string? testActorName)
    {
        system ??= ActorSystem.Create(actorSystemName ?? "test", WithTestDefaults(config));
        TestKitSettings = new TestKitSettings(system.Settings.Config.WithFallback(DefaultConfig));
        string name = testActorName ?? "testActor" + Interlocked.Increment(ref _testActorNumber);
        _box = new TestActorBox(system, CreateTestActorIn(system, name));
        if (this is not INoImplicitSender) ImplicitSender.Install(_box.Ref);
    }

    private static ActorSystemSetup WithTestDefaults(ActorSystemSetup setup)
    {
        BootstrapSetup bootstrap = setup.Get<BootstrapSetup>().GetOrElse(BootstrapSetup.Create());
        Config config = bootstrap.Config.HasValue
            ? bootstrap.Config.Value.WithFallback(DefaultConfig)
            : DefaultConfig;
        return setup.And(bootstrap.WithConfig(config));
    }

    private IActorRef CreateTestActorIn(ActorSystem system, string name)
    {
        Props props = Props.Create(() => new InternalTestActor(_received)).WithDispatcher(
            TestKitSettings.TestActorDispatcher);
        return ((ExtendedActorSystem)system).SystemActorOf(props, name);
    }

    /// <summary>Another test actor whose messages come to this kit as well.</summary>
    public IActorRef CreateTestActor(string name) => CreateTestActorIn(Sys, name);

    public IActorRef ActorOf(Props props, string? name = null) => Sys.ActorOf(props, name);

    public IActorRef ActorOf(Props props) => Sys.ActorOf(props);

    public IActorRef ActorOf<TActor>() where TActor : ActorBase, new() => Sys.ActorOf(Props.Create<TActor>());

    public IActorRef ActorOf<TActor>(
        System.Linq.Expressions.Expression<Func<TActor>> factory) where TActor : ActorBase =>
        Sys.ActorOf(Props.Create(factory));

    public IActorRef ActorOf<TActor>(System.Linq.Expressions.Expression<Func<TActor>> factory, string name)
        where TActor : ActorBase => Sys.ActorOf(Props.Create(factory), name);

    public ActorSelection ActorSelection(ActorPath path) => Sys.ActorSelection(path);

    public ActorSelection ActorSelection(string path) => Sys.ActorSelection(path);

    public void Stop(IActorRef actor) => Sys.Stop(actor);

    /// <summary>An actor whose parent is the test actor, so that the test sees how it is supervised.</summary>
    public IActorRef ChildActorOf(
        Props props, string name, SupervisorStrategy supervisorStrategy, CancellationToken cancellationToken = default) =>
        ChildActorOfAsync(props, name, supervisorStrategy, cancellationToken).GetAwaiter().GetResult();

    public IActorRef ChildActorOf(
        Props props, SupervisorStrategy supervisorStrategy, CancellationToken cancellationToken = default) =>
        ChildActorOfAsync(props, supervisorStrategy, cancellationToken).GetAwaiter().GetResult();

    public IActorRef ChildActorOf(Props props, string name, CancellationToken cancellationToken = default) =>
        ChildActorOfAsync(props, name, cancellationToken).GetAwaiter().GetResult();

    public IActorRef ChildActorOf(Props props, CancellationToken cancellationToken = default) =>
        ChildActorOfAsync(props, cancellationToken).GetAwaiter().GetResult();

    private Task<IActorRef> SpawnChildAsync(
        Props props, string? name, SupervisorStrategy? strategy, CancellationToken cancellation) =>
        TestActor.Ask<IActorRef>(
            new InternalTestActor.Spawn(props, name, strategy), GetTimeoutOrDefault(null), cancellation);

    public TestProbe CreateTestProbe(string? name = null) => new(Sys, Assertions, name);

    public TestProbe CreateTestProbe(ActorSystem system, string? name = null) => new(system, Assertions, name);

    public TestLatch CreateTestLatch(int count = 1) => new(Dilated, count, TestKitSettings.DefaultTimeout);

    public TestBarrier CreateBarrier(int count) => new(this, count, TestKitSettings.DefaultTimeout);

    /// <summary>Lets the test actor answer by itself from now on.</summary>
    public void SetAutoPilot(AutoPilot pilot) => TestActor.Tell(new InternalTestActor.SetAutoPilot(pilot));

    /// <summary>Messages for which this says true are not seen by any expectation.</summary>
    public void IgnoreMessages(Func<object, bool> shouldIgnoreMessage) =>
        TestActor.Tell(new InternalTestActor.SetIgnore(shouldIgnoreMessage));

    public void IgnoreMessages<T>() => IgnoreMessages(message => message is T);

    public void IgnoreMessages<T>(Func<T, bool> shouldIgnoreMessage) =>
        IgnoreMessages(message => message is T typed && shouldIgnoreMessage(typed));

    public void IgnoreNoMessages() => TestActor.Tell(new InternalTestActor.SetIgnore(null));

    /// <summary>Lets the test actor watch another, and returns when it does.</summary>
    /// <returns>The actor watched.</returns>
    public IActorRef Watch(IActorRef actorToWatch)
    {
        TestActor.Ask<Done>(new InternalTestActor.WatchIt(actorToWatch), DefaultTimeout).GetAwaiter().GetResult();
        return actorToWatch;
    }

    public async Task<IActorRef> WatchAsync(IActorRef actorToWatch)
    {
        await TestActor.Ask<Done>(new InternalTestActor.WatchIt(actorToWatch), DefaultTimeout);
        return actorToWatch;
    }

    public IActorRef Unwatch(IActorRef actorToUnwatch)
    {
        TestActor.Ask<Done>(new InternalTestActor.UnwatchIt(actorToUnwatch), DefaultTimeout).GetAwaiter().GetResult();
        return actorToUnwatch;
    }

    /// <summary>Ends the system of this kit.</summary>
    /// <param name="verifySystemShutdown">Fails the test if the system does not end in time.</param>
    public virtual void Shutdown(TimeSpan? duration = null, bool verifySystemShutdown = false)
    {
        if (this is not INoImplicitSender) ImplicitSender.Remove(TestActor);
        Shutdown(Sys, duration, verifySystemShutdown);
    }

    protected virtual void Shutdown(ActorSystem system, TimeSpan? duration = null, bool verifySystemShutdown = false)
    {
        TimeSpan limit = duration ?? Dilated(TimeSpan.FromSeconds(5));
        if (system.Terminate().Wait(limit)) return;
        string complaint = $"The actor system {system.Name} did not end within {limit}.";
        if (verifySystemShutdown) throw new TimeoutException(complaint);
        system.Log.Warning(complaint);
    }

    private sealed record TestActorBox(ActorSystem System, IActorRef Ref);
}
