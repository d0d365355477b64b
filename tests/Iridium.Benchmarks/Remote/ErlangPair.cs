using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Iridium.Benchmarks.Actors;

namespace Iridium.Benchmarks;

/// <summary>
/// Two Erlang nodes on loopback, joined by Erlang's own distribution: the yardstick of remoting. The peer lives as
/// long as this object; each measurement is a run of the other node. The name server they need (epmd) is one of their
/// own, so that nothing is left behind.
/// </summary>
internal sealed class ErlangPair : IDisposable
{
    // Its schedulers look for news for a while before they sleep; these words send them to sleep at once.
    private static readonly string[] SleepAtOnce = ["+sbwt", "none", "+sbwtdcpu", "none", "+sbwtdio", "none"];

    private readonly string[] _flags;
    private readonly DirectoryInfo _folder;
    private readonly string _nameServerPort;
    private readonly Process _nameServer;
    private readonly Process _peer;

    private ErlangPair(bool waitsActively)
    {
        _flags = waitsActively ? [] : SleepAtOnce;
        _folder = Directory.CreateTempSubdirectory("iridium-erlang-pair-");
        _nameServerPort = FreePort().ToString(CultureInfo.InvariantCulture);
        File.WriteAllText(Path.Combine(_folder.FullName, "pair.erl"), Module);
        using (Process compiler = Start("erlc", "-o", _folder.FullName, Path.Combine(_folder.FullName, "pair.erl")))
            compiler.WaitForExit();
        _nameServer = Start("epmd", "-port", _nameServerPort, "-address", "127.0.0.1");
        AwaitNameServer();
        _peer = Node("peer", "pair:peer()");
        if (_peer.StandardOutput.ReadLine() != "ready")
            throw new InvalidOperationException("the Erlang peer did not start");
    }

    /// <returns>Null where Erlang is not installed.</returns>
    public static ErlangPair? Start(bool waitsActively) =>
        ErlangYardstick.IsThere ? new ErlangPair(waitsActively) : null;

    /// <summary>Runs a function of the module against the peer and reads the rate that it prints.</summary>
    /// <param name="call">The function, and its numbers.</param>
    public double Rate(string[] call)
    {
        using Process node = Node("client", $"pair:{call[0]}({string.Join(',', call[1..])}),halt()");
        string text = node.StandardOutput.ReadToEnd();
        node.WaitForExit();
        return double.Parse(text.Trim(), CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        _peer.StandardInput.Close();
        if (!_peer.WaitForExit(TimeSpan.FromSeconds(5))) _peer.Kill();
        _nameServer.Kill();
        _nameServer.WaitForExit();
        _peer.Dispose();
        _nameServer.Dispose();
        _folder.Delete(recursive: true);
    }

    private Process Node(string name, string expression) => Start(
        "erl", [.. _flags, "-noshell", "-start_epmd", "false", "-name", $"{name}@127.0.0.1", "-setcookie", _folder.Name,
        "-pa", _folder.FullName, "-eval", expression + "."]);

    private Process Start(string program, params string[] words)
    {
        var start = new ProcessStartInfo(program, words)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
            // It complains of whoever only looks whether it is there, as is done below.
            RedirectStandardError = program == "epmd",
        };
        start.Environment["ERL_EPMD_PORT"] = _nameServerPort;
        // Where Erlang keeps its cookie; this one is told on the command line.
        start.Environment["HOME"] = _folder.FullName;
        return Process.Start(start)!;
    }

    private void AwaitNameServer()
    {
        for (long start = Stopwatch.GetTimestamp(); ; Thread.Sleep(10)) // It says nowhere that it listens.
        {
            try
            {
                using var probe = new TcpClient("127.0.0.1", int.Parse(_nameServerPort, CultureInfo.InvariantCulture));
                return;
            }
            catch (SocketException) when (Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(10))
            {
                // Not yet.
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)listener.LocalEndPoint!).Port;
    }

    private const string Module = """
        -module(pair).
        -export([peer/0, pingpong/1, flight/3, oneway/1]).
        peer() ->
            register(echo, spawn(fun echo/0)), register(sink, spawn(fun() -> sink(0) end)),
            io:format("ready~n"), io:get_line(""), halt().
        echo() -> receive {From, M} -> From ! M, echo() end.
        sink(N) -> receive {From, all} -> From ! N, sink(0); _ -> sink(N + 1) end.
        peer(Name) -> pong = net_adm:ping('peer@127.0.0.1'), {Name, 'peer@127.0.0.1'}.
        rate(N, F) -> {T, _} = timer:tc(F), io:format("~w", [N * 1.0e6 / T]).
        round(_, 0) -> ok;
        round(Echo, N) -> Echo ! {self(), <<"hello">>}, receive <<"hello">> -> round(Echo, N - 1) end.
        pingpong(N) -> Echo = peer(echo), round(Echo, 100), rate(N, fun() -> round(Echo, N) end).
        client(Echo, InFlight, N) ->
            [Echo ! {self(), <<"hello">>} || _ <- lists:seq(1, InFlight)], answers(Echo, N - InFlight, InFlight).
        answers(_, 0, 0) -> ok;
        answers(Echo, 0, Open) -> receive <<"hello">> -> answers(Echo, 0, Open - 1) end;
        answers(Echo, Left, Open) ->
            receive <<"hello">> -> Echo ! {self(), <<"hello">>}, answers(Echo, Left - 1, Open) end.
        flight(Clients, InFlight, N) -> Echo = peer(echo), rate(2 * Clients * N, fun() ->
            All = [spawn_monitor(fun() -> client(Echo, InFlight, N) end) || _ <- lists:seq(1, Clients)],
            [receive {'DOWN', R, _, _, _} -> ok end || {_, R} <- All] end).
        send(_, 0) -> ok;
        send(Sink, N) -> Sink ! <<"hello">>, send(Sink, N - 1).
        oneway(N) -> Sink = peer(sink), rate(N, fun() ->
            send(Sink, N), Sink ! {self(), all}, receive N -> ok end end).
        """;
}
