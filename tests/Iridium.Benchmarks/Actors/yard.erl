%% The scenarios of the benchmarks in Erlang. The benchmark starts one node with this module, gives it the port on which
%% it listens on 127.0.0.1, and asks for one scenario a line; the answer is "Nanoseconds CpuNanoseconds", both for one
%% of what is counted, or for idle "Bytes 0". Erlang's schedulers wait actively for a while, which costs CPU.
-module(yard).
-export([main/1]).

main(Port) ->
    {ok, Socket} = gen_tcp:connect({127, 0, 0, 1}, Port, [{packet, line}, {active, false}]),
    serve(Socket).

serve(Socket) ->
    case gen_tcp:recv(Socket, 0) of
        {ok, Line} ->
            %% A process of its own for each run, so that garbage of one is not the heap of the next.
            Self = self(),
            spawn_link(fun() -> Self ! {answer, scenario(list_to_atom(string:trim(Line)))} end),
            Answer = receive {answer, Given} -> Given end,
            ok = gen_tcp:send(Socket, Answer),
            serve(Socket);
        {error, closed} -> halt()
    end.

scenario(idle) ->
    erlang:garbage_collect(),
    Before = erlang:memory(total),
    All = [spawn(fun() -> receive stop -> ok end end) || _ <- lists:seq(1, 1000000)],
    After = erlang:memory(total),
    stop(All),
    io_lib:format("~w 0~n", [(After - Before) / 1000000]);
scenario(pingpong) -> timed(4000000, fun() -> game(2000000) end);
scenario(pairs) ->
    timed(8000000, fun() -> join([spawn_monitor(fun() -> game(250000) end) || _ <- lists:seq(1, 16)]) end);
scenario(inflight) ->
    timed(8000000, fun() ->
        Pong = spawn(fun pong/0),
        [Pong ! {self(), ball} || _ <- lists:seq(1, 1000)],
        many(Pong, 4000000),
        Pong ! stop
    end);
scenario(manytoone) ->
    timed(8000000, fun() ->
        Sink = {Pid, _} = spawn_monitor(fun() -> sink(8000000) end),
        [spawn(fun() -> source(Pid, 1000000) end) || _ <- lists:seq(1, 8)],
        join([Sink])
    end);
scenario(ring) ->
    Self = self(),
    Last = spawn(fun() -> receive First -> last(Self, First) end end),
    First = lists:foldl(fun(_, Next) -> spawn(fun() -> member(Next) end) end, Last, lists:seq(2, 1000)),
    Last ! First,
    timed(4000000, fun() -> First ! 4000000, receive done -> ok end end);
scenario(ask) ->
    Echo = spawn(fun echo/0),
    Answer = timed(500000, fun() ->
        join([spawn_monitor(fun() -> ask(Echo, 500000 div 16) end) || _ <- lists:seq(1, 16)])
    end),
    exit(Echo, kill),
    Answer;
scenario(publish) ->
    All = [spawn_monitor(fun() -> sink(2000) end) || _ <- lists:seq(1, 1000)],
    Pids = [Pid || {Pid, _} <- All],
    timed(2000000, fun() -> publish(Pids, 2000), join(All) end);
scenario(spawn) ->
    Self = self(),
    timed(200000, fun() ->
        All = [spawn(fun() -> receive stop -> ok; ball -> Self ! alive end end) || _ <- lists:seq(1, 200000)],
        lists:last(All) ! ball,
        receive alive -> ok end,
        self() ! {all, All}
    end, fun() -> receive {all, All} -> stop(All) end end);
scenario(spawnstop) ->
    timed(200000, fun() ->
        join([begin
            Child = {Pid, _} = spawn_monitor(fun() -> receive stop -> ok end end),
            Pid ! stop,
            Child
        end || _ <- lists:seq(1, 200000)])
    end).

timed(Count, Run) -> timed(Count, Run, fun() -> ok end).

timed(Count, Run, After) ->
    {Cpu, _} = erlang:statistics(runtime),
    Start = erlang:monotonic_time(nanosecond),
    Run(),
    End = erlang:monotonic_time(nanosecond),
    {CpuEnd, _} = erlang:statistics(runtime),
    After(),
    io_lib:format("~w ~w~n", [(End - Start) / Count, (CpuEnd - Cpu) * 1000000 / Count]).

join(All) -> [receive {'DOWN', Reference, _, _, _} -> ok end || {_, Reference} <- All].

%% Until the last has gone, or its memory would be the next run's.
stop(All) ->
    Watched = [{Pid, erlang:monitor(process, Pid)} || Pid <- All],
    [Pid ! stop || Pid <- All],
    join(Watched).

pong() -> receive {From, ball} -> From ! ball, pong(); stop -> ok end.

game(Rounds) -> Pong = spawn(fun pong/0), ping(Pong, Rounds), Pong ! stop.

ping(_, 0) -> ok;
ping(Pong, Left) -> Pong ! {self(), ball}, receive ball -> ping(Pong, Left - 1) end.

many(_, 0) -> ok;
many(Pong, Left) -> receive ball -> Pong ! {self(), ball}, many(Pong, Left - 1) end.

sink(0) -> ok;
sink(Left) -> receive ball -> sink(Left - 1) end.

source(_, 0) -> ok;
source(Sink, Left) -> Sink ! ball, source(Sink, Left - 1).

member(Next) ->
    receive
        stop -> Next ! stop;
        0 -> Next ! stop;
        Left -> Next ! Left - 1, member(Next)
    end.

last(Main, First) ->
    receive
        stop -> Main ! done;
        0 -> Main ! done, First ! stop;
        Left -> First ! Left - 1, last(Main, First)
    end.

echo() -> receive {From, Reference, Question} -> From ! {Reference, Question}, echo() end.

%% As gen_server:call does it: a monitor whose reference marks the answer.
ask(_, 0) -> ok;
ask(Echo, Left) ->
    Reference = erlang:monitor(process, Echo),
    Echo ! {self(), Reference, ball},
    receive {Reference, ball} -> erlang:demonitor(Reference, [flush]) end,
    ask(Echo, Left - 1).

publish(_, 0) -> ok;
publish(Pids, Left) -> [Pid ! ball || Pid <- Pids], publish(Pids, Left - 1).
