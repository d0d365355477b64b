using Akka.Configuration;

namespace Akka.TestKit;

/// <summary>The times of a test system, from <c>akka.test</c>.</summary>
public sealed class TestKitSettings
{
    internal const string TestActorDispatcher = "akka.test.test-actor.dispatcher";

    public TestKitSettings(Config config)
    {
        Config test = config.GetConfig("akka.test") ?? Config.Empty;
        TestTimeFactor = test.GetDouble("timefactor", 1.0);
        if (TestTimeFactor <= 0)
            throw new ConfigurationException($"akka.test.timefactor is {TestTimeFactor}, but must be greater than 0.");
        SingleExpectDefault = test.GetTimeSpan("single-expect-default", TimeSpan.FromSeconds(3));
        ExpectNoMessageDefault = test.GetTimeSpan("expect-no-message-default", TimeSpan.FromMilliseconds(100));
        DefaultTimeout = test.GetTimeSpan("default-timeout", TimeSpan.FromSeconds(5));
        TestEventFilterLeeway = test.GetTimeSpan("filter-leeway", TimeSpan.FromSeconds(3));
        LogTestKitCalls = test.GetBoolean("testkit.debug", false);
    }

    /// <summary>How long an Ask or a latch of a test waits.</summary>
    public TimeSpan DefaultTimeout { get; }

    /// <summary>How long an expectation waits for its message, outside of Within.</summary>
    public TimeSpan SingleExpectDefault { get; }

    /// <summary>How long the silence must last for ExpectNoMsg.</summary>
    public TimeSpan ExpectNoMessageDefault { get; }

    /// <summary>How long an event filter waits for its events.</summary>
    public TimeSpan TestEventFilterLeeway { get; }

    /// <summary>All of these are multiplied by it; greater than 1 for a slow machine.</summary>
    public double TestTimeFactor { get; }

    public bool LogTestKitCalls { get; }
}
