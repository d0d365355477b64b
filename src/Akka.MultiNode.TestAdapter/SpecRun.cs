using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Text;
using Akka.Remote.TestKit;

namespace Akka.MultiNode.TestAdapter;

/// <summary>
/// One multi-node test: starts a process for each role, waits for all of them, and says what went wrong. What the nodes
/// wrote is kept in a folder when something did.
/// </summary>
internal sealed class SpecRun(Type spec, MethodInfo method, TimeSpan limit)
{
    // Below the ports that systems hand out by themselves, so that nobody gets it by chance between here and the first
    // node's start.
    private const int FirstPort = 20_000;
    private const int LastPort = 32_000;

    private const string Loopback = "127.0.0.1";

    /// <summary>Runs it to its end.</summary>
    /// <returns>Null when all nodes passed, else the story of the failure.</returns>
    public async Task<string?> Play(CancellationToken cancelled)
    {
        string folder = Directory.CreateTempSubdirectory($"multinode-{spec.Name}-").FullName;
        List<NodeRun> nodes = [];
        List<NodeRun> ended = [];
        try
        {
            StartAll(folder, nodes);
            await WaitForAll(nodes, ended, cancelled);
        }
        finally
        {
            foreach (NodeRun node in nodes) node.Kill();
            await Task.WhenAll(nodes.Select(node => node.Ended));
        }
        string? failure = ended.Count == nodes.Count && !nodes.Exists(node => node.HasFailed)
            ? null
            : Story(nodes, ended, folder);
        foreach (NodeRun node in nodes) node.Dispose();
        if (failure is null) Directory.Delete(folder, recursive: true);
        return failure;
    }

    /// <summary>The roles of a spec, from the configuration that one of its constructors takes.</summary>
    internal static IReadOnlyList<string> RolesOf(Type spec)
    {
        Type? config = spec
            .GetConstructors(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public)
            .SelectMany(constructor => constructor.GetParameters())
            .Select(parameter => parameter.ParameterType)
            .FirstOrDefault(type => type.IsSubclassOf(typeof(MultiNodeConfig)) && !type.IsAbstract);
        if (config is null)
        {
            throw new InvalidOperationException(
                $"{spec.Name} does not say which nodes take part. Give it a constructor with its MultiNodeConfig: "
                + $"protected {spec.Name}({spec.Name}Config config) : base(config, typeof({spec.Name})).");
        }
        MultiNodeConfig cast = (MultiNodeConfig)Activator.CreateInstance(config)!;
        return cast.Roles.Count > 0
            ? [.. cast.Roles.Select(role => role.Name)]
            : throw new InvalidOperationException($"{config.Name} declares no role.");
    }

    private static int FreePort()
    {
        while (true)
        {
            int port = Random.Shared.Next(FirstPort, LastPort);
            using Socket probe = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                probe.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException error) when (error.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // The next one, then.
            }
        }
    }

    private void StartAll(string folder, List<NodeRun> nodes)
    {
        IReadOnlyList<string> roles = RolesOf(spec);
        string assembly = spec.Assembly.Location;
        string program = Path.ChangeExtension(assembly, OperatingSystem.IsWindows() ? ".exe" : null);
        int port = FreePort();
        for (int index = 0; index < roles.Count; index++)
        {
            nodes.Add(NodeRun.Start(roles[index], folder, program, [
                $"-Dmultinode.max-nodes={roles.Count}",
                $"-Dmultinode.host={Loopback}",
                $"-Dmultinode.server-host={Loopback}",
                $"-Dmultinode.server-port={port}",
                $"-Dmultinode.index={index}",
                $"-Dmultinode.role={roles[index]}",
                $"-D{NodeProgram.TestClassKey}={spec.FullName}",
                $"-D{NodeProgram.TestMethodKey}={method.Name}",
            ]));
        }
    }

    // In the order in which they end, so that the first who failed is told first; the others often only miss it.
    private async Task WaitForAll(List<NodeRun> nodes, List<NodeRun> ended, CancellationToken cancelled)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        patience.CancelAfter(limit);
        List<NodeRun> running = [.. nodes];
        try
        {
            while (running.Count > 0)
            {
                Task first = await Task.WhenAny(running.Select(node => node.Ended)).WaitAsync(patience.Token);
                NodeRun node = running.Find(each => each.Ended == first)!;
                running.Remove(node);
                bool isFirstFailure = node.HasFailed && !ended.Exists(each => each.HasFailed);
                ended.Add(node);
                if (isFirstFailure) patience.CancelAfter(NodeLimits.AfterFailure);
            }
        }
        catch (OperationCanceledException)
        {
            // Who is still running did not come to an end in time.
        }
    }

    private string Story(List<NodeRun> nodes, List<NodeRun> ended, string folder)
    {
        StringBuilder story = new();
        foreach (NodeRun node in ended.Where(node => node.HasFailed).Concat(nodes.Except(ended)))
            story.AppendLine($"Node {node.Role} {node.Outcome()}");
        string[] passed = [.. ended.Where(node => !node.HasFailed).Select(node => node.Role)];
        if (passed.Length > 0) story.AppendLine($"Passed: {string.Join(", ", passed)}.");
        story.AppendLine($"The whole logs are in {folder}. Their last lines:");
        foreach (NodeRun node in nodes)
        {
            story.AppendLine($"--- {node.Role} ---");
            foreach (string line in node.LastLines(NodeLimits.LogLinesShown)) story.AppendLine(line);
        }
        return story.ToString();
    }
}
