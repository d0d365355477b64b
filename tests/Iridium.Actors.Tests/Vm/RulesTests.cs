using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Iridium.Actors.Protocol;
using Iridium.Actors.Vm;

namespace Iridium.Actors.Tests.Vm;

public sealed class RulesTests
{
    private static readonly RestartRule Rule = new(3, Seconds(5), Seconds(0.2), Seconds(1));

    [Theory]
    [InlineData(RestartPolicy.Never, true, false)]
    [InlineData(RestartPolicy.OnCrash, false, false)]
    [InlineData(RestartPolicy.OnCrash, true, true)]
    [InlineData(RestartPolicy.Always, false, true)]
    public void The_policy_decides_whether_it_starts_again(RestartPolicy policy, bool crashed, bool restarts) =>
        Assert.Equal(restarts, Rule.Decide(policy, crashed, [], default).Backoff is not null);

    [Fact]
    public void The_pause_doubles_and_the_number_is_bounded()
    {
        var pauses = new List<double>();
        ImmutableArray<TimeSpan> restarts = [];
        TimeSpan now = Seconds(100);
        while (Rule.Decide(RestartPolicy.Always, true, restarts, now) is { Backoff: { } pause } decision)
        {
            pauses.Add(pause.TotalSeconds);
            restarts = decision.Restarts;
            now += pause;
        }
        Assert.Equal([0.2, 0.4, 0.8], pauses);
        Assert.NotNull(Rule.Decide(RestartPolicy.Always, true, restarts, now + Seconds(5)).Backoff);
    }

    [Fact]
    public void Never_more_restarts_than_allowed_within_the_time() => Check.One(
        Config.QuickThrowOnFailure,
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), (byte[] lives) =>
        {
            var starts = new List<TimeSpan>();
            ImmutableArray<TimeSpan> restarts = [];
            TimeSpan now = Seconds(100);
            foreach (byte life in lives)
            {
                now += TimeSpan.FromMilliseconds(10 * life);
                RestartDecision decision = Rule.Decide(RestartPolicy.Always, true, restarts, now);
                restarts = decision.Restarts;
                if (decision.Backoff is not { } pause) continue;
                now += pause;
                starts.Add(now);
            }
            return starts.All(from => starts.Count(at => at >= from && at - from < Seconds(5)) <= 3 + 1);
        }));

    [Fact]
    public void A_burst_is_free_and_a_flood_waits()
    {
        var gate = new OutputGate(rate: 100, burst: 50, Seconds(0));
        Assert.Equal(TimeSpan.Zero, gate.Spend(50, Seconds(0)));
        Assert.Equal(Seconds(1), gate.Spend(100, Seconds(0)));
        Assert.Equal(TimeSpan.Zero, gate.Spend(0, Seconds(1)));
        Assert.Equal(Seconds(0.5), gate.Spend(100, Seconds(1.5)));
        Assert.Equal(TimeSpan.Zero, gate.Spend(50, Seconds(100)));
    }

    [Fact]
    public void Over_any_time_no_more_than_the_burst_and_the_rate_get_through() => Check.One(
        Config.QuickThrowOnFailure,
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), (byte[] pieces) =>
        {
            var gate = new OutputGate(rate: 1000, burst: 500, default);
            TimeSpan now = default;
            long sent = 0;
            int last = 0;
            foreach (byte piece in pieces)
            {
                sent += last = piece * 4;
                now += gate.Spend(last, now);
            }
            return sent - last <= 500 + 1000 * now.TotalSeconds + 1;
        }));

    [Fact]
    public void Output_is_cut_between_characters()
    {
        Assert.Equal(["ab", "cd", "e"], OutputPieces.Of("abcde", 2));
        Assert.Equal(["a", "🎉", "b"], OutputPieces.Of("a🎉b", 2));
        Assert.Empty(OutputPieces.Of("", 2));
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
