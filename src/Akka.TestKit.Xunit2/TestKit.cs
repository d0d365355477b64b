using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Event;
using Akka.TestKit.Xunit2.Internals;
using Xunit.Abstractions;

namespace Akka.TestKit.Xunit2;

/// <summary>The test kit for xunit 2: derive a test class from it. The system lives as long as one test.</summary>
public class TestKit : TestKitBase, IDisposable
{
    private bool _isDisposed;

    /// <param name="system">A system of the test's own, which the kit ends with the test; null makes one.</param>
    /// <param name="output">Where log lines are shown with the test.</param>
    public TestKit(ActorSystem? system = null, ITestOutputHelper? output = null)
        : base(XunitAssertions.Instance, system)
    {
        Output = output;
        ShowLog(Sys);
    }

    public TestKit(ActorSystemSetup config, string? actorSystemName = null, ITestOutputHelper? output = null)
        : base(XunitAssertions.Instance, config, actorSystemName)
    {
        Output = output;
        ShowLog(Sys);
    }

    public TestKit(Config config, string? actorSystemName = null, ITestOutputHelper? output = null)
        : base(XunitAssertions.Instance, config, actorSystemName)
    {
        Output = output;
        ShowLog(Sys);
    }

    public TestKit(string config, ITestOutputHelper? output = null)
        : this(ConfigurationFactory.ParseString(config), null, output)
    {
    }

    public static new Config DefaultConfig => TestKitBase.DefaultConfig;

    public static new Config FullDebugConfig => TestKitBase.FullDebugConfig;

    protected ITestOutputHelper? Output { get; }

    protected static new XunitAssertions Assertions => XunitAssertions.Instance;

    /// <summary>Runs when the test is over, before the system is ended.</summary>
    protected virtual void BeforeTermination()
    {
    }

    /// <summary>Runs when the test is over, and ends the system.</summary>
    protected virtual void AfterAll()
    {
        BeforeTermination();
        Shutdown();
    }

    /// <summary>Shows the log of another system with this test too.</summary>
    protected void InitializeLogger(ActorSystem system) => ShowLog(system);

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (_isDisposed || !disposing) return;
        _isDisposed = true;
        AfterAll();
    }

    private void ShowLog(ActorSystem system)
    {
        if (Output is null) return;
        ITestOutputHelper output = Output;
        IActorRef logger = ((ExtendedActorSystem)system).SystemActorOf(
            Props.Create(() => new TestOutputLogger(output)), "log-test");
        logger.Ask<LoggerInitialized>(new InitializeLogger(system.EventStream), DefaultTimeout)
            .GetAwaiter().GetResult();
    }
}
