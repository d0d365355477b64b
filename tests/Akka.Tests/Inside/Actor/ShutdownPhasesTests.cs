using Akka.Actor;
using Akka.Configuration;
using FsCheck;
using FsCheck.Fluent;
using Config = Akka.Configuration.Config;

namespace Akka.Tests.Inside.Actor;

/// <summary>Order and settings of phases, without any system.</summary>
public sealed class ShutdownPhasesTests
{
    private static Dictionary<string, Phase> Phases(params (string Name, string[] Before)[] phases) =>
        phases.ToDictionary(phase => phase.Name, phase => new Phase([.. phase.Before], TimeSpan.FromSeconds(1), true));

    [Fact]
    public void A_chain_is_sorted() => Assert.Equal(["a", "b", "c"],
        ShutdownPhases.TopologicalSort(Phases(("c", ["b"]), ("a", []), ("b", ["a"]))));

    [Fact]
    public void Equals_are_sorted_by_name() => Assert.Equal(["a", "b", "c", "z"],
        ShutdownPhases.TopologicalSort(Phases(("z", ["c", "a"]), ("c", []), ("b", []), ("a", []))));

    [Fact]
    public void A_phase_that_is_only_named_takes_part()
    {
        Dictionary<string, Phase> phases = ShutdownPhases.Read(ConfigurationFactory.ParseString(
            "default-phase-timeout = 3s, phases { a { depends-on = [ghost], timeout = 7s } }"));

        Assert.Equal(["ghost", "a"], ShutdownPhases.TopologicalSort(phases));
        Assert.Equal(new Phase([], TimeSpan.FromSeconds(3), true), phases["ghost"]);
    }

    [Fact]
    public void Nothing_is_sorted_to_nothing() => Assert.Empty(ShutdownPhases.TopologicalSort(Phases()));

    [Fact]
    public void A_circle_is_an_error_that_shows_it()
    {
        var error = Assert.Throws<ArgumentException>(
            () => ShutdownPhases.TopologicalSort(Phases(("a", ["c"]), ("b", ["a"]), ("c", ["b"]), ("d", ["a"]))));
        Assert.Contains("a -> c -> b -> a", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => ShutdownPhases.TopologicalSort(Phases(("a", ["a"]))));
    }

    [Fact]
    public void Every_phase_comes_once_and_after_what_it_depends_on() => Prop.ForAll(
        Gen.Choose(0, int.MaxValue).ListOf(12).ToArbitrary(), numbers =>
        {
            // Phase i may depend on phases below i only, so there is no circle.
            var phases = numbers.Select((bits, i) => (Name: $"p{i * 7 % 12:00}", Bits: bits, Index: i)).ToArray();
            Dictionary<string, Phase> graph = Phases([.. phases.Select(phase => (phase.Name, phases
                .Where(other => other.Index < phase.Index && (phase.Bits >> other.Index & 1) == 1)
                .Select(other => other.Name).ToArray()))]);
            List<string> order = [.. ShutdownPhases.TopologicalSort(graph)];
            return order.Count == graph.Count && graph.All(phase =>
                phase.Value.DependsOn.All(before => order.IndexOf(before) < order.IndexOf(phase.Key)));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Settings_are_read_with_their_defaults()
    {
        Config config = ConfigurationFactory.ParseString("""
            default-phase-timeout = 3s
            phases { a { }, b { depends-on = [a], timeout = 7s, recover = off, enabled = off } }
            """);
        Dictionary<string, Phase> phases = ShutdownPhases.Read(config);
        Assert.Equal(new Phase([], TimeSpan.FromSeconds(3), true), phases["a"]);
        Assert.Equal(new Phase(["a"], TimeSpan.FromSeconds(7), false, false), phases["b"]);
    }

    [Fact]
    public void A_reason_may_override_settings()
    {
        Config config = ConfigurationFactory.ParseString("""
            exit-code = 0, exit-clr = off
            reason-overrides {
              "Akka.Actor.CoordinatedShutdown+ClusterDowningReason, Akka" { exit-code = 7 }
            }
            """);
        Assert.Equal(7, CoordinatedShutdownExtension.SettingsFor(
            config, CoordinatedShutdown.ClusterDowningReason.Instance).GetInt("exit-code"));
        Assert.Equal(0, CoordinatedShutdownExtension.SettingsFor(
            config, CoordinatedShutdown.ClrExitReason.Instance).GetInt("exit-code"));
        Assert.Equal(0, CoordinatedShutdownExtension.SettingsFor(config, null).GetInt("exit-code"));
    }
}
