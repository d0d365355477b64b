using System.Diagnostics;
using System.Globalization;
using Iridium.Simulation.Faults;

namespace Iridium.Simulation.Command;

/// <summary>
/// Very many seeds on all processors. Each thread runs worlds of its own; nothing is shared but the counters. Every
/// <see cref="TwiceEvery"/>th seed runs twice and must be the same history, and no work may leave the threads of the
/// soak.
/// </summary>
internal sealed class Soak(Layer layer, ulong first, ulong count, TextWriter output)
{
    private const ulong TwiceEvery = 1_000;
    private const int MostFailures = 20;
    private static readonly TimeSpan _betweenLines = TimeSpan.FromSeconds(2);

    private readonly Lock _books = new();
    private readonly SortedSet<ulong> _underWay = [];
    private readonly Stopwatch _clock = new();
    private readonly List<ulong> _failed = [];
    private readonly ulong _first = first;
    private ulong _next = first;
    private ulong _done;
    private long _events;
    private int _failures;
    private int _splits;
    private int _excused;
    private bool _over;

    /// <summary>True when all held.</summary>
    public bool Run(int threads, TimeSpan? limit)
    {
        _clock.Start();
        long pooled = ThreadPool.CompletedWorkItemCount;
        Thread[] crew = [.. Enumerable.Range(0, threads).Select(_ => new Thread(Work, maxStackSize: 16 << 20))];
        foreach (Thread worker in crew) worker.Start();
        foreach (Thread worker in crew)
        {
            while (!worker.Join(_betweenLines))
            {
                output.WriteLine(Progress());
                if (_clock.Elapsed > limit) _over = true;
            }
        }
        pooled = ThreadPool.CompletedWorkItemCount - pooled;
        if (pooled > 0) Report(null, $"{pooled} pieces of work ran on the thread pool, outside of every world");
        output.WriteLine(Progress());
        output.WriteLine($"{_splits} wild splits, {_excused} wild stories with what a calm one must not do");
        foreach (ulong seed in _failed) output.WriteLine($"failed: {layer.CommandFor(seed)}");
        return _failures == 0;
    }

    private void Work()
    {
        while (Take() is { } seed)
        {
            StoryPlan plan = layer.PlanOf(seed);
            SeedResult result = layer.Run(plan);
            if (seed % TwiceEvery == 0 && layer.Run(plan).Hash != result.Hash)
                Report(seed, "was two different histories");
            if (result.Failure is { } failure) Report(seed, $"{failure}\n{Shrunk(layer, plan)}");
            Enter(seed, result);
        }
    }

    /// <summary>The least of a failing story, a line each fault, and what fails in it.</summary>
    public static string Shrunk(Layer layer, StoryPlan plan)
    {
        StoryPlan least = plan.Shrunk(each => layer.Run(each).Failure is not null);
        string[] lines = [.. least.ToLines(), $"{layer.Run(least).Failure}"];
        return string.Join('\n', lines.Select(line => $"    {line}"));
    }

    private ulong? Take()
    {
        lock (_books)
        {
            if (_over || _next - _first == count || _failures >= MostFailures) return null;
            _underWay.Add(_next);
            return _next++;
        }
    }

    private void Enter(ulong seed, SeedResult result)
    {
        lock (_books)
        {
            _underWay.Remove(seed);
            _done++;
            _events += result.Events;
            if (result.Split is not null) _splits++;
            if (result.Excused > 0) _excused++;
        }
    }

    private void Report(ulong? seed, string what)
    {
        lock (_books)
        {
            _failures++;
            if (seed is { } failed) _failed.Add(failed);
            output.WriteLine(seed is null ? what : $"seed {seed}: {what}");
        }
    }

    private string Progress()
    {
        lock (_books)
        {
            double seconds = _clock.Elapsed.TotalSeconds;
            return string.Create(CultureInfo.InvariantCulture,
                $"{layer.Name}: {_done:N0} seeds, {_events:N0} events, {_done / seconds:N0} seeds/s, "
                + $"{_failures} failures, {seconds:F0} s; go on with --seed {_underWay.FirstOrDefault(_next)}");
        }
    }
}
