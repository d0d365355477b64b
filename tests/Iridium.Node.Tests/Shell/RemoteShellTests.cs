using System.Net;
using System.Net.Sockets;
using System.Text;
using Iridium.Actors.Repl;
using Iridium.Node.Shell;

namespace Iridium.Node.Tests.Shell;

public sealed class RemoteShellTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly RemoteShellLimits _limits = new() { Connections = 2, LineBytes = 100 };
    private RemoteShell _shell = null!;
    private IScreen? _last;

    public Task InitializeAsync()
    {
        var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        _shell = new RemoteShell(listener, _limits, Open);
        return Task.CompletedTask;
    }

    public Task DisposeAsync() => _shell.DisposeAsync().AsTask().WaitAsync(Patience);

    /// <summary>A session that answers every line with <c>got …</c>, and says farewell.</summary>
    private Action<ShellEffect> Open(IScreen screen)
    {
        _last = screen;
        screen.Write([ScreenLine.Of("Welcome")]);
        screen.Prompt(">>> ");
        return effect =>
        {
            switch (effect)
            {
                case ShellEffect.Submit submit:
                    screen.Write([ScreenLine.Of("got " + submit.Line)]);
                    screen.Prompt(">>> ");
                    break;
                case ShellEffect.Interrupt:
                    screen.Write([ScreenLine.Of("interrupted")]);
                    break;
                default:
                    screen.Write([ScreenLine.Of("Farewell")]);
                    screen.Close(0);
                    break;
            }
        };
    }

    private sealed class Client : IDisposable
    {
        private readonly TcpClient _tcp = new();
        private readonly StringBuilder _received = new();
        private NetworkStream _stream = null!;

        public static async Task<Client> Connect(int port)
        {
            var client = new Client();
            await client._tcp.ConnectAsync(IPAddress.Loopback, port);
            client._stream = client._tcp.GetStream();
            return client;
        }

        public Task Send(string text) => Send(Encoding.UTF8.GetBytes(text));

        public async Task Send(byte[] bytes) => await _stream.WriteAsync(bytes);

        public void EndSending() => _tcp.Client.Shutdown(SocketShutdown.Send);

        /// <summary>Reads until the text has come, and returns everything up to it.</summary>
        public async Task<string> Until(string text)
        {
            byte[] buffer = new byte[1024];
            while (true)
            {
                int at = _received.ToString().IndexOf(text, StringComparison.Ordinal);
                if (at >= 0)
                {
                    string seen = _received.ToString(0, at + text.Length);
                    _received.Remove(0, at + text.Length);
                    return seen;
                }
                int count = await _stream.ReadAsync(buffer).AsTask().WaitAsync(Patience);
                if (count == 0) throw new EndOfStreamException($"closed after: {_received}");
                _received.Append(Encoding.UTF8.GetString(buffer, 0, count));
            }
        }

        public async Task<string> UntilClosed()
        {
            byte[] buffer = new byte[1024];
            try
            {
                while (await _stream.ReadAsync(buffer).AsTask().WaitAsync(Patience) is > 0 and int count)
                    _received.Append(Encoding.UTF8.GetString(buffer, 0, count));
            }
            catch (IOException)
            {
                // Closed with bytes unread: a reset.
            }
            return _received.ToString();
        }

        public void Dispose() => _tcp.Dispose();
    }

    [Fact]
    public async Task A_session_over_tcp_reads_lines_and_answers()
    {
        using Client client = await Client.Connect(_shell.Port);
        Assert.Equal("Welcome\r\n>>> ", await client.Until(">>> "));
        await client.Send("!ps\r\n");
        Assert.Equal("got !ps\r\n>>> ", await client.Until(">>> "));
    }

    [Fact]
    public async Task Lines_sent_at_once_are_carried_out_in_order_and_the_end_last()
    {
        using Client client = await Client.Connect(_shell.Port);
        await client.Send("a\nb\nc\n");
        client.EndSending();
        Assert.Equal("Welcome\r\n>>> got a\r\n>>> got b\r\n>>> got c\r\n>>> \r\nFarewell\r\n>>> ", await client.UntilClosed());
    }

    [Fact]
    public async Task An_event_takes_a_fresh_line_and_prompts_again()
    {
        using Client client = await Client.Connect(_shell.Port);
        await client.Until(">>> ");
        _last!.Write([ScreenLine.Of("node2 joined")]);
        Assert.Equal("\r\nnode2 joined\r\n>>> ", await client.Until(">>> "));
    }

    [Fact]
    public async Task Telnets_negotiation_and_interrupt_are_understood()
    {
        using Client client = await Client.Connect(_shell.Port);
        await client.Until(">>> ");
        await client.Send([255, 251, 31, 255, 250, 31, 0, 80, 0, 24, 255, 240, (byte)'x', 255, 244, (byte)'y', (byte)'\n']);
        Assert.Contains("interrupted", await client.Until(">>> "));
        Assert.Equal("got xy\r\n>>> ", await client.Until(">>> "));
    }

    [Fact]
    public async Task A_line_too_long_costs_the_client_its_connection_and_nobody_elses()
    {
        using Client good = await Client.Connect(_shell.Port);
        using Client bad = await Client.Connect(_shell.Port);
        await bad.Send(new string('x', 1000));
        Assert.Contains("A line has at most 100 bytes. Farewell!", await bad.UntilClosed());
        await good.Until(">>> ");
        await good.Send("still here\n");
        Assert.Contains("got still here", await good.Until("here\r\n"));
    }

    [Fact]
    public async Task One_connection_too_many_is_refused_with_a_reason()
    {
        using Client first = await Client.Connect(_shell.Port);
        using Client second = await Client.Connect(_shell.Port);
        await first.Until(">>> ");
        await second.Until(">>> ");
        using Client third = await Client.Connect(_shell.Port);
        Assert.Equal("This node serves 2 remote shells already; try again later.\r\n", await third.UntilClosed());
    }

    [Fact]
    public async Task A_browser_is_not_taken_for_a_person()
    {
        using Client client = await Client.Connect(_shell.Port);
        await client.Until(">>> ");
        await client.Send("POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n!kill 1\r\n");
        string answer = await client.UntilClosed();
        Assert.Contains("This is no web server.", answer);
        Assert.DoesNotContain("got", answer);
    }
}
