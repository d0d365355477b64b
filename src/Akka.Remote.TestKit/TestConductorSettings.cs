using Akka.Configuration;

namespace Akka.Remote.TestKit;

/// <summary>The settings under <c>akka.testconductor</c>.</summary>
public sealed class TestConductorSettings
{
    internal TestConductorSettings(Config config)
    {
        BarrierTimeout = config.GetTimeSpan("barrier-timeout");
        QueryTimeout = config.GetTimeSpan("query-timeout");
        ConnectTimeout = config.GetTimeSpan("connect-timeout");
        ClientReconnects = config.GetInt("client-reconnects", 0);
        ReconnectBackoff = config.GetTimeSpan("reconnect-backoff");
        HelloTimeout = config.GetTimeSpan("hello-timeout");
    }

    public TimeSpan BarrierTimeout { get; }

    public TimeSpan QueryTimeout { get; }

    public TimeSpan ConnectTimeout { get; }

    public int ClientReconnects { get; }

    public TimeSpan ReconnectBackoff { get; }

    internal TimeSpan HelloTimeout { get; }
}
