using System.Diagnostics;
using System.Globalization;
using Iridium.Node.Cli;

namespace Iridium.Node.Hosting;

/// <summary>The other nodes of <c>iridium dev</c>: child processes of this one, on free ports, joined to it. Each
/// holds a pipe from this process, so that it ends when this one does, whatever ends it.</summary>
public sealed class DevCluster : IAsyncDisposable
{
    /// <summary>A child leaves the cluster in order, unless that takes longer.</summary>
    private static readonly TimeSpan LeavePatience = TimeSpan.FromSeconds(3);

    private readonly List<Process> _children = [];

    private DevCluster()
    {
    }

    /// <param name="first">The address of the node that the others join.</param>
    /// <param name="nodes">All nodes, the first one counted.</param>
    /// <param name="logFolder">Where each child's output goes, to a file of its alias.</param>
    public static DevCluster Start(Endpoint first, int nodes, NodeLaunch launch, string logFolder)
    {
        var cluster = new DevCluster();
        for (int n = 2; n <= nodes; n++) cluster._children.Add(StartChild(AliasOf(n), first, launch, logFolder));
        return cluster;
    }

    public static string AliasOf(int node) => string.Create(CultureInfo.InvariantCulture, $"node{node}");

    public async ValueTask DisposeAsync()
    {
        foreach (Process child in _children) child.StandardInput.Close();
        await Task.WhenAll(_children.Select(End));
    }

    private static async Task End(Process child)
    {
        using var patience = new CancellationTokenSource(LeavePatience);
        try
        {
            await child.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            child.Kill();
            await child.WaitForExitAsync();
        }
        child.Dispose();
    }

    private static Process StartChild(string alias, Endpoint first, NodeLaunch launch, string logFolder)
    {
        ProcessStartInfo start = Self();
        string[] words =
        [
            "--daemon-mode", $"--node-alias={alias}", $"--join={first}", $"--server-bind-host={first.Host}",
            "--server-bind-port=0", "--pbm-port=0", $"--log-level={launch.LogLevel}",
            $"--log-file={Path.Combine(logFolder, alias + ".log")}",
        ];
        foreach (string word in words) start.ArgumentList.Add(word);
        if (launch.SecretFile is { } secret) start.ArgumentList.Add($"--cluster-secret-file={secret}");
        if (launch.Insecure) start.ArgumentList.Add("--insecure");
        if (launch.WireLog is { } log) start.ArgumentList.Add($"--wire-log={log}");
        if (launch.ConfigFile is { } file) start.ArgumentList.Add($"--config={file}");
        start.Environment[NodeRun.EndsWithInput] = "1";
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        Process child = Process.Start(start)!;
        Drain(child.StandardOutput, child.StandardError, Path.Combine(logFolder, alias + ".out"));
        return child;
    }

    /// <summary>This program, as it was started itself.</summary>
    private static ProcessStartInfo Self()
    {
        string program = Environment.ProcessPath!;
        var start = new ProcessStartInfo(program);
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "iridium.dll"));
        return start;
    }

    private static void Drain(StreamReader output, StreamReader errors, string file)
    {
        TextWriter log = TextWriter.Synchronized(new StreamWriter(file) { AutoFlush = true });
        Task[] copies = [Copy(output, log), Copy(errors, log)];
        _ = Task.WhenAll(copies).ContinueWith(_ => log.Dispose(), TaskScheduler.Default);
    }

    private static async Task Copy(StreamReader from, TextWriter to)
    {
        while (await from.ReadLineAsync() is { } line) await to.WriteLineAsync(line);
    }
}
