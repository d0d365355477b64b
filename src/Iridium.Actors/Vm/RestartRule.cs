using System.Collections.Immutable;
using Iridium.Actors.Protocol;

namespace Iridium.Actors.Vm;

/// <summary>
/// Whether and when a program that ended is started again: as its policy says, after a pause that doubles each time,
/// and never more than <paramref name="MaxRestarts"/> times within <paramref name="Within"/>.
/// </summary>
internal sealed record RestartRule(int MaxRestarts, TimeSpan Within, TimeSpan MinBackoff, TimeSpan MaxBackoff)
{
    /// <param name="policy">What its spawner asked for.</param>
    /// <param name="crashed">Whether it crashed; else it ended by itself.</param>
    /// <param name="restarts">When it was restarted before, oldest first.</param>
    /// <param name="now">When it ended.</param>
    public RestartDecision Decide(RestartPolicy policy, bool crashed, ImmutableArray<TimeSpan> restarts, TimeSpan now)
    {
        bool wanted = policy == RestartPolicy.Always || (policy == RestartPolicy.OnCrash && crashed);
        if (!wanted) return new RestartDecision(null, restarts);
        ImmutableArray<TimeSpan> recent = [.. restarts.Where(time => now - time < Within)];
        if (recent.Length >= MaxRestarts) return new RestartDecision(null, recent);
        long doubled = MinBackoff.Ticks << Math.Min(recent.Length, 20);
        TimeSpan backoff = TimeSpan.FromTicks(Math.Min(MaxBackoff.Ticks, doubled));
        return new RestartDecision(backoff, recent.Add(now + backoff));
    }
}

/// <param name="Backoff">The pause before it starts again, or null if it stays down.</param>
/// <param name="Restarts">The restarts to remember, this one included.</param>
internal readonly record struct RestartDecision(TimeSpan? Backoff, ImmutableArray<TimeSpan> Restarts);
