using Iridium.Actors.Protocol;

namespace Iridium.Actors.Repl;

/// <summary>What reaches a session without being asked for: programs it spawned, and nodes that come and go.</summary>
internal sealed partial class Session
{
    private readonly Dictionary<Pid, LineAssembler> _background = [];
    private readonly LineBudget _budget = new(settings.MaxLinesPerSecond);
    private bool _isEndArmed;
    private bool _isToldToLeave;

    /// <summary>What a program that this session spawned says.</summary>
    public void OnProcess(object message, TimeSpan now)
    {
        if (!Begin(now)) return;
        switch (message)
        {
            case VmProtocol.Printed printed when _background.TryGetValue(printed.Pid, out LineAssembler? output):
                foreach (string line in output.Add(printed.Text)) ShowOutput(printed.Pid, line);
                break;
            case VmProtocol.Started { Run: > 1 } started when _background.ContainsKey(started.Pid):
                Notice(ScreenLine.Of(
                    Texts.ProcessRestarted(started.Pid, started.Program, started.Run), TextStyle.Warning));
                break;
            case VmProtocol.Ended ended when _background.TryGetValue(ended.Pid, out LineAssembler? output):
                ShowProcessEnd(ended, output);
                break;
        }
        Settle();
    }

    /// <summary>Something happened to a node.</summary>
    public void OnNodeEvent(ClusterProtocol.NodeEvent happened, TimeSpan now)
    {
        if (!Begin(now)) return;
        Notice(Texts.NodeEvent(happened));
    }

    /// <summary>This node has to leave.</summary>
    public void OnAliasTaken(ClusterProtocol.AliasTaken taken, TimeSpan now)
    {
        if (!Begin(now) || _isToldToLeave) return;
        _isToldToLeave = true;
        Say(Texts.AliasTaken(taken.Alias, taken.Holder), TextStyle.Bad);
    }

    private void ShowProcessEnd(VmProtocol.Ended ended, LineAssembler output)
    {
        if (output.Flush() is { } rest) ShowOutput(ended.Pid, rest);
        if (ended.RestartsIn is null) _background.Remove(ended.Pid);
        (string text, TextStyle style) = Texts.ProcessEnded(ended);
        Notice(ScreenLine.Of(text, style));
        if (ended.Crash is not { } crash) return;
        foreach (ScreenLine line in ScreenLine.Lines(Texts.Details(crash), TextStyle.Bad)) Notice(line);
    }

    private void ShowOutput(Pid pid, string line) => Notice(ScreenLine.Of(
        new TextSpan(TextStyle.Quiet, $"{pid} | "), new TextSpan(TextStyle.Output, line)));

    private void Notice(ScreenLine line)
    {
        if (_budget.Allows(_now)) Write([line]);
        else if (_budget.Suppressed == 1) Do(new SessionEffect.Arm(SessionTimer.Suppressed, TimeSpan.FromSeconds(1)));
    }

    private void ReportSuppressed()
    {
        int lines = _budget.TakeSuppressed();
        if (lines > 0) Say(Texts.Suppressed(lines), TextStyle.Quiet);
    }
}
