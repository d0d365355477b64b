using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;
using Iridium.Actors.Node;
using Iridium.Actors.Protocol;
using Iridium.Actors.Repl;
using Iridium.Node.Cli;
using Iridium.Node.Pbm;
using Iridium.Node.Shell;

namespace Iridium.Node.Hosting;

/// <summary>Where a node is, for the scripts that start it.</summary>
public sealed record NodeStarted(string Alias, string Cluster, string Pbm, string? RemoteShell);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(NodeStarted))]
internal sealed partial class NodeJson : JsonSerializerContext;

/// <summary>One run of <c>iridium</c> as a node: from its settings to its exit code.</summary>
/// <param name="file">What the configuration file says.</param>
/// <param name="variable">Reads an environment variable.</param>
public sealed class NodeRun(NodeLaunch launch, Config file, Func<string, string?> variable)
{
    /// <summary>A starter that sets this variable holds the node's standard input open for as long as the node shall
    /// run; so the node ends with its starter, however that ends.</summary>
    public const string EndsWithInput = "IRIDIUM_ENDS_WITH_INPUT";

    /// <summary>A terminal that is stopped with ctrl-s shows nothing, and must not hold up the end of the
    /// node.</summary>
    private static readonly TimeSpan ScreenPatience = TimeSpan.FromSeconds(1);

    private readonly List<string> _notes = [];
    private readonly TaskCompletionSource<ExitCode> _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="companions">Started once the node listens, ended when it stops.</param>
    public async Task<ExitCode> Run(Func<NodeHost, IAsyncDisposable>? companions = null)
    {
        bool hasTerminal = HasTerminal();
        using NodeIdentity? identity = launch.Alias is null ? ClaimIdentity() : null;
        string alias = launch.Alias ?? identity!.Id;
        NodeHost host = NodeHost.Start(launch, file, alias, LogFile(alias, hasTerminal));
        using PosixSignalRegistration terminate = On(PosixSignal.SIGTERM, ExitCode.Ok);
        using PosixSignalRegistration hangUp = On(PosixSignal.SIGHUP, ExitCode.Ok);
        using PosixSignalRegistration interrupt = On(PosixSignal.SIGINT, ExitCode.Interrupted);
        try
        {
            ExitCode code = await Serve(host, hasTerminal, companions);
            await host.Stop();
            return code;
        }
        catch (UserErrorException)
        {
            await host.Stop();
            throw;
        }
    }

    private async Task<ExitCode> Serve(NodeHost host, bool hasTerminal, Func<NodeHost, IAsyncDisposable>? companions)
    {
        NoteClusterEndpoint(host);
        await using var pbm = new PbmServer(
            Open(launch.Pbm, "the command endpoint"), new ClusterNode(host.System, host.Node));
        await using RemoteShell? remote = launch.RemoteAccess
            ? new RemoteShell(Open(launch.RemoteShell, "the remote shell"), host.RemoteShellLimits, host.OpenSession)
            : null;
        await using IAsyncDisposable? others = companions?.Invoke(host);

        ILocalScreen screen = OpenScreen(host, hasTerminal);
        if (launch.DaemonMode) _notes.Add(Summary(host, pbm, remote));
        screen.Write([.. _notes.Select(note => ScreenLine.Of(note, TextStyle.Quiet))]);
        Action<ShellEffect> session = host.OpenSession(screen);
        screen.Start(session);
        JoinCluster(host, session);
        if (variable(EndsWithInput) is { Length: > 0 }) EndWithInput();

        Task<NodeEnd> ended = NodeEnd.Of(host);
        await Task.WhenAny(screen.Closed, _stopped.Task, ended);
        if (ended.IsCompletedSuccessfully) screen.Write([ScreenLine.Of((await ended).Text, TextStyle.Warning)]);
        // The last lines are shown, and the prompt is gone, before anything else is said.
        screen.Close((int)ExitCode.Ok);
        await Task.WhenAny(screen.Closed, Task.Delay(ScreenPatience));
        (screen as IDisposable)?.Dispose();
        if (_stopped.Task.IsCompleted) return await _stopped.Task;
        return ended.IsCompletedSuccessfully ? (await ended).Code : (ExitCode)await screen.Closed;
    }

    private ILocalScreen OpenScreen(NodeHost host, bool hasTerminal)
    {
        if (launch.DaemonMode) return new DaemonScreen(Console.Out);
        if (!hasTerminal) return new PlainScreen(Console.In, Console.Out, echo: Console.IsInputRedirected);
        var completion = new LineCompletion(() => Cluster.Get(host.System).State.Members
            .Select(member => Alias.FromRoles(member.Roles)).OfType<string>());
        return new ConsoleScreen(completion.For, colour: variable("NO_COLOR") is null or "");
    }

    private bool HasTerminal() =>
        !launch.DaemonMode && !Console.IsInputRedirected && !Console.IsOutputRedirected && variable("TERM") is not "dumb";

