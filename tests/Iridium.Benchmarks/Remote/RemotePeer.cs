using Akka.Actor;

namespace Iridium.Benchmarks;

/// <summary>The other process of <see cref="RemoteBenchmark"/>: echoes, counts, sends; ends with its standard
/// input.</summary>
internal sealed class RemotePeerBenchmark : IBenchmark
{
    public string Verb => "remote-peer";

    public string Summary => "(started by remote)";

    public IEnumerable<Figure> Run(BenchmarkOptions options)
    {
        using ActorSystem system = RemoteBenchmark.StartSystem(PeerProcess.Hocon);
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
