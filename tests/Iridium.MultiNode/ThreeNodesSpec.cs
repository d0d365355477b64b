using System.Text.RegularExpressions;
using Xunit.Abstractions;

namespace Iridium.MultiNode;

/// <summary>The main job on three real processes: they form a cluster, run a program anywhere in it, and notice when
/// one of them dies.</summary>
public sealed class ThreeNodesSpec(ITestOutputHelper output) : IDisposable
{
    // The split-brain resolver acts on a view that was stable for so long; its default of 20 s is for real networks.
    private const string QuickDowning = """
        akka.cluster {
          split-brain-resolver.stable-after = 1s
          down-removal-margin = 0s
        }
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("iridium-multinode-");

    public void Dispose() => _folder.Delete(recursive: true);

    private NodeProcess Start(string alias)
    {
        string config = Path.Combine(_folder.FullName, "quick.conf");
        if (!File.Exists(config)) File.WriteAllText(config, QuickDowning);
        return NodeProcess.Start(alias, $"--node-alias={alias}", "--config", config, "--server-bind-port=0", "--pbm-port=0",
            $"--data-root-dir={_folder.FullName}");
    }

    private static async Task<string> PortOf(NodeProcess node) =>
        (await node.Says(@"The cluster's endpoint is at 127\.0\.0\.1:(\d+)\.")).Groups[1].Value;

    private static async Task<string[]> Members(NodeProcess node)
    {
        await node.Type("!cluster_members");
        await node.Says("Listing Known Nodes:");
        await node.Says("^ALIAS ");
        var members = new List<string>();
        // The echo of the next command ends the table.
        await node.Type("!symbols");
        while (true)
        {
            Match line = await node.Says(".*");
            if (line.Value.StartsWith(">>> ", StringComparison.Ordinal)) break;
            if (Regex.Match(line.Value, @"^(\S+)\s+akka\.tcp://\S+\s+(\S+)") is { Success: true } row)
                members.Add($"{row.Groups[1].Value} {row.Groups[2].Value}");
        }
        return [.. members.Order(StringComparer.Ordinal)];
    }

    // Asked again: in Akka.NET the list may come a moment after the news.
    private static async Task Lists(NodeProcess node, params string[] expected)
    {
        string[] members = await Members(node);
        for (DateTime end = DateTime.UtcNow + Patience; !members.SequenceEqual(expected) && DateTime.UtcNow < end;)
            members = await Members(node);
        Assert.Equal(expected, members);
    }

    [Fact]
    public async Task Three_nodes_join_run_a_program_anywhere_and_remove_the_one_that_is_killed()
    {
        await using NodeProcess node1 = Start("node1");
        await using NodeProcess node2 = Start("node2");
        await using NodeProcess node3 = Start("node3");
        try
        {
            await Story(node1, node2, node3);
        }
        finally
        {
            foreach (NodeProcess node in new[] { node1, node2, node3 }) output.WriteLine(node.Transcript);
        }
    }

    private async Task Story(NodeProcess node1, NodeProcess node2, NodeProcess node3)
    {
        string port = await PortOf(node1);

        await node1.Type("!start_cluster");
        await node1.Says("Started cluster server!");
        await node2.Type($"!join_cluster 127.0.0.1 {port}");
        await node2.Says("Connected to cluster!");
        await node3.Type($"!join_cluster 127.0.0.1 {port}");
        await node3.Says("Connected to cluster!");
        await node1.SaysAll("node2 joined", "node3 joined");
        await node2.SaysAll("node3 joined");

        foreach (NodeProcess node in new[] { node1, node2, node3 })
            await Lists(node, "node1 Up", "node2 Up", "node3 Up");

        string hello = Path.Combine(_folder.FullName, "hello.iasm");
        await File.WriteAllTextAsync(hello, ".data\ngreeting: .asciiz 'Hello from afar!\\n'\n.code\nprts @greeting\nhlt\n");
        await node1.Type($"!spawn {hello} --on node3");
        await node1.Says("Spawned node3/1 hello.iasm");
        await node1.SaysAll("Hello from afar!", "node3/1 hello.iasm finished with code 0");

        await node2.Kill();
        await Task.WhenAll(node1.Says("node2 is unreachable"), node3.Says("node2 is unreachable"));
        await Task.WhenAll(node1.Says("node2 was removed"), node3.Says("node2 was removed"));
        foreach (NodeProcess node in new[] { node1, node3 })
            await Lists(node, "node1 Up", "node3 Up");

        Assert.Equal(0, await node3.EndInput());
        await node1.Says("node3 left");
        Assert.Equal(0, await node1.EndInput());
    }
}
