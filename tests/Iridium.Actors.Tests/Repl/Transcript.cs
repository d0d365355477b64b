using System.Text;
using Iridium.Actors.Protocol;
using Iridium.Actors.Repl;
using Iridium.Actors.Vm;

namespace Iridium.Actors.Tests.Repl;

/// <summary>
/// Plays a session on one thread: what is typed goes in, the session's own machine runs beside it, the node is
/// whatever the test says, and everything the screen would show is written down.
/// </summary>
internal sealed class Transcript
{
    public static readonly ReplSettings Settings = new() { Alias = "node1" };

    private readonly StringBuilder _text = new();
    private readonly Session _session;
    private readonly ShellMachine _machine;
    private readonly HashSet<SessionTimer> _timers = [];
    private TimeSpan _now = TimeSpan.FromSeconds(1);

    public Transcript(ReplSettings? settings = null, bool interactive = true, VmSettings? vm = null)
    {
        _session = new Session(settings ?? Settings, interactive);
        _machine = new ShellMachine(vm ?? new VmSettings(), new Random(1), Now);
        _session.Start();
        Perform();
    }

    /// <summary>Answers what the session asks the node; nothing by default.</summary>
    public Func<object, IEnumerable<object>> Node { get; init; } = _ => [];

    public Dictionary<string, string> Files { get; } = [];

    /// <summary>How many slices the machine gets per line; fewer than a program needs leave it running.</summary>
    public int Slices { get; set; } = 100;

    public Session Session => _session;

    public IReadOnlySet<SessionTimer> Timers => _timers;

    public TimeSpan Time => _now;

    public string Text => _text.ToString();

    private Moment Now => new(_now, DateTimeOffset.UnixEpoch + _now);

    public Transcript Type(params string[] lines)
    {
        foreach (string line in lines)
        {
            _text.Append(line).Append('\n');
            _session.OnLine(line, _now);
            Perform();
        }
        return this;
    }

    public Transcript Interrupt()
    {
        _text.Append("^C\n");
        _session.OnInterrupt(_now);
        Perform();
        return this;
    }

    public Transcript EndInput()
    {
        _session.OnInputEnded(_now);
        Perform();
        return this;
    }

    public Transcript Fire(SessionTimer timer)
    {
        Assert.True(_timers.Remove(timer), $"{timer} is not armed.");
        _session.OnTimer(timer, _now);
        Perform();
        return this;
    }

    public Transcript Pass(TimeSpan time)
    {
        _now += time;
        return this;
    }

    public Transcript Hear(object message)
    {
        switch (message)
        {
            case ClusterProtocol.NodeEvent happened:
                _session.OnNodeEvent(happened, _now);
                break;
            case ClusterProtocol.AliasTaken taken:
                _session.OnAliasTaken(taken, _now);
                break;
            case VmProtocol.Printed or VmProtocol.Started or VmProtocol.Ended:
                _session.OnProcess(message, _now);
                break;
            default:
                _session.OnAnswer(message, _now);
                break;
        }
        Perform();
        return this;
    }

    private void Perform()
    {
        int slices = Slices;
        do
        {
            SessionEffect[] effects = [.. _session.Effects];
            _session.Effects.Clear();
            foreach (SessionEffect effect in effects) Perform(effect);
            if (_machine.IsRunning && slices-- > 0)
            {
                _now += _machine.Slice(Now);
                Reply();
            }
        }
        while (_session.Effects.Count > 0 || (_machine.IsRunning && slices > 0));
    }

    private void Perform(SessionEffect effect)
    {
        switch (effect)
        {
            case SessionEffect.Write write:
                foreach (ScreenLine line in write.Lines) _text.Append(line.Text).Append('\n');
                break;
            case SessionEffect.Prompt prompt:
                _text.Append(prompt.Text);
                break;
            case SessionEffect.Close close:
                _text.Append($"[closed {close.ExitCode}]\n");
                break;
            case SessionEffect.ReadFile read:
                _session.OnFile(read.Request, Read(read.Path), _now);
                break;
            case SessionEffect.ToNode toNode:
                foreach (object answer in Node(toNode.Message)) Hear(answer);
                break;
            case SessionEffect.ToMachine toMachine:
                Tell(toMachine.Message);
                Reply();
                break;
            case SessionEffect.Arm arm:
                _timers.Add(arm.Timer);
                break;
            case SessionEffect.Disarm disarm:
                _timers.Remove(disarm.Timer);
                break;
        }
    }

    private void Tell(object message)
    {
        switch (message)
        {
            case ShellProtocol.Run run:
                _machine.OnRun(run, Now);
                break;
            case ShellProtocol.Stop stop:
                _machine.OnStop(stop);
                break;
            case ShellProtocol.Input input:
                _machine.OnInput(input);
                break;
            case ShellProtocol.Look look:
                _machine.OnLook(look);
                break;
            case ShellProtocol.Clear clear:
                _machine.OnClear(clear);
                break;
        }
    }

    private void Reply()
    {
        object[] replies = [.. _machine.Replies];
        _machine.Replies.Clear();
        foreach (object reply in replies) _session.OnMachine(reply, _now);
    }

    private SourceFile Read(string path) => Files.TryGetValue(path, out string? text)
        ? new SourceFile.Found(Path.GetFileName(path), Encoding.Latin1.GetBytes(text))
        : new SourceFile.Unreadable($"There is no file {path}.");
}
