using System.Collections.Immutable;
using System.Text;
using Iridium.Actors.Protocol;
using Iridium.Vm.Assembly;
using Iridium.Vm.Image;

namespace Iridium.Actors.Repl;

/// <summary>What the node, the other nodes and the file reader answer.</summary>
internal sealed partial class Session
{
    private static readonly UTF8Encoding StrictUtf8 =
        new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly Dictionary<string, NodeProtocol.Processes> _listed = [];
    private readonly HashSet<int> _spawns = [];
    private NodeProtocol.Listing? _listing;
    private CommandLine.Command? _fileAsker;
    private string _overdue = "";
    private int _lastRequest;
    private int? _request;

    /// <summary>What became of reading a file.</summary>
    public void OnFile(int request, SourceFile file, TimeSpan now)
    {
        if (!Begin(now) || !IsAwaited(request)) return;
        Answered();
        CommandLine.Command command = _fileAsker!;
        _fileAsker = null;
        switch (file)
        {
            case SourceFile.Unreadable unreadable:
                Say(unreadable.Reason, TextStyle.Bad);
                break;
            case SourceFile.Found found when command.Entry.Command == ShellCommand.LoadFile:
                Load(found, command.Rest);
                break;
            case SourceFile.Found found:
                Spawn(found, command);
                break;
        }
        Settle();
    }

    /// <summary>An answer of this node or another one. Late ones are for nobody.</summary>
    public void OnAnswer(object message, TimeSpan now)
    {
        if (!Begin(now)) return;
        switch (message)
        {
            // Late or not, it runs and will be heard; but only what was asked for.
            case NodeProtocol.Spawned spawned when _spawns.Remove(spawned.Request):
                _background[spawned.Pid] = new LineAssembler();
                if (IsAwaited(spawned.Request)) Answered();
                Say(Texts.Spawned(spawned.Pid, spawned.Program));
                break;
            case NodeProtocol.SpawnRefused refused when IsAwaited(refused.Request):
                _spawns.Remove(refused.Request);
                Answered();
                Say(Texts.Refused(refused.Reason, refused.Detail), TextStyle.Bad);
                break;
            case NodeProtocol.Listing listing when IsAwaited(listing.Request):
                _listing = listing;
                ShowProcessesIfComplete();
                break;
            case NodeProtocol.Processes processes when IsAwaited(processes.Request):
                _listed[processes.Node] = processes;
                ShowProcessesIfComplete();
                break;
            case NodeProtocol.KillAnswer answer when IsAwaited(answer.Request):
                Answered();
                ShowKilled(answer);
                break;
            case NodeProtocol.Inspected inspected when IsAwaited(inspected.Request):
                Answered();
                ShowInspected(inspected);
                break;
            case ClusterProtocol.ClusterStarted started when IsAwaited(started.Request):
                Answered();
                ShowStarted(started);
                break;
            case ClusterProtocol.Joined joined when IsAwaited(joined.Request):
                Answered();
                Say(Texts.JoinSuccess, TextStyle.Good);
                break;
            case ClusterProtocol.JoinFailed failed when IsAwaited(failed.Request):
                Answered();
                Say(Texts.JoinFailure, TextStyle.Bad);
                Say(Texts.JoinFailed(failed.Reason, failed.Detail), TextStyle.Bad);
                break;
            case ClusterProtocol.Members members when IsAwaited(members.Request):
                Answered();
                ShowMembers(members.Nodes);
                break;
        }
        Settle();
    }

    private void Load(SourceFile.Found file, ImmutableArray<string> arguments)
    {
        if (file.Bytes.Span.StartsWith(ImageFormat.Magic)) Say(Texts.ImageInShell(file.Name), TextStyle.Bad);
        else if (TextOf(file.Bytes) is { } source) StartTurn(source, file.Name, arguments, file.Include);
        else Say(Texts.NotText(file.Name), TextStyle.Bad);
    }

    private void Spawn(SourceFile.Found file, CommandLine.Command command)
    {
        ReadOnlyMemory<byte>? image = ImageOf(file);
        if (image is null) return;
        RestartPolicy restart = command["restart"] is null ? RestartPolicy.Never : RestartPolicy.OnCrash;
        var program = new ProgramFile(file.Name, image.Value, restart, command.Rest);
        AskNode(
            Texts.NoAnswer(command["alias"] ?? settings.Alias),
            request => new NodeProtocol.Spawn(request, command["alias"], program));
        _spawns.Add(_lastRequest);
    }

