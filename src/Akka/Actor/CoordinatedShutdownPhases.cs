using System.Collections.Immutable;
using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace Akka.Actor;

/// <summary>A step of the coordinated shutdown.</summary>
/// <param name="dependsOn">The phases that come before it.</param>
/// <param name="timeout">How long its tasks may take.</param>
/// <param name="recover">Whether the shutdown goes on when one of them fails or is late.</param>
/// <param name="enabled">Whether its tasks are run at all.</param>
public sealed class Phase(ImmutableHashSet<string> dependsOn, TimeSpan timeout, bool recover, bool enabled = true)
    : IEquatable<Phase>
{
    public ImmutableHashSet<string> DependsOn { get; } = dependsOn ?? [];

    public TimeSpan Timeout { get; } = timeout;

    public bool Recover { get; } = recover;

    public bool Enabled { get; } = enabled;

    public bool Equals(Phase? other) => other is not null && DependsOn.SetEquals(other.DependsOn) &&
        Timeout == other.Timeout && Recover == other.Recover && Enabled == other.Enabled;

    public override bool Equals(object? obj) => Equals(obj as Phase);

    public override int GetHashCode() =>
        StableHash.Of(Timeout.ToString(), DependsOn.Count.ToString(), null, Recover ? 1 : 0);
}

/// <summary>The phases of a configuration, and their order.</summary>
internal static class ShutdownPhases
{
    /// <summary>How long a phase may take of which nothing is said.</summary>
    public static readonly TimeSpan DefaultPhaseTimeout = TimeSpan.FromSeconds(5);

    private const string DefaultTimeout = "default-phase-timeout";

    /// <param name="config"><c>akka.coordinated-shutdown</c></param>
    public static Dictionary<string, Phase> Read(Config config)
    {
        var phases = new Dictionary<string, Phase>(StringComparer.Ordinal);
        TimeSpan defaultTimeout = config.GetTimeSpan(DefaultTimeout, DefaultPhaseTimeout, allowInfinite: false);
        foreach ((string name, HoconValue value) in config.GetConfig("phases")?.AsEnumerable() ?? [])
        {
            if (!value.IsObject()) continue;
            var phase = new Config(new HoconRoot(value));
            phases.Add(name, new Phase(
                [.. phase.GetStringList("depends-on")],
                phase.GetTimeSpan("timeout", defaultTimeout, allowInfinite: false),
                phase.GetBoolean("recover", true),
                phase.GetBoolean("enabled", true)));
        }

        return WithNamed(phases, defaultTimeout);
    }

    /// <summary>A phase that is depended on, but not described, is one like any other, with the defaults.</summary>
    public static Dictionary<string, Phase> WithNamed(IReadOnlyDictionary<string, Phase> phases, TimeSpan timeout)
    {
        var all = new Dictionary<string, Phase>(phases, StringComparer.Ordinal);
        foreach (string name in phases.Values.SelectMany(phase => phase.DependsOn))
            all.TryAdd(name, new Phase([], timeout, true));
        return all;
    }

    /// <summary>Every phase after those it depends on; phases that could stand in any order are sorted by name.</summary>
    /// <param name="phases">All that are depended on among them.</param>
    /// <exception cref="ArgumentException">Phases depend on one another in a circle.</exception>
    public static IReadOnlyList<string> TopologicalSort(IReadOnlyDictionary<string, Phase> phases)
    {
        var order = new List<string>();
        var done = new HashSet<string>(StringComparer.Ordinal);
        var road = new List<string>();
        foreach (string name in phases.Keys.Order(StringComparer.Ordinal)) Visit(name);
        return order;

        void Visit(string name)
        {
            if (done.Contains(name)) return;
            int seen = road.IndexOf(name);
            if (seen >= 0)
            {
                throw new ArgumentException(
                    "The phases of the coordinated shutdown go in a circle: " +
                    $"{string.Join(" -> ", road.Skip(seen))} -> {name}.");
            }

            road.Add(name);
            foreach (string before in phases[name].DependsOn.Order(StringComparer.Ordinal)) Visit(before);

            road.RemoveAt(road.Count - 1);
            done.Add(name);
            order.Add(name);
        }
    }
}
