using System.Text;
using Akka.Actor;
using Akka.Configuration;
using Iridium.Actors.Configuration;
using Iridium.Actors.Node;
using Iridium.Actors.Protocol;
using Iridium.Actors.Repl;
using Iridium.Actors.Vm;
using Iridium.Vm.Assembly;

namespace Iridium.Actors.Tests.Actors;

/// <summary>A node with a session on a screen that remembers; without a cluster, unless it is asked for.</summary>
internal sealed class LocalNode : IAsyncDisposable
{
    // Quick enough to see what happens, slow enough for two busy cores.
    private const string Cluster = """
        akka {
          actor.provider = cluster
          remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
          cluster {
            gossip-interval = 200ms
            leader-actions-interval = 200ms
            unreachable-nodes-reaper-interval = 200ms
          }
        }
        iridium.node.hello-interval = 200ms
        """;

    public LocalNode(string hocon = "", bool interactive = true, bool withSession = true)
    {
        Config config = ConfigurationFactory.ParseString(hocon)
            .WithFallback("akka { loglevel = WARNING, stdout-loglevel = OFF }\n iridium.node.alias = node1")
            .WithFallback(IridiumConfig.Reference);
        System = ActorSystem.Create("iridium", config);
        Settings = NodeSettings.From(config) with { Seed = 1 };
        Node = System.ActorOf(NodeActor.Props(Settings, VmSettings.From(config)), "node");
        Screen = new FakeScreen(interactive);
        Files = new Programs();
        Repl = withSession ? System.ActorOf(ReplActor.Props(ReplSettings.From(config), Node, Screen, Files)) : Node;
    }

    /// <summary>A node that can be in a cluster, on a port of 127.0.0.1 that the system chooses.</summary>
    public static LocalNode InCluster(string alias, string hocon = "") => new($$"""
        {{hocon}}
        {{Cluster}}
        iridium.node.alias = {{alias}}
        akka.cluster.roles = ["{{Alias.RoleOf(alias)}}"]
        """);

    public ActorSystem System { get; }

    /// <summary>The port of the node's cluster endpoint.</summary>
    public int Port => Akka.Cluster.Cluster.Get(System).SelfAddress.Port ?? 0;

    public NodeSettings Settings { get; }

    public IActorRef Node { get; }

    public IActorRef Repl { get; }

    public FakeScreen Screen { get; }

    public Programs Files { get; }

    public void Type(string line) => Repl.Tell(new ReplProtocol.LineTyped(line));

    /// <summary>Types a line and waits for what must follow it.</summary>
    public async Task<int> Type(string line, string expected, int from = 0)
    {
        Type(line);
        return await Screen.Shows(expected, from);
    }

    public static ProgramFile Assemble(string source, RestartPolicy restart = RestartPolicy.Never)
    {
        AssemblyResult result = Assembler.Assemble(source);
        Assert.True(result.Succeeded, result.ErrorText());
        return new ProgramFile("test.iasm", result.Image, restart, []);
    }

    public async ValueTask DisposeAsync()
    {
        await System.Terminate();
    }
}

/// <summary>The programs of the tests, by name.</summary>
internal sealed class Programs : ISourceFiles
{
    public const string Hello = ".data\ntext: .asciiz 'Hello from Iridium'\n.code\nprts @text\nhlt\n";
    public const string Forever = ".data\n.code\nload $1 #1\nagain: inc $0\neq $1 $1\ndjmpe @again\n";
    public const string Crash = ".data\n.code\nload $0 #7\ndiv $0 $1 $2\nhlt\n";
    public const string Loud = ".data\ntext: .asciiz 'yes '\n.code\nagain: prts @text\neq $1 $1\ndjmpe @again\n";
    public const string Bomb = ".data\n.code\nload $0 #60000\nagain: aloc $0\neq $1 $1\ndjmpe @again\n";
    public const string Deep = ".data\n.code\nagain: call @again\n";

    private readonly Dictionary<string, string> _files = new()
    {
        ["hello.iasm"] = Hello,
        ["forever.iasm"] = Forever,
        ["crash.iasm"] = Crash,
        ["loud.iasm"] = Loud,
        ["bomb.iasm"] = Bomb,
        ["deep.iasm"] = Deep,
    };

    public Task<SourceFile> Read(string path, int maxBytes) => Task.FromResult<SourceFile>(
        _files.TryGetValue(path, out string? text)
            ? new SourceFile.Found(path, Encoding.UTF8.GetBytes(text))
            : new SourceFile.Unreadable($"There is no file {path}."));
}
