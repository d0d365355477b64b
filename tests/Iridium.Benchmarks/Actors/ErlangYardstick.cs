using System.Diagnostics;
using System.Globalization;

namespace Iridium.Benchmarks.Actors;

/// <summary>The same scenarios in Erlang, where <c>erl</c> is installed (Debian: erlang-base); compiled by it, run by
/// it.</summary>
internal static class ErlangYardstick
{
    private static readonly Lazy<bool> Installed = new(() => Execute("erl", "-noshell -eval halt().") is not null);

    public static bool IsThere => Installed.Value;

    /// <summary>Runs one function of the module and reads the rate that it prints.</summary>
    public static double Rate(string function)
    {
        string folder = Path.Combine(Path.GetTempPath(), $"iridium-erlang-{Environment.ProcessId}");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "yard.erl"), Module);
        string? text = Execute("erl",
            $"-noshell -pa {folder} -eval \"{{ok,_}}=compile:file(\\\"{folder}/yard\\\",[{{outdir,\\\"{folder}\\\"}}]),"
            + $"yard:{function}(),halt().\"");
        return double.TryParse(text?.Trim(), CultureInfo.InvariantCulture, out double rate) ? rate : 0;
    }

    private static string? Execute(string program, string arguments)
    {
        try
        {
            using Process? process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                RedirectStandardOutput = true, RedirectStandardError = true,
            });
            if (process is null) return null;
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? output : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private const string Module = """
        -module(yard).
        -export([pingpong/0, pairs/0, manytoone/0, ring/0, spawn/0]).
        rate(N, F) -> {T, _} = timer:tc(F), io:format("~w", [N * 1.0e6 / T]).
        pong() -> receive {P, ball} -> P ! ball, pong(); stop -> ok end.
        ping(_, 0) -> ok;
        ping(P, N) -> P ! {self(), ball}, receive ball -> ping(P, N - 1) end.
        game(N) -> P = erlang:spawn(fun pong/0), ping(P, N), P ! stop.
        pingpong() -> rate(4000000, fun() -> game(2000000) end).
        pairs() -> rate(8000000, fun() ->
            All = [spawn_monitor(fun() -> game(250000) end) || _ <- lists:seq(1, 16)], join(All) end).
        join(All) -> [receive {'DOWN', R, _, _, _} -> ok end || {_, R} <- All].
        sink(0) -> ok;
        sink(N) -> receive ball -> sink(N - 1) end.
        source(_, 0) -> ok;
        source(S, N) -> S ! ball, source(S, N - 1).
        manytoone() -> rate(8000000, fun() ->
            {S, R} = spawn_monitor(fun() -> sink(8000000) end),
            [erlang:spawn(fun() -> source(S, 1000000) end) || _ <- lists:seq(1, 8)], join([{S, R}]) end).
        member(Next) -> receive 0 -> Next ! stop; stop -> Next ! stop; N -> Next ! N - 1, member(Next) end.
        ring() -> rate(4000000, fun() ->
            Self = self(),
            Last = erlang:spawn(fun() -> wait(Self) end),
            First = lists:foldl(fun(_, Next) -> erlang:spawn(fun() -> member(Next) end) end, Last, lists:seq(2, 1000)),
            Last ! First, First ! 4000000, receive done -> ok end end).
        wait(Main) -> receive First -> round(Main, First) end.
        round(Main, First) -> receive stop -> Main ! done; 0 -> Main ! done; N -> First ! N - 1, round(Main, First) end.
        spawn() -> rate(200000, fun() ->
            [begin {_, R} = spawn_monitor(fun() -> ok end), receive {'DOWN', R, _, _, _} -> ok end end
                || _ <- lists:seq(1, 200000)] end).
        """;
}
