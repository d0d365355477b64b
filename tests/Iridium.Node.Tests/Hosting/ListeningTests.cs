using System.Net;
using System.Net.Sockets;
using Iridium.Node.Cli;
using Iridium.Node.Hosting;

namespace Iridium.Node.Tests.Hosting;

public sealed class ListeningTests : IDisposable
{
    private readonly TcpListener _taken = new(IPAddress.Loopback, 0);

    public ListeningTests() => _taken.Start();

    private int TakenPort => ((IPEndPoint)_taken.LocalEndpoint).Port;

    public void Dispose() => _taken.Dispose();

    private ListenAt At(bool asked) => new(new("127.0.0.1", TakenPort), asked, "default", "option --pbm-port");

    [Fact]
    public void A_taken_port_that_nobody_asked_for_gives_way_to_a_free_one_and_that_is_told()
    {
        (Socket socket, string? note) = Listening.Open(At(asked: false), "the command endpoint");
        using (socket)
        {
            int port = ((IPEndPoint)socket.LocalEndPoint!).Port;
            Assert.NotEqual(TakenPort, port);
            Assert.Equal($"Port {TakenPort} is taken; the command endpoint is at 127.0.0.1:{port}.", note);
        }
        Assert.Equal(0, Listening.FreePort(At(asked: false), "the cluster's endpoint"));
    }

    [Fact]
    public void A_taken_port_that_was_asked_for_is_an_error()
    {
        UserErrorException wrong = Assert.Throws<UserErrorException>(
            () => Listening.Open(At(asked: true), "the command endpoint"));
        Assert.Equal(
            $"""
            iridium: port {TakenPort} is taken by another process, so the command endpoint cannot open
              where: option --pbm-port
              next:  choose another port, or 0 for any free one

            """,
            wrong.Errors[0].ToText());
        Assert.Equal(ExitCode.NotStarted, wrong.Code);
        Assert.Throws<UserErrorException>(() => Listening.FreePort(At(asked: true), "the cluster's endpoint"));
    }

    [Theory]
    [InlineData("192.0.2.1")]
    [InlineData("no-such-host.invalid")]
    public void An_address_of_another_machine_is_an_error(string host)
    {
        UserErrorException wrong = Assert.Throws<UserErrorException>(
            () => Listening.Open(new(new(host, 0), false, "option --pbm-host", "default"), "the command endpoint"));
        Assert.StartsWith($"the command endpoint cannot listen at {host}:0:", wrong.Errors[0].What);
    }
}
