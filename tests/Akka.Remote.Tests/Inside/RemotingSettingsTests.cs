using Akka.Configuration;

namespace Akka.Remote.Tests.Inside;

public sealed class RemotingSettingsTests
{
    [Theory]
    [InlineData("on", Event.LogLevel.DebugLevel)]
    [InlineData("debug", Event.LogLevel.DebugLevel)]
    [InlineData("INFO", Event.LogLevel.InfoLevel)]
    [InlineData("Warning", Event.LogLevel.WarningLevel)]
    [InlineData("ERROR", Event.LogLevel.ErrorLevel)]
    [InlineData("off", Event.Logging.OffLevel)]
    public void What_happens_to_connections_is_logged_from_a_level_on(string word, Event.LogLevel level) => Assert.Equal(
        level,
        RemotingSettings.Read(ConfigurationFactory.ParseString(
            $"akka.remote.log-remote-lifecycle-events = {word}")).LifecycleLevel);
}
