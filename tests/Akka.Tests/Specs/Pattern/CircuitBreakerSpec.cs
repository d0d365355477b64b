using Akka.Pattern;
using Akka.TestKit;

namespace Akka.Tests.Specs.Pattern;

public sealed class CircuitBreakerSpec()
    : Akka.TestKit.Xunit2.TestKit("akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"")
{
    private static readonly TimeSpan Call = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Reset = TimeSpan.FromSeconds(10);

    private TestScheduler Time => (TestScheduler)Sys.Scheduler;

    private CircuitBreaker Breaker(int failures = 2) => new(Sys.Scheduler, failures, Call, Reset);

    private static string Next(System.Collections.Concurrent.BlockingCollection<string> seen) =>
        seen.TryTake(out string? next, TimeSpan.FromSeconds(5)) ? next : "nothing within the time";

    private static Task<int> Broken(CancellationToken cancelled) => Task.FromException<int>(new InvalidOperationException("down"));

    [Fact]
    public async Task Closed_it_passes_results_and_exceptions_on()
    {
        CircuitBreaker breaker = Breaker();
        Assert.Equal(5, await breaker.WithCircuitBreaker(_ => Task.FromResult(5)));
        await Assert.ThrowsAsync<InvalidOperationException>(() => breaker.WithCircuitBreaker(Broken));
        Assert.True(breaker.IsClosed);
        Assert.Equal(1, breaker.CurrentFailureCount);
    }

    [Fact]
    public async Task It_opens_after_the_last_allowed_failure_in_a_row_and_then_refuses_at_once()
    {
        CircuitBreaker breaker = Breaker();
        await Assert.ThrowsAsync<InvalidOperationException>(() => breaker.WithCircuitBreaker(Broken));
        await breaker.WithCircuitBreaker(_ => Task.FromResult(0));
        await Assert.ThrowsAsync<InvalidOperationException>(() => breaker.WithCircuitBreaker(Broken));
        Assert.True(breaker.IsClosed);
        await Assert.ThrowsAsync<InvalidOperationException>(() => breaker.WithCircuitBreaker(Broken));
        Assert.True(breaker.IsOpen);
        bool called = false;
        var refusal = await Assert.ThrowsAsync<OpenCircuitException>(() => breaker.WithCircuitBreaker(_ =>
        {
            called = true;
            return Task.FromResult(0);
        }));
        Assert.False(called);
        // By the clock of the machine in Akka.NET.
        Assert.InRange(refusal.RemainingDuration, Reset - TimeSpan.FromSeconds(5), Reset);
    }

    [Fact]
    public async Task Half_open_it_lets_one_call_try_and_closes_when_that_succeeds()
    {
        // Akka.NET calls back on other threads, in any order.
        var seen = new System.Collections.Concurrent.BlockingCollection<string>();
        CircuitBreaker breaker = Breaker(1)
            .OnOpen(() => seen.Add("open")).OnHalfOpen(() => seen.Add("half")).OnClose(() => seen.Add("closed"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => breaker.WithCircuitBreaker(Broken));
        Time.Advance(Reset);
        Assert.True(breaker.IsHalfOpen);
        var trial = new TaskCompletionSource<int>();
        Task<int> first = breaker.WithCircuitBreaker(_ => trial.Task);
        await Assert.ThrowsAsync<OpenCircuitException>(() => breaker.WithCircuitBreaker(_ => Task.FromResult(0)));
        trial.SetResult(7);
        Assert.Equal(7, await first);
        Assert.True(breaker.IsClosed);
        string[] heard = [Next(seen), Next(seen), Next(seen)];
        Assert.Equal(["closed", "half", "open"], heard.Order());
    }

    [Fact]
    public async Task A_failed_trial_opens_it_again_for_longer_with_a_backoff()
    {
        CircuitBreaker breaker = Breaker(1).WithExponentialBackoff(TimeSpan.FromMinutes(1));
        await Assert.ThrowsAsync<InvalidOperationException>(() => breaker.WithCircuitBreaker(Broken));
        Time.Advance(Reset);
        await Assert.ThrowsAsync<InvalidOperationException>(() => breaker.WithCircuitBreaker(Broken));
        Time.Advance(Reset);
        Assert.True(breaker.IsOpen);
        Time.Advance(Reset);
        Assert.True(breaker.IsHalfOpen);
    }

    [Fact]
    public async Task A_call_that_takes_too_long_is_a_failure_and_hears_of_it()
    {
        CircuitBreaker breaker = Breaker(1);
        bool heard = false;
        Task<int> call = breaker.WithCircuitBreaker(cancelled =>
        {
            cancelled.Register(() => heard = true);
            return new TaskCompletionSource<int>().Task;
        });
        Time.Advance(Call);
        await Assert.ThrowsAsync<TimeoutException>(() => call);
        Assert.True(heard);
        Assert.True(breaker.IsOpen);
    }

    [Fact]
    public void Blocking_calls_are_judged_alike()
    {
        CircuitBreaker breaker = Breaker(1);
        Assert.Equal("x", breaker.WithSyncCircuitBreaker(() => "x"));
        Assert.Throws<InvalidOperationException>(
            () => breaker.WithSyncCircuitBreaker(() => throw new InvalidOperationException("down")));
        Assert.Throws<OpenCircuitException>(() => breaker.WithSyncCircuitBreaker(() => "x"));
    }
}
