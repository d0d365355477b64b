using System.Collections.Immutable;
using Iridium.Actors.Protocol;

namespace Iridium.Actors.Repl;

/// <summary>
/// What a session does with what is typed, answered and heard, as a state machine without hands: every input appends
/// to <see cref="Effects"/>, which its actor carries out in order. Lines are carried out one after another: while one
/// waits for a turn of the machine, an answer or a file, those typed behind it wait as well, and the prompt comes back
/// when all are done.
/// </summary>
/// <remarks>
/// <code>
///                 assembly, !load_file            turn ended; on an interactive screen, patience over
///     ready  ------------------------->  turn  --------------------------------------------->  ready
///       |  \  !spawn, !ps, !kill, cluster, !registers ...  ->  answer  -> answered, overdue ->  ready
///       |   \  !load_file, !spawn without a file  ->  the next line is a path (still ready)
///       |    \ the program wants a line  ->  the next line is its input (still ready)
///       +--- !quit, end of input  ->  closed
/// </code>
/// </remarks>
internal sealed partial class Session(ReplSettings settings, bool isInteractive)
{
    private const int QueuedLines = 1000;

    private readonly Queue<string> _queue = new();
    private readonly Queue<string> _history = new();
    private int _historyStart = 1;
    private bool _isPrompted;
    private bool _isInputOver;
    private Wait _wait = Wait.Nothing;
    private Meaning _next = Meaning.Line;
    private TimeSpan _now;

    private enum Wait
    {
        Nothing,

        /// <summary>The machine's turn.</summary>
        Turn,

        /// <summary>An answer of the node, the machine or the file reader.</summary>
        Answer,
    }

    private enum Meaning
    {
        Line,

        /// <summary>The path that a command asked for.</summary>
        Path,

        /// <summary>A line for the program that runs.</summary>
        Input,
    }

    public List<SessionEffect> Effects { get; } = [];

    public bool IsClosed { get; private set; }

    public void Start()
    {
        Say(Texts.Banner);
        Settle();
    }

    public void OnLine(string text, TimeSpan now)
    {
        if (!Begin(now) || _isInputOver) return;
        _isPrompted = false;
        if (_queue.Count < QueuedLines) _queue.Enqueue(text);
        else Say(Texts.TooManyLines, TextStyle.Bad);
        Settle();
    }

    /// <summary>Ctrl+C: what runs is stopped, what is waited for is forgotten, what was typed ahead too.</summary>
    public void OnInterrupt(TimeSpan now)
    {
        if (!Begin(now)) return;
        _queue.Clear();
        _isPrompted = false;
        if (_turn is { } turn)
        {
            Do(new SessionEffect.ToMachine(new ShellProtocol.Stop(turn)));
            if (_next == Meaning.Input) _next = Meaning.Line;
            _wait = Wait.Turn;
        }
        else if (_wait == Wait.Answer || _next == Meaning.Path)
        {
            Forget();
            Say(Texts.Forgotten, TextStyle.Quiet);
        }
        Settle();
    }

    /// <summary>No more lines will come. A person who hung up is gone; a script has its last lines carried
    /// out.</summary>
    public void OnInputEnded(TimeSpan now)
    {
        if (!Begin(now)) return;
        _isInputOver = true;
        if (isInteractive) Quit();
        else Settle();
    }

    public void OnTimer(SessionTimer timer, TimeSpan now)
    {
        if (!Begin(now)) return;
        switch (timer)
        {
            case SessionTimer.Patience when _wait == Wait.Turn:
                FlushTurn();
                Say(Texts.StillRunning, TextStyle.Warning);
                _wait = Wait.Nothing;
                break;
            case SessionTimer.Answer when _wait == Wait.Answer:
                OnOverdue();
                break;
            case SessionTimer.Suppressed:
                ReportSuppressed();
                break;
            case SessionTimer.EndOfInput:
                Quit();
                break;
        }
        Settle();
    }

    /// <summary>Whether there is anything left to do.</summary>
    private bool Begin(TimeSpan now)
    {
        _now = now;
        return !IsClosed;
    }

    private void Settle()
    {
        while (!IsClosed && _wait == Wait.Nothing && _queue.TryDequeue(out string? line)) Carry(line);
        if (IsClosed || _wait != Wait.Nothing) return;
        if (_isInputOver) FinishInput();
        else if (!_isPrompted) ShowPrompt();
    }

    private void ShowPrompt()
    {
        _isPrompted = true;
        Do(new SessionEffect.Prompt(_next switch
        {
            Meaning.Path => Texts.PathPrompt,
            Meaning.Input => Texts.InputPrompt,
            _ => Texts.Prompt,
        }));
    }

    private void Carry(string line)
    {
        _isPrompted = false;
        if (line.Length > settings.MaxLineLength)
        {
            Say(Texts.LineTooLong(settings.MaxLineLength), TextStyle.Bad);
            return;
        }
        switch (_next)
        {
            case Meaning.Path:
                _next = Meaning.Line;
                CarryPath(line);
                break;
            case Meaning.Input:
                _next = Meaning.Line;
                SendInput(line);
                break;
            default:
                CarryCommand(CommandParser.Parse(line), line);
                break;
        }
    }

    // A script that ended may have left programs in the background; they have a moment to say what they have to say.
    private void FinishInput()
    {
        if (_next == Meaning.Input)
        {
            _next = Meaning.Line;
            SendInput(null);
        }
        else if (_background.Count == 0)
        {
            Quit();
        }
        else if (!_isEndArmed)
        {
            _isEndArmed = true;
            Do(new SessionEffect.Arm(SessionTimer.EndOfInput, settings.EndOfInputWait));
        }
    }

    private void Quit()
    {
        if (IsClosed) return;
        ReportSuppressed();
        if (isInteractive || !_isInputOver) Say(Texts.Farewell);
        IsClosed = true;
        Do(new SessionEffect.Close(0));
    }

    private void Remember(string line)
    {
        _history.Enqueue(line);
        if (_history.Count <= settings.HistoryLines) return;
        _history.Dequeue();
        _historyStart++;
    }

    private void Do(SessionEffect effect) => Effects.Add(effect);

    private void Say(string text, TextStyle style = TextStyle.Plain) => Write(ScreenLine.Lines(text, style));

    private void Write(ImmutableArray<ScreenLine> lines)
    {
        if (!lines.IsEmpty) Do(new SessionEffect.Write(lines));
    }
}
