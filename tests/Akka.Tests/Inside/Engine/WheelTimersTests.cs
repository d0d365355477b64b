using Akka.Engine;

namespace Akka.Tests.Inside.Engine;

/// <summary>Delays on the wheel: none too early, those of several rounds included, in their order.</summary>
public sealed class WheelTimersTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public void A_timer_of_more_than_one_round_is_not_early()
    {
        using WheelTimers wheel = new(TimeProvider.System, TimeSpan.FromMilliseconds(1));
        long start = TimeProvider.System.GetTimestamp();
        using ManualResetEventSlim fired = new();
        TimeSpan took = default;
        wheel.Schedule(TimeSpan.FromMilliseconds(700), () =>
        {
            took = TimeProvider.System.GetElapsedTime(start);
            fired.Set();
        });
        wheel.Schedule(TimeSpan.FromMilliseconds(100), () => { });
        Assert.True(fired.Wait(Patience));
        Assert.True(took >= TimeSpan.FromMilliseconds(700), took.ToString());
    }

    [Fact]
    public void Timers_of_the_same_moment_fire_in_the_order_they_were_started()
    {
        using WheelTimers wheel = new(TimeProvider.System, TimeSpan.FromMilliseconds(50));
        List<int> order = [];
        using CountdownEvent left = new(20);
        for (int number = 0; number < 20; number++)
        {
            int own = number;
            wheel.Schedule(TimeSpan.FromMilliseconds(1), () =>
            {
                order.Add(own);
                left.Signal();
            });
        }
        Assert.True(left.Wait(Patience));
        Assert.Equal(order.Order(), order);
    }

    [Fact]
    public void An_earlier_timer_wakes_the_sleeping_wheel()
    {
        using WheelTimers wheel = new(TimeProvider.System, TimeSpan.FromMilliseconds(10));
        using ManualResetEventSlim fired = new();
        wheel.Schedule(TimeSpan.FromMinutes(10), () => { });
        wheel.Schedule(TimeSpan.FromMilliseconds(5), fired.Set);
        Assert.True(fired.Wait(Patience));
    }

    [Fact]
    public void After_its_end_nothing_fires()
    {
        bool fired = false;
        WheelTimers wheel = new(TimeProvider.System, TimeSpan.FromMilliseconds(1));
        wheel.Dispose();
        wheel.Schedule(TimeSpan.Zero, () => fired = true).Dispose();
        using WheelTimers other = new(TimeProvider.System, TimeSpan.FromMilliseconds(1));
        using ManualResetEventSlim later = new();
        other.Schedule(TimeSpan.FromMilliseconds(20), later.Set);
        Assert.True(later.Wait(Patience));
        Assert.False(fired);
    }
}
