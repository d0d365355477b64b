using System.Diagnostics;
using System.Globalization;
using Iridium.FaultLab.Hosts;

namespace Iridium.FaultLab.Nodes;

/// <summary>A process that is a <see cref="SingletonNode"/>, and what it has said.</summary>
internal sealed class SingletonProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task _reading;
    private readonly Lock _gate = new();
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _up;
    private long _answeredAt;
    private TimeSpan _longest;

    private SingletonProcess(Process process)
    {
        _process = process;
        _reading = Read();
    }

    /// <summary>How many members it sees up, none unreachable.</summary>
    public int Up
    {
        get
        {
            lock (_gate) return _up;
        }
    }

    public int Answers { get; private set; }

    /// <summary>Where the singleton was in turn, as it said itself.</summary>
    public List<string> Homes { get; } = [];

    /// <param name="part"><see cref="SingletonNode.Holds"/> or <see cref="SingletonNode.Asks"/>.</param>
    public static SingletonProcess Start(Host host, string part) => new(Process.Start(new ProcessStartInfo(
        "ip", ["netns", "exec", host.Namespace, Environment.ProcessPath!, SingletonNode.Verb, host.Ip, part])
    {
        RedirectStandardInput = true, RedirectStandardOutput = true,
    })!);

    /// <summary>The longest time without an answer since this was asked last; the one that lasts counts.</summary>
    public TimeSpan TakeLongest()
    {
        lock (_gate)
        {
            TimeSpan lasting = Stopwatch.GetElapsedTime(_answeredAt);
            TimeSpan longest = lasting > _longest ? lasting : _longest;
            _longest = TimeSpan.Zero;
            return longest;
        }
    }

    public async Task<bool> Until(Func<bool> condition, TimeSpan patience)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            Task more;
            lock (_gate)
            {
                if (condition()) return true;
                more = _more.Task;
            }
            TimeSpan left = patience - Stopwatch.GetElapsedTime(start);
            if (left <= TimeSpan.Zero) return false;
            await Task.WhenAny(more, Task.Delay(left));
        }
    }

    /// <summary>Tells it to leave in order, and waits until it has ended.</summary>
    public async Task<bool> Leave(TimeSpan patience)
    {
        LabNode.Send(_process, Signal.Terminate);
        Task ended = _process.WaitForExitAsync();
        return await Task.WhenAny(ended, Task.Delay(patience)) == ended;
    }

    public async ValueTask DisposeAsync()
    {
        LabNode.Send(_process, Signal.Kill);
        await _process.WaitForExitAsync();
        await _reading;
        _process.Dispose();
    }

    private async Task Read()
    {
        await Task.Yield();
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            string[] words = line.Split(' ');
            TaskCompletionSource waiting;
            lock (_gate)
            {
                Take(words[0], words[1]);
                waiting = _more;
                _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
            waiting.TrySetResult();
        }
    }

    private void Take(string what, string detail)
    {
        switch (what)
        {
            case "up":
                _up = int.Parse(detail, CultureInfo.InvariantCulture);
                break;
            case "answer":
                if (Answers++ > 0 && Stopwatch.GetElapsedTime(_answeredAt) is var pause && pause > _longest)
                    _longest = pause;
                _answeredAt = Stopwatch.GetTimestamp();
                if (Homes.LastOrDefault() != detail) Homes.Add(detail);
                break;
        }
    }
}
