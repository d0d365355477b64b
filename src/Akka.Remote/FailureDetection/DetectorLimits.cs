using Akka.Configuration;

namespace Akka.Remote;

/// <summary>
/// Which values of a failure detector's section mean something. Detectors are made when a peer is first heard of; a
/// mistake is to be said when the system starts.
/// </summary>
internal static class DetectorLimits
{
    /// <param name="section">As the configuration has it, with the defaults below.</param>
    /// <param name="path">Where it stands, for whoever has to mend it.</param>
    /// <exception cref="ConfigurationException">A value has no meaning; the message names it.</exception>
    public static void Check(Config section, string path)
    {
        AboveZero(section, path, "heartbeat-interval", "expected-response-after", "unreachable-nodes-reaper-interval",
            "min-std-deviation");
        Finite(section, path, "acceptable-heartbeat-pause");
        if (section.HasPath("threshold") && section.GetDouble("threshold") is var threshold && !(threshold > 0))
            throw Wrong(section, path, "threshold", "a number above 0");
        foreach (string key in (string[])["max-sample-size", "monitored-by-nr-of-members"])
        {
            if (section.HasPath(key) && section.GetInt(key) < 1) throw Wrong(section, path, key, "at least 1");
        }
    }

    /// <summary>Times that are there must be times, and not nothing: what is done so often would be done always.</summary>
    public static void AboveZero(Config section, string path, params ReadOnlySpan<string> keys)
    {
        foreach (string key in keys)
        {
            if (section.HasPath(key) && section.GetTimeSpan(key) <= TimeSpan.Zero)
                throw Wrong(section, path, key, "a finite time above 0");
        }
    }

    /// <summary>As <see cref="AboveZero"/>, where none at all has a meaning.</summary>
    public static void Finite(Config section, string path, params ReadOnlySpan<string> keys)
    {
        foreach (string key in keys)
        {
            if (section.HasPath(key) && section.GetTimeSpan(key) < TimeSpan.Zero)
                throw Wrong(section, path, key, "a finite time");
        }
    }

    private static ConfigurationException Wrong(Config section, string path, string key, string allowed) =>
        new($"{path}.{key} is {section.GetString(key)}, but must be {allowed}.");
}
