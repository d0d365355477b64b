using System.Collections.Immutable;
using System.Text;
using Iridium.Actors.Repl;

namespace Iridium.Actors.Tests.Actors;

/// <summary>A screen that remembers, and lets a test wait until it shows something.</summary>
internal sealed class FakeScreen(bool interactive = true) : IScreen
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    private readonly StringBuilder _text = new();
    private readonly object _lock = new();
    private TaskCompletionSource _changed = New();

    public bool IsInteractive => interactive;

    public string Text
    {
        get
        {
            lock (_lock) return _text.ToString();
        }
    }

    public void Write(ImmutableArray<ScreenLine> lines) =>
        Show(string.Concat(lines.Select(line => line.Text + "\n")));

    public void Prompt(string text) => Show($"[{text}]\n");

    public void Close(int exitCode) => Show($"[closed {exitCode}]\n");

    /// <summary>Waits until the text behind <paramref name="from"/> contains this, and gives the position behind
    /// it.</summary>
    public async Task<int> Shows(string expected, int from = 0)
    {
        using var timeout = new CancellationTokenSource(Bound);
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                int at = _text.ToString().IndexOf(expected, from, StringComparison.Ordinal);
                if (at >= 0) return at + expected.Length;
                changed = _changed.Task;
            }
            try
            {
                await changed.WaitAsync(timeout.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"The screen never showed `{expected}` behind {from}. It shows:\n{Text}");
            }
        }
    }

    private void Show(string text)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            _text.Append(text);
            changed = _changed;
            _changed = New();
        }
        changed.SetResult();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
