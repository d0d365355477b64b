using System.Diagnostics;
using Akka.Actor;
using Akka.Configuration;

namespace Iridium.Benchmarks;

/// <summary>
/// Messages between two processes on loopback, on Akka.NET's wire, with real serialization. The peer is this program
/// again, with the verb <c>remote-peer</c>. Figures count messages as the model's own benchmark does: there and back is
/// two. With TLS the same is measured beside the same without it. Where Erlang is installed, two of its nodes do the same
/// in the same run; of the <see cref="Cargo"/>s only the strings have a counterpart there.
/// </summary>
internal sealed class RemoteBenchmark : IBenchmark
{
    private const int RoundTrips = 20_000;
    private const int Clients = 10;
    private const int InFlight = 50;
    private const int OneWayMessages = 1_000_000;

    // Erlang's share of the messages: its rates are smaller, and its rounds shall not take longer.
    private const int ErlangShare = 10;

    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    public string Verb => "remote";

    public string Summary => "messages between two processes: round trips, 500 in flight by each serializer, "
        + "one way, bytes per message; with TLS beside without, long ones in parts beside whole";

    public IEnumerable<Figure> Run(BenchmarkOptions options)
    {
        using ActorSystem system = StartSystem("");
        using PeerProcess peer = PeerProcess.Start();
        IActorRef echo = system.ActorSelection(peer.Address + "/user/echo").ResolveOne(_patience).Result;
        IActorRef source = system.ActorSelection(peer.Address + "/user/source").ResolveOne(_patience).Result;
        IActorRef sink = system.ActorSelection(peer.Address + "/user/sink").ResolveOne(_patience).Result;
        using ErlangPair? erlang = ErlangPair.Start(waitsActively: true);
        using ErlangPair? sleeping = ErlangPair.Start(waitsActively: false);
        (string Name, string Unit, Func<double> Measure, string? Erlang, string? Target)[] figures =
        [
            ("ping-pong, one in flight", "round trips/s",
                () => RoundTrips / Flight(system, echo, clients: 1, inFlight: 1, RoundTrips, "hello"),
                $"pingpong,{RoundTrips}", "40,000; Akka.NET 20,000"),
            .. Cargo.All.Select(each => Figure(system, echo, each)),
            ("one way, small strings", "messages/s",
                () => OneWayMessages / OneWay(system, sink), $"oneway,{OneWayMessages / ErlangShare}", null),
            ("allocated per received string", "bytes", () => AllocatedPerMessage(system, source), null, "300"),
        ];
        foreach ((string name, string unit, Func<double> measure, string? call, string? target) in figures)
        {
            if (!options.Wants(name)) continue;
            (string, Func<double>)[] yardsticks =
                erlang is null || sleeping is null || call is null
                    ? []
                    : [("Erlang, 2 nodes", () => erlang.Rate(call.Split(','))),
                        ("Erlang, no busy wait", () => sleeping.Rate(call.Split(',')))];
            foreach (Figure figure in Duel.Run(name, unit, options.Rounds, measure, target, yardsticks))
                yield return figure;
        }
        foreach (Figure figure in RunTls(options, system, echo)) yield return figure;
        foreach (Figure figure in RunInOneFrame(options, system, echo)) yield return figure;
    }

    internal static ActorSystem StartSystem(string hocon) =>
        ActorSystem.Create("bench", ConfigurationFactory.ParseString(hocon).WithFallback(Settings));

    private static IEnumerable<Figure> RunTls(BenchmarkOptions options, ActorSystem plain, IActorRef plainEcho)
    {
        (string Name, string Unit, Func<ActorSystem, IActorRef, double> Measure)[] figures =
        [
            ("TLS: ping-pong, one in flight", "round trips/s", (system, echo) =>
                RoundTrips / Flight(system, echo, clients: 1, inFlight: 1, RoundTrips, "hello")),
            .. Cargo.All.Where(cargo => cargo.Message is string or byte[]).Select(cargo => (
                $"TLS: 10 clients, 50 in flight: {cargo.Name}", "messages/s", Rate(cargo))),
        ];
        figures = [.. figures.Where(figure => options.Wants(figure.Name))];
        if (figures.Length == 0) yield break;
        using TlsFolder tls = new();
        using ActorSystem system = StartSystem(tls.Hocon);
        using PeerProcess peer = PeerProcess.Start(tls.Hocon);
        IActorRef echo = system.ActorSelection(peer.Address + "/user/echo").ResolveOne(_patience).Result;
        foreach ((string name, string unit, Func<ActorSystem, IActorRef, double> measure) in figures)
        {
            foreach (Figure figure in Duel.Run(name, unit, options.Rounds, () => measure(system, echo), target: null,
                ("without TLS", () => measure(plain, plainEcho)))) yield return figure;
        }
    }

