using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Configuration;
using Akka.Event;

namespace Akka.Remote;

/// <summary>Makes the failure detector that a section of configuration describes.</summary>
internal static class FailureDetectorLoader
{
    /// <param name="config">A section with <c>implementation-class</c> and the settings of that class.</param>
    /// <param name="system">Gives the clock, and the event stream to detectors that want it.</param>
    /// <exception cref="ConfigurationException">The class is unknown or cannot be made.</exception>
    public static FailureDetector Load(Config config, ActorSystemImpl system)
    {
        string name = config.GetString("implementation-class", "") ?? "";
        Clock clock = FailureDetector.ClockOf(system.Host.Time);
        int comma = name.IndexOf(',', StringComparison.Ordinal);
        string className = (comma < 0 ? name : name[..comma]).Trim();
        if (className == typeof(PhiAccrualFailureDetector).FullName)
        {
            return PhiAccrualFailureDetector.Read(config, clock);
        }
        if (className == typeof(DeadlineFailureDetector).FullName) return DeadlineFailureDetector.Read(config, clock);
        Type? type = Type.GetType(name, throwOnError: false);
        if (type is null || !typeof(FailureDetector).IsAssignableFrom(type))
        {
            throw new ConfigurationException(
                $"implementation-class = [{name}] is no failure detector; "
                + $"write '{typeof(PhiAccrualFailureDetector).FullName}, Akka.Remote'.");
        }
        return (FailureDetector)Activator.CreateInstance(type, config, system.EventStream)!;
    }
}
