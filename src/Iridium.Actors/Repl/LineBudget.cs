namespace Iridium.Actors.Repl;

/// <summary>How many lines per second a session shows that it did not ask for. What is more is counted.</summary>
internal sealed class LineBudget(int perSecond)
{
    private TimeSpan _since;
    private int _shown;

    /// <summary>Lines left out since they were last reported.</summary>
    public int Suppressed { get; private set; }

    public bool Allows(TimeSpan now)
    {
        if (now - _since >= TimeSpan.FromSeconds(1))
        {
            _since = now;
            _shown = 0;
        }
        if (_shown < perSecond)
        {
            _shown++;
            return true;
        }
        Suppressed++;
        return false;
    }

    public int TakeSuppressed()
    {
        int lines = Suppressed;
        Suppressed = 0;
        return lines;
    }
}