    /// <summary>The image in the file, or the one assembled from it; null after its errors were shown.</summary>
    private ReadOnlyMemory<byte>? ImageOf(SourceFile.Found file)
    {
        if (file.Bytes.Span.StartsWith(ImageFormat.Magic))
        {
            Verification verification = Verifier.Verify(file.Bytes);
            if (verification.Accepted) return file.Bytes;
            Say(Texts.RejectedImage(file.Name, verification.Reject.Text), TextStyle.Bad);
            return null;
        }
        if (TextOf(file.Bytes) is not { } source)
        {
            Say(Texts.NotText(file.Name), TextStyle.Bad);
            return null;
        }
        AssemblyResult result = Assembler.Assemble(
            source, file.Name, AssemblerOptions.Default with { Include = file.Include });
        if (result.Succeeded) return result.Image;
        ShowErrors(result.Diagnostics);
        return null;
    }

    private static string? TextOf(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            string text = StrictUtf8.GetString(bytes.Span);
            return text.Contains('\0') ? null : text.TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private void ShowProcessesIfComplete()
    {
        if (_listing is { } listing && listing.Nodes.All(_listed.ContainsKey)) ShowProcesses();
    }

    private void ShowProcesses()
    {
        Answered();
        NodeProtocol.Listing listing = _listing ?? new(0, [settings.Alias], []);
        NodeProtocol.Processes[] answers = [.. listing.Nodes.Where(_listed.ContainsKey).Select(node => _listed[node])];
        if (answers.All(answer => answer.Rows.IsEmpty)) Say(Texts.NoProcesses, TextStyle.Quiet);
        else Write(Tables.Processes(answers));
        foreach (NodeProtocol.Processes answer in answers.Where(answer => answer.Omitted > 0))
        {
            Say(Texts.MoreProcesses(answer.Node, answer.Omitted), TextStyle.Quiet);
        }
        foreach (string silent in listing.Nodes.Where(node => !_listed.ContainsKey(node)).Concat(listing.Unreachable))
        {
            Say(Texts.NoAnswer(silent), TextStyle.Warning);
        }
        _listing = null;
        _listed.Clear();
    }

    private void ShowKilled(NodeProtocol.KillAnswer answer)
    {
        bool done = answer.Outcome == ProcessOutcome.Done;
        Say(Texts.Killed(answer.Pid, answer.Outcome), done ? TextStyle.Plain : TextStyle.Bad);
    }

    private void ShowInspected(NodeProtocol.Inspected inspected)
    {
        foreach (string step in inspected.Trace) Say(step);
        Say(Texts.Inspected(inspected));
    }

    private void ShowStarted(ClusterProtocol.ClusterStarted started)
    {
        if (started.WasMember) Say(Texts.AlreadyMember(started.Address), TextStyle.Warning);
        else Say(Texts.ClusterStarted);
        Say(Texts.Endpoint(started.Address), TextStyle.Quiet);
    }

    private void ShowMembers(ImmutableArray<NodeRow> nodes)
    {
        Say(Texts.KnownNodes);
        if (nodes.IsEmpty) Say(Texts.NoNodes, TextStyle.Quiet);
        else Write(Tables.Members(nodes));
    }

    private void AskNode(string overdue, Func<int, object> question)
    {
        _overdue = overdue;
        Do(new SessionEffect.ToNode(question(NextRequest())));
        Await(settings.AnswerTimeout);
    }

    private void AskMachine(Func<int, object> question)
    {
        _overdue = Texts.NoAnswer("the machine");
        Do(new SessionEffect.ToMachine(question(NextRequest())));
        Await(settings.AnswerTimeout);
    }

    private int NextRequest() => ++_lastRequest;

    private void Await(TimeSpan timeout)
    {
        _request = _lastRequest;
        _wait = Wait.Answer;
        Do(new SessionEffect.Arm(SessionTimer.Answer, timeout));
    }

    private bool IsAwaited(int request) => _wait == Wait.Answer && _request == request;

    private void Answered()
    {
        _request = null;
        _wait = Wait.Nothing;
        Do(new SessionEffect.Disarm(SessionTimer.Answer));
    }

    private void OnOverdue()
    {
        if (_listing is not null || _listed.Count > 0)
        {
            ShowProcesses();
            return;
        }
        Answered();
        Say(_overdue, TextStyle.Bad);
    }

    private void Forget()
    {
        if (_wait == Wait.Answer) Answered();
        _listing = null;
        _listed.Clear();
        _pathAsker = null;
        _fileAsker = null;
        if (_next == Meaning.Path) _next = Meaning.Line;
    }
}