    // What goes in parts, beside the same between systems that have no parts.
    private static IEnumerable<Figure> RunInOneFrame(BenchmarkOptions options, ActorSystem parts, IActorRef partsEcho)
    {
        string name = $"10 clients, 50 in flight: {Cargo.Long.Name}";
        if (!options.Wants(name)) yield break;
        const string hocon = "akka.remote.fragment-size = 0";
        using ActorSystem system = StartSystem(hocon);
        using PeerProcess peer = PeerProcess.Start(hocon);
        IActorRef echo = system.ActorSelection(peer.Address + "/user/echo").ResolveOne(_patience).Result;
        Func<ActorSystem, IActorRef, double> rate = Rate(Cargo.Long);
        foreach (Figure figure in Duel.Run(name, "messages/s", options.Rounds, () => rate(parts, partsEcho), target: null,
            ("in one frame each", () => rate(system, echo)))) yield return figure;
    }

    private static Func<ActorSystem, IActorRef, double> Rate(Cargo cargo) => (system, echo) =>
        2.0 * Clients * cargo.PerClient / Flight(system, echo, Clients, InFlight, cargo.PerClient, cargo.Message);

    private static Config Settings => ConfigurationFactory.ParseString("""
        akka {
          loglevel = WARNING
          actor.provider = remote
          remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
          remote.outbound-queue-bytes = 1 GiB
        }
        """).WithFallback(ConfigurationFactory.ParseString(Cargo.Bindings));

    private static (string, string, Func<double>, string?, string?) Figure(
        ActorSystem system, IActorRef echo, Cargo cargo) =>
        ($"10 clients, 50 in flight: {cargo.Name}", "messages/s",
            () => 2.0 * Clients * cargo.PerClient
                / Flight(system, echo, Clients, InFlight, cargo.PerClient, cargo.Message),
            cargo.Message is string ? $"flight,{Clients},{InFlight},{cargo.PerClient / ErlangShare}" : null,
            cargo.Target);

    // Seconds until all clients have had all their answers.
    private static double Flight(
        ActorSystem system, IActorRef echo, int clients, int inFlight, int messages, object message)
    {
        TaskCompletionSource[] done = [.. Enumerable.Range(0, clients).Select(_ => new TaskCompletionSource())];
        IActorRef[] actors =
            [.. done.Select(each => system.ActorOf(Props.Create(() => new Client(echo, inFlight, messages, message, each))))];
        long start = Stopwatch.GetTimestamp();
        foreach (IActorRef actor in actors) actor.Tell(Go.Instance);
        if (!Task.WaitAll([.. done.Select(each => each.Task)],
            _patience)) throw new TimeoutException("answers are missing");
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double OneWay(ActorSystem system, IActorRef sink)
    {
        TaskCompletionSource done = new();
        IActorRef sender = system.ActorOf(Props.Create(() => new Sender(sink, OneWayMessages, done)));
        long start = Stopwatch.GetTimestamp();
        sender.Tell(Go.Instance);
        if (!done.Task.Wait(_patience)) throw new TimeoutException("the sink did not get all");
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double AllocatedPerMessage(ActorSystem system, IActorRef source)
    {
        TaskCompletionSource done = new();
        IActorRef receiver = system.ActorOf(Props.Create(() => new Receiver(OneWayMessages, done)));
        long before = GC.GetTotalAllocatedBytes(precise: true);
        source.Tell(OneWayMessages, receiver);
        if (!done.Task.Wait(_patience)) throw new TimeoutException("messages are missing");
        return (double)(GC.GetTotalAllocatedBytes(precise: true) - before) / OneWayMessages;
    }

    /// <summary>Starts a client or a sender.</summary>
    private sealed class Go
    {
        public static readonly Go Instance = new();
    }

    /// <summary>Keeps some messages under way until it has had all its answers.</summary>
    private sealed class Client(IActorRef echo, int inFlight, int messages, object cargo, TaskCompletionSource done)
        : UntypedActor
    {
        private int _sent;
        private int _answers;

        protected override void OnReceive(object message)
        {
            if (message is Go)
            {
                for (int first = 0; first < inFlight; first++) SendOne();
                return;
            }
            if (++_answers == messages) done.TrySetResult();
            else SendOne();
        }

        private void SendOne()
        {
            if (_sent++ < messages) echo.Tell(cargo, Self);
        }
    }

    private sealed class Sender(IActorRef sink, int messages, TaskCompletionSource done) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is not Go)
            {
                done.TrySetResult();
                return;
            }
            for (int sent = 0; sent < messages; sent++) sink.Tell("hello", Self);
            sink.Tell(messages, Self);
        }
    }

    private sealed class Receiver(int messages, TaskCompletionSource done) : UntypedActor
    {
        private int _received;

        protected override void OnReceive(object message)
        {
            if (++_received == messages) done.TrySetResult();
        }
    }
}
