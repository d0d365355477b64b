using System.Net;
using System.Net.Sockets;
using System.Text;
using Iridium.Node.Cli;
using Iridium.Node.Pbm;

namespace Iridium.Node.Tests.Pbm;

public sealed class PbmTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Answers with what a test gave it.</summary>
    private sealed class ScriptedNode : IPbmNode
    {
        public List<PbmRequest> Requests { get; } = [];
        public Func<Func<PbmReply, Task>, CancellationToken, Task> Script { get; set; } = (_, _) => Task.CompletedTask;

        public Task Answer(PbmRequest request, Func<PbmReply, Task> send, CancellationToken gone)
        {
            Requests.Add(request);
            return Script(send, gone);
        }
    }

    private readonly ScriptedNode _node = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _errors = new();
    private PbmServer _server = null!;

    public Task InitializeAsync()
    {
        var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        _server = new PbmServer(listener, _node);
        return Task.CompletedTask;
    }

    public Task DisposeAsync() => _server.DisposeAsync().AsTask().WaitAsync(Patience);

    private Task<ExitCode> Run(string words, bool json = false, CancellationToken interrupted = default) => PbmClient
        .Run($"127.0.0.1:{_server.Port}", words.Split(' ', StringSplitOptions.RemoveEmptyEntries), json, _output, _errors, interrupted)
        .WaitAsync(Patience);

    private static PbmReply.Member Member(int port, bool reachable = true) =>
        new($"akka.tcp://iridium@127.0.0.1:{port}", [$"alias-node{port - 2253}"], "up", reachable, "1.0.0");

    [Fact]
    public async Task Cluster_show_prints_a_line_a_member_and_the_count()
    {
        _node.Script = async (send, _) =>
        {
            await send(Member(2254));
            await send(Member(2255, reachable: false));
            await send(new PbmReply.Count(2));
        };
        Assert.Equal(ExitCode.Ok, await Run("cluster show"));
        Assert.Equal(
            """
            akka.tcp://iridium@127.0.0.1:2254 | [alias-node1] | up | reachable | 1.0.0
            akka.tcp://iridium@127.0.0.1:2255 | [alias-node2] | up | unreachable | 1.0.0
            Count: 2 nodes

            """,
            _output.ToString());
    }

    [Fact]
    public async Task With_json_the_replies_are_printed_as_they_came()
    {
        _node.Script = async (send, _) =>
        {
            await send(Member(2254));
            await send(new PbmReply.Count(1));
        };
        Assert.Equal(ExitCode.Ok, await Run("cluster show", json: true));
        Assert.Equal(
            """
            {"kind":"member","address":"akka.tcp://iridium@127.0.0.1:2254","roles":["alias-node1"],"state":"up","reachable":true,"version":"1.0.0"}
            {"kind":"count","nodes":1}

            """,
            _output.ToString());
    }

    [Fact]
    public async Task Arguments_reach_the_node_by_letter_by_name_and_by_place()
    {
        foreach (string words in new[] { "-a h:1", "--address h:1", "h:1" })
            Assert.Equal(ExitCode.Ok, await Run("cluster down " + words));
        Assert.All(_node.Requests, request =>
            Assert.Equal([new("address", "h:1")], request.Arguments.ToArray()));
    }

    [Fact]
    public async Task A_refusal_is_told_and_is_exit_code_1()
    {
        _node.Script = (send, _) => send(new PbmReply.Refused("`x` is not a member", "`cluster show` lists the members"));
        Assert.Equal(ExitCode.Stopped, await Run("cluster down x"));
        Assert.Contains("`x` is not a member", _errors.ToString());
        Assert.Equal("", _output.ToString());
    }

    [Theory]
    [InlineData("cluster sho", "`cluster sho` is not a command", "did you mean `cluster show`?")]
    [InlineData("cluster", "`cluster` is not a command", "iridium pbm help")]
    [InlineData("", "no command is given", "iridium pbm help")]
    [InlineData("cluster down", "`cluster down` needs -a <address>", "give the member")]
    [InlineData("cluster down -a", "`-a` needs a value", "give the member")]
    [InlineData("cluster show x", "`x` is not an argument of cluster show", "iridium pbm help")]
    [InlineData("actor hierarchy --dept 3", "`--dept` is not an argument", "iridium pbm help")]
    public async Task A_wrong_command_never_leaves_the_client(string words, string what, string next)
    {
        Assert.Equal(ExitCode.Usage, await Run(words));
        Assert.Contains(what, _errors.ToString());
        Assert.Contains(next, _errors.ToString());
        Assert.Empty(_node.Requests);
    }

    [Fact]
    public async Task Help_names_every_command_and_needs_no_node()
    {
        Assert.Equal(ExitCode.Ok, await PbmClient.Run("help", [], false, _output, _errors, default));
        Assert.All(PbmCommands.All, command => Assert.Contains(command.Name, _output.ToString()));
    }

    [Fact]
    public async Task Nobody_at_the_address_is_exit_code_7()
    {
        using var unused = new Socket(SocketType.Stream, ProtocolType.Tcp);
        unused.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        string endpoint = unused.LocalEndPoint!.ToString()!;
        Assert.Equal(ExitCode.NotReached,
            await PbmClient.Run(endpoint, ["cluster", "show"], false, _output, _errors, default).WaitAsync(Patience));
        Assert.Contains("no node answered", _errors.ToString());
    }

    [Fact]
    public async Task A_tail_ends_when_its_client_is_interrupted_and_the_node_hears_of_it()
    {
        using var interrupted = new CancellationTokenSource();
        var hungUp = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _node.Script = async (send, gone) =>
        {
            gone.Register(() => hungUp.TrySetResult());
            await send(new PbmReply.Change(DateTimeOffset.UnixEpoch, "up", "akka.tcp://iridium@h:1", ["alias-a"]));
            await interrupted.CancelAsync();
            await hungUp.Task;
        };
        Assert.Equal(ExitCode.Interrupted, await Run("cluster tail", interrupted: interrupted.Token));
        await hungUp.Task.WaitAsync(Patience);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n\r\n{\"protocol\":1,\"command\":\"cluster show\",\"arguments\":{}}\n", "this is not a request")]
    [InlineData("{\"protocol\":2,\"command\":\"cluster show\",\"arguments\":{}}\n", "this node speaks protocol 1, not 2")]
    [InlineData("{\"protocol\":1}\n", "this is not a request")]
    [InlineData("null\n", "this is not a request")]
    public async Task What_is_no_request_is_refused_and_hung_up_on(string sent, string answer)
    {
        string received = await Converse(Encoding.UTF8.GetBytes(sent));
        Assert.Contains(answer, received);
        Assert.Single(received.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Empty(_node.Requests);
        Assert.Equal(ExitCode.Ok, await Run("cluster show"));
    }

    [Fact]
    public async Task A_request_without_end_is_not_read_to_its_end()
    {
        Assert.Equal("", await Converse(new byte[PbmProtocol.RequestBytes + 1]));
        Assert.Equal(ExitCode.Ok, await Run("cluster show"));
    }

    private async Task<string> Converse(byte[] sent)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _server.Port);
        await client.GetStream().WriteAsync(sent);
        var received = new StringBuilder();
        byte[] buffer = new byte[4096];
        try
        {
            while (await client.GetStream().ReadAsync(buffer).AsTask().WaitAsync(Patience) is > 0 and int count)
                received.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }
        catch (IOException)
        {
            // Hung up on with bytes unread: a reset.
        }
        return received.ToString();
    }
}
