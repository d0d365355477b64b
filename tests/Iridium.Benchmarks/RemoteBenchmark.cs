using System.Diagnostics;
using System.Globalization;
using Akka.Actor;
using Akka.Configuration;

namespace Iridium.Benchmarks;

/// <summary>
/// Messages between two processes on loopback, on Akka.NET's wire, with real serialization. The peer is this program
/// again, with the verb <c>remote-peer</c>. Figures count messages as the model's own benchmark does: there and back is
/// two. Where Erlang is installed, two of its nodes do the same in the same run.
/// </summary>
internal sealed class RemoteBenchmark : IBenchmark
{
    private const int RoundTrips = 20_000;
    private const int Clients = 10;
    private const int InFlight = 50;
    private const int MessagesPerClient = 100_000;
    private const int OneWayMessages = 1_000_000;
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    public string Verb => "remote";

    public string Summary => "messages between two processes: round trips, 500 in flight, one way, bytes per message";

    public IEnumerable<Figure> Run(BenchmarkOptions options)
    {
        using ActorSystem system = ActorSystem.Create("bench", Settings);
        using PeerProcess peer = PeerProcess.Start();
        IActorRef echo = system.ActorSelection(peer.Address + "/user/echo").ResolveOne(_patience).Result;
        IActorRef source = system.ActorSelection(peer.Address + "/user/source").ResolveOne(_patience).Result;
        IActorRef sink = system.ActorSelection(peer.Address + "/user/sink").ResolveOne(_patience).Result;
        using ErlangPair? erlang = ErlangPair.Start(waitsActively: true);
        using ErlangPair? sleeping = ErlangPair.Start(waitsActively: false);
        (string Name, string Unit, Func<double> Measure, string? Erlang, string? Target)[] figures =
        [
            ("ping-pong, one in flight", "round trips/s",
                () => RoundTrips / Flight(system, echo, clients: 1, inFlight: 1, RoundTrips),
                $"pingpong,{RoundTrips}", "40,000; Akka.NET 20,000"),
            ("10 clients, 50 in flight each", "messages/s",
                () => 2.0 * Clients * MessagesPerClient / Flight(system, echo, Clients, InFlight, MessagesPerClient),
                $"flight,{Clients},{InFlight},{MessagesPerClient}", "1,500,000; Akka.NET 440,000"),
            ("one way, small strings", "messages/s",
                () => OneWayMessages / OneWay(system, sink), $"oneway,{OneWayMessages}", null),
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
    }

    internal static Config Settings => ConfigurationFactory.ParseString("""
        akka {
          loglevel = WARNING
          actor.provider = remote
          remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
          remote.outbound-queue-bytes = 1 GiB
        }
        """);

    // Seconds until all clients have had all their answers.
    private static double Flight(ActorSystem system, IActorRef echo, int clients, int inFlight, int messages)
    {
        TaskCompletionSource[] done = [.. Enumerable.Range(0, clients).Select(_ => new TaskCompletionSource())];
        IActorRef[] actors =
            [.. done.Select(each => system.ActorOf(Props.Create(() => new Client(echo, inFlight, messages, each))))];
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
    private sealed class Client(IActorRef echo, int inFlight, int messages, TaskCompletionSource done) : UntypedActor
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
            if (_sent++ < messages) echo.Tell("hello", Self);
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

/// <summary>The other process of <see cref="RemoteBenchmark"/>: echoes, counts, sends; ends with its standard
/// input.</summary>
internal sealed class RemotePeerBenchmark : IBenchmark
{
    public string Verb => "remote-peer";

    public string Summary => "(started by remote)";

    public IEnumerable<Figure> Run(BenchmarkOptions options)
    {
        using ActorSystem system = ActorSystem.Create("bench", RemoteBenchmark.Settings);
        system.ActorOf(Props.Create(() => new Echo()), "echo");
        system.ActorOf(Props.Create(() => new Sink()), "sink");
        system.ActorOf(Props.Create(() => new Source()), "source");
        Console.WriteLine(((ExtendedActorSystem)system).Provider.DefaultAddress);
        while (Console.In.ReadLine() is not null)
        {
            // Until the other process ends.
        }
        return [];
    }

    private sealed class Echo : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(message, Self);
    }

    private sealed class Sink : UntypedActor
    {
        private int _received;

        protected override void OnReceive(object message)
        {
            if (message is int)
            {
                Sender.Tell(_received, Self);
                _received = 0;
            }
            else
            {
                _received++;
            }
        }
    }

    private sealed class Source : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is not int count) return;
            IActorRef receiver = Sender;
            for (int sent = 0; sent < count; sent++) receiver.Tell("hello", Self);
        }
    }
}

/// <summary>This program once more, as the other node.</summary>
internal sealed class PeerProcess : IDisposable
{
    private readonly Process _process;

    private PeerProcess(Process process, string address)
    {
        _process = process;
        Address = address;
    }

    public string Address { get; }

    public static PeerProcess Start()
    {
        ProcessStartInfo start = new(Environment.ProcessPath!)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        bool isHost = Path.GetFileNameWithoutExtension(start.FileName).Equals("dotnet", StringComparison.Ordinal);
        if (isHost) start.ArgumentList.Add(typeof(PeerProcess).Assembly.Location);
        start.ArgumentList.Add("remote-peer");
        Process process = Process.Start(start)!;
        string? address = process.StandardOutput.ReadLine();
        return new PeerProcess(process, address ?? throw new InvalidOperationException(
            string.Create(CultureInfo.InvariantCulture,
                $"The peer ended with {process.ExitCode} before it said its address.")));
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(10))) _process.Kill();
        _process.Dispose();
    }
}