    private void JoinCluster(NodeHost host, Action<ShellEffect> session)
    {
        // A shell shows what a person would see who had typed it.
        if (!launch.DaemonMode)
        {
            if (launch.Join is { } peer) session(new ShellEffect.Submit($"!join_cluster {peer.Host} {peer.Port}"));
            else if (launch.StartCluster) session(new ShellEffect.Submit("!start_cluster"));
            return;
        }
        if (launch.Join is { } member) _ = JoinOrStop(host, member);
        else if (launch.StartCluster) host.Node.Tell(new ClusterProtocol.StartCluster(0));
    }

    private async Task JoinOrStop(NodeHost host, Endpoint peer)
    {
        object answer = await host.Node.Ask(
            new ClusterProtocol.JoinCluster(0, peer.Host, peer.Port), Timeout.InfiniteTimeSpan);
        if (answer is not ClusterProtocol.JoinFailed failed) return;
        _stopped.TrySetException(new UserErrorException(new(
            $"the cluster was not joined: {Words.Of(failed.Reason)}", $"{peer}, about {failed.Detail}",
            NextAfter(failed.Reason), ExitCode.NotJoined)));
    }

    private static string NextAfter(JoinRefusal reason) => reason switch
    {
        JoinRefusal.AliasTaken => "give this node another --node-alias",
        JoinRefusal.NoCluster => "start a cluster there first, with !start_cluster or --start-cluster",
        _ => "is a node of the cluster at that address, with the same cluster secret? `!cluster_members` shows their "
            + "addresses; the log says what it was told",
    };

    private System.Net.Sockets.Socket Open(ListenAt at, string what)
    {
        (System.Net.Sockets.Socket socket, string? note) = Listening.Open(at, what);
        if (note is not null) _notes.Add(note);
        var address = (System.Net.IPEndPoint)socket.LocalEndPoint!;
        if (at.Endpoint.Port == 0) _notes.Add($"{Capital(what)} is at {address}.");
        if (!System.Net.IPAddress.IsLoopback(address.Address))
            _notes.Add($"{Capital(what)} asks for no password: whoever reaches {address} commands this node.");
        return socket;
    }

    private void NoteClusterEndpoint(NodeHost host)
    {
        Endpoint wanted = launch.Server.Endpoint;
        if (launch.WireLog is { } log)
            _notes.Add($"Frames are recorded in {log}, with -{host.Endpoint.Port} before its extension.");
        if (launch.Insecure && !IsClosed() && !Listening.IsLoopback(wanted.Host))
            _notes.Add($"insecure = on: whoever reaches {host.Endpoint} can join the cluster and command this node.");
        if (host.Endpoint.Port == wanted.Port) return;
        _notes.Add(wanted.Port == 0
            ? $"The cluster's endpoint is at {host.Endpoint}."
            : Listening.Moved(wanted, "the cluster's endpoint", host.Endpoint.Port));
    }

    private bool IsClosed() => launch.Secret is not null || launch.SecretFile is not null
        || file.HasPath("akka.remote.secret") || file.HasPath("akka.remote.secret-file")
        || file.GetBoolean("akka.remote.dot-netty.tcp.enable-ssl", false);

    private string Summary(NodeHost host, PbmServer pbm, RemoteShell? remote)
    {
        var started = new NodeStarted(
            host.Alias, host.Endpoint.ToString(), (launch.Pbm.Endpoint with { Port = pbm.Port }).ToString(),
            remote is null ? null : (launch.RemoteShell.Endpoint with { Port = remote.Port }).ToString());
        return launch.Json
            ? JsonSerializer.Serialize(started, NodeJson.Default.NodeStarted)
            : $"{started.Alias}: cluster {started.Cluster}, commands {started.Pbm}"
                + (started.RemoteShell is null ? "" : $", remote shell {started.RemoteShell}");
    }

    private NodeIdentity ClaimIdentity() => NodeIdentity.Claim(DataPath(), () => Guid.NewGuid().ToString());

    private string? _dataPath;

    private string DataPath()
    {
        if (_dataPath is not null) return _dataPath;
        DataDirectory directory = DataDirectory.Open(launch, variable);
        if (directory.Note is not null) _notes.Add(directory.Note);
        return _dataPath = directory.Path;
    }

    /// <summary>At a terminal, log lines would tear the prompt, so they go to a file.</summary>
    private string? LogFile(string alias, bool hasTerminal)
    {
        if (launch.LogFile is not null) return Path.GetFullPath(launch.LogFile);
        return hasTerminal && !Console.IsErrorRedirected ? Path.Combine(DataPath(), $"iridium-{alias}.log") : null;
    }

    private PosixSignalRegistration On(PosixSignal signal, ExitCode code) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        _stopped.TrySetResult(code);
    });

    private void EndWithInput() => new Thread(() =>
    {
        while (Console.In.Read() >= 0) continue;
        _stopped.TrySetResult(ExitCode.Ok);
    }) { IsBackground = true, Name = "starter's end" }.Start();

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
