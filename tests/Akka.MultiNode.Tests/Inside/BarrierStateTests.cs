using System.Collections.Immutable;
using Akka.Remote.TestKit.Conduct;

namespace Akka.MultiNode.Tests.Inside;

/// <summary>The rules of the barrier, without a clock and without a network.</summary>
public class BarrierStateTests
{
    private static readonly TimeSpan _usual = TimeSpan.FromSeconds(30);

    [Fact]
    public void Nobody_passes_before_all_have_arrived()
    {
        BarrierState state = Of("a", "b", "c");

        state = Waits(state.Enter("a", "x", null, At(0)));
        state = Waits(state.Enter("c", "x", null, At(1)));
        (state, ImmutableArray<BarrierEnd> ends) = state.Enter("b", "x", null, At(2));

        Assert.Equal("x: a, b, c pass", Assert.Single(Texts(ends)));
        Assert.Null(state.Open);
        Assert.Null(state.Deadline);
    }

    [Fact]
    public void One_after_the_other_barriers_are_met_at()
    {
        BarrierState state = Of("a", "b");
        foreach (string name in new[] { "x", "y", "x" })
        {
            state = Waits(state.Enter("b", name, null, At(0)));
            (state, ImmutableArray<BarrierEnd> ends) = state.Enter("a", name, null, At(0));
            Assert.Equal($"{name}: a, b pass", Assert.Single(Texts(ends)));
        }
    }

    [Fact]
    public void Who_plays_alone_passes_at_once() =>
        Assert.Equal("x: a pass", Assert.Single(Texts(Of("a").Enter("a", "x", null, At(0)).Item2)));

    [Fact]
    public void Who_does_not_play_does_not_pass() =>
        Assert.Equal("x: stranger fail", Assert.Single(Texts(Of("a").Enter("stranger", "x", null, At(0)).Item2)));

    [Fact]
    public void Two_barriers_at_once_fail_both()
    {
        BarrierState state = Waits(Of("a", "b", "c").Enter("a", "x", null, At(0)));

        (state, ImmutableArray<BarrierEnd> ends) = state.Enter("b", "y", null, At(0));

        Assert.Equal(["x: a fail", "y: b fail"], Texts(ends));
        Assert.StartsWith("b came to 'y' while a waited at 'x'", ends[0].Failure);
        Assert.Equal("x: c fail", Assert.Single(Texts(state.Enter("c", "x", null, At(0)).Item2)));
    }

    [Fact]
    public void The_least_patient_decides_for_all()
    {
        BarrierState state = Waits(Of("a", "b", "c").Enter("a", "x", TimeSpan.FromSeconds(20), At(0)));
        Assert.Equal(At(20), state.Deadline);
        state = Waits(state.Enter("b", "x", TimeSpan.FromSeconds(5), At(1)));
        Assert.Equal(At(6), state.Deadline);

        Assert.Empty(state.Tick(At(6) - TimeSpan.FromTicks(1)).Item2);
        (state, ImmutableArray<BarrierEnd> ends) = state.Tick(At(6));

        Assert.Equal("x: a, b fail", Assert.Single(Texts(ends)));
        Assert.Equal("the time is up; arrived: a, b; missing: c", ends[0].Failure);
        Assert.Null(state.Deadline);
    }

    [Fact]
    public void A_more_patient_one_does_not_give_the_others_more_time()
    {
        BarrierState state = Waits(Of("a", "b", "c").Enter("a", "x", null, At(0)));
        state = Waits(state.Enter("b", "x", TimeSpan.FromSeconds(100), At(10)));
        Assert.Equal(At(0) + _usual, state.Deadline);
    }

    [Theory]
    [InlineData("a")] // had arrived
    [InlineData("c")] // had not
    public void Who_is_lost_while_others_wait_fails_the_barrier(string lost)
    {
        BarrierState state = Waits(Of("a", "b", "c").Enter("a", "x", null, At(0)));
        state = Waits(state.Enter("b", "x", null, At(0)));

        (state, ImmutableArray<BarrierEnd> ends) = state.Lose(lost);

        Assert.Equal(lost == "a" ? "x: b fail" : "x: a, b fail", Assert.Single(Texts(ends)));
        Assert.StartsWith($"{lost} was lost", ends[0].Failure);
    }

    [Fact]
    public void Who_is_lost_while_nobody_waits_is_not_waited_for()
    {
        BarrierState state = Waits(Of("a", "b").Lose("b"));
        Assert.Equal("x: a pass", Assert.Single(Texts(state.Enter("a", "x", null, At(0)).Item2)));
    }

    [Fact]
    public void Who_is_sent_away_is_not_waited_for_even_by_those_who_wait_already()
    {
        BarrierState state = Waits(Of("a", "b", "c").Enter("a", "x", null, At(0)));
        state = Waits(state.Enter("b", "x", null, At(0)));
        Assert.Equal("x: a, b pass", Assert.Single(Texts(state.Remove("c").Item2)));
    }

    [Fact]
    public void The_end_of_one_who_is_not_known_means_nothing()
    {
        BarrierState state = Waits(Of("a", "b").Enter("a", "x", null, At(0)));
        Assert.Empty(state.Lose("stranger").Item2);
    }

    [Fact]
    public void Who_calls_a_barrier_off_fails_it_for_all()
    {
        BarrierState state = Waits(Of("a", "b").Enter("a", "x", null, At(0)));

        (state, ImmutableArray<BarrierEnd> ends) = state.Fail("b", "x");

        Assert.Equal("x: a fail", Assert.Single(Texts(ends)));
        Assert.Empty(state.Fail("b", "x").Item2);
        Assert.Equal("x: b fail", Assert.Single(Texts(state.Enter("b", "x", null, At(0)).Item2)));
    }

    private static TimeSpan At(int second) => TimeSpan.FromSeconds(1000 + second);

    private static BarrierState Of(params string[] players) =>
        players.Aggregate(new BarrierState(_usual), (state, player) => state.Join(player));

    private static BarrierState Waits((BarrierState State, ImmutableArray<BarrierEnd> Ends) outcome)
    {
        Assert.Empty(outcome.Ends);
        return outcome.State;
    }

    private static IEnumerable<string> Texts(ImmutableArray<BarrierEnd> ends) => ends.Select(end =>
        $"{end.Name}: {string.Join(", ", end.Players)} {(end.Failure is null ? "pass" : "fail")}");
}
