using System.Collections.Immutable;
using System.Globalization;
using Iridium.Actors.Node;
using Iridium.Actors.Protocol;

namespace Iridium.Actors.Repl;

/// <summary>What each command begins; how it ends is in the answers.</summary>
internal sealed partial class Session
{
    private const int DefaultSteps = 20;

    private CommandLine.Command? _pathAsker;

    private void CarryCommand(CommandLine line, string text)
    {
        if (line is not CommandLine.Nothing) Remember(text);
        switch (line)
        {
            case CommandLine.Assembly assembly:
                StartTurn(assembly.Text, "line", []);
                break;
            case CommandLine.Unknown unknown:
                SayUnknown(unknown);
                break;
            case CommandLine.Misused misused:
                Say(misused.Problem, TextStyle.Bad);
                Say(Texts.Usage(misused.Entry), TextStyle.Quiet);
                break;
            case CommandLine.Command command:
                CarryCommand(command);
                break;
        }
    }

    private void CarryCommand(CommandLine.Command command)
    {
        switch (command.Entry.Command)
        {
            case ShellCommand.Help:
                Help(command["command"]);
                break;
            case ShellCommand.Quit:
                Quit();
                break;
            case ShellCommand.History:
                Write(Tables.History([.. _history], _historyStart));
                break;
            case ShellCommand.Registers:
                Look(MachinePart.Registers);
                break;
            case ShellCommand.Program:
                Look(MachinePart.Program);
                break;
            case ShellCommand.Symbols:
                Look(MachinePart.Symbols);
                break;
            case ShellCommand.ClearRegisters:
                AskMachine(request => new ShellProtocol.Clear(request, MachinePart.Registers));
                break;
            case ShellCommand.ClearProgram:
                AskMachine(request => new ShellProtocol.Clear(request, MachinePart.Program));
                break;
            case ShellCommand.LoadFile:
            case ShellCommand.Spawn:
                LoadOrSpawn(command);
                break;
            case ShellCommand.Processes:
                _listed.Clear();
                AskNode(Texts.NoAnswer(settings.Alias), request => new NodeProtocol.ListProcesses(request));
                break;
            case ShellCommand.Kill:
                Kill(command["pid"]);
                break;
            case ShellCommand.State:
                Inspect(command["pid"]!, 0);
                break;
            case ShellCommand.Trace:
                Trace(command["pid"]!, command["count"]);
                break;
            case ShellCommand.StartCluster:
                AskNode(Texts.NoAnswer(settings.Alias), request => new ClusterProtocol.StartCluster(request));
                break;
            case ShellCommand.JoinCluster:
                Join(command["ip"]!, command["port"]!);
                break;
            case ShellCommand.ClusterMembers:
                AskNode(Texts.NoAnswer(settings.Alias), request => new ClusterProtocol.ListMembers(request));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(command), command.Entry.Command, null);
        }
    }

    private void Help(string? name)
    {
        if (name is null)
        {
            Say(Texts.Commands);
            Write(Tables.Commands());
            Say(Texts.HelpHint, TextStyle.Quiet);
        }
        else if (CommandTable.Find(name) is { } entry)
        {
            Write(Tables.Help(entry));
        }
        else
        {
            SayUnknown(CommandParser.Unknown(name.StartsWith('!') ? name : $"!{name}"));
        }
    }

    private void SayUnknown(CommandLine.Unknown unknown)
    {
        Say(Texts.InvalidCommand, TextStyle.Bad);
        Say(unknown.Nearest is { } nearest ? Texts.DidYouMean(nearest) : Texts.ListOfCommands, TextStyle.Quiet);
    }

    private void Look(MachinePart part) => AskMachine(request => new ShellProtocol.Look(request, part));

    private void LoadOrSpawn(CommandLine.Command command)
    {
        if (command["alias"] is { } on && !Alias.IsValid(on))
        {
            Say(Texts.BadAlias(on), TextStyle.Bad);
        }
        else if (command.Entry.Command == ShellCommand.LoadFile && _turn is not null)
        {
            Say(Texts.Busy, TextStyle.Warning);
        }
        else if (command["file"] is { } path)
        {
            ReadFile(command, path);
        }
        else
        {
            _pathAsker = command;
            _next = Meaning.Path;
        }
    }

    private void CarryPath(string line)
    {
        CommandLine.Command command = _pathAsker!;
        _pathAsker = null;
        ImmutableArray<string> words = CommandParser.Words(line.Trim());
        if (words.IsEmpty)
        {
            Say(Texts.NoFile, TextStyle.Warning);
            return;
        }
        // A path with spaces needs no quotes where nothing else is asked for.
        string path = words.Length == 1 ? words[0] : line.Trim();
        ReadFile(command, path);
    }

    private void ReadFile(CommandLine.Command command, string path)
    {
        _fileAsker = command;
        _overdue = Texts.NoAnswer(path);
        Do(new SessionEffect.ReadFile(NextRequest(), path));
        Await(settings.AnswerTimeout);
    }

    private void Kill(string? text)
    {
        if (text is null)
        {
            if (_turn is { } turn)
            {
                Do(new SessionEffect.ToMachine(new ShellProtocol.Stop(turn)));
                _wait = Wait.Turn;
            }
            else
            {
                Say(Texts.NothingRuns, TextStyle.Warning);
            }
        }
        else if (Pid.TryParse(text, settings.Alias, out Pid? pid))
        {
            AskNode(Texts.NoAnswer(pid.Value.Node), request => new NodeProtocol.Kill(request, pid.Value));
        }
        else
        {
            Say(Texts.BadPid(text), TextStyle.Bad);
        }
    }

    private void Trace(string pid, string? count)
    {
        int steps = DefaultSteps;
        bool fits = count is null || int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out steps);
        if (fits && steps is > 0 and <= WireLimits.Steps) Inspect(pid, steps);
        else Say(Texts.BadCount(count!), TextStyle.Bad);
    }

    private void Inspect(string text, int steps)
    {
        if (Pid.TryParse(text, settings.Alias, out Pid? pid))
        {
            AskNode(Texts.NoAnswer(pid.Value.Node), request => new NodeProtocol.Inspect(request, pid.Value, steps));
        }
        else
        {
            Say(Texts.BadPid(text), TextStyle.Bad);
        }
    }

    private void Join(string host, string port)
    {
        bool isNumber = int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out int number);
        if (!isNumber || number is 0 or > 65535)
        {
            Say(Texts.BadPort(port), TextStyle.Bad);
            return;
        }
        Say(Texts.JoinAttempt);
        _overdue = Texts.JoinFailure;
        Do(new SessionEffect.ToNode(new ClusterProtocol.JoinCluster(NextRequest(), host, number)));
        Await(settings.JoinTimeout);
    }
}
