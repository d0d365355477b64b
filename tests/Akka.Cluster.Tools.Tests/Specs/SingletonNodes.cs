using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;

namespace Akka.Cluster.Tools.Tests.Specs;

/// <summary>Nodes of one cluster in one process, and a singleton for them that tells what happens to it.</summary>
public abstract class SingletonNodes : IAsyncLifetime
{
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>In the order in which they joined; the first is number 1.</summary>
    protected List<ActorSystem> Systems { get; } = [];

    protected BlockingCollection<string> Log { get; } = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => Task.WhenAll(Systems.Select(system => system.Terminate())).WaitAsync(Patience);

    protected string Next() => Log.TryTake(out string? line, Patience) ? line : "nothing happened";

    /// <summary>A node that joins the seed, or itself, and is up.</summary>
    /// <param name="crashes">When it ends it tells nobody.</param>
    protected async Task<ActorSystem> Join(ActorSystem? seed, string config = "", bool crashes = false)
    {
        ActorSystem system = ActorSystem.Create("specs", ConfigurationFactory.ParseString($$"""
            akka.actor.provider = cluster
            akka.loglevel = WARNING
            akka.remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
            akka.coordinated-shutdown.run-by-actor-system-terminate = {{(crashes ? "off" : "on")}}
            akka.cluster { {{config}} }
            """).WithFallback(ClusterSingleton.DefaultConfig()));
        Systems.Add(system);
        await Cluster.Get(system).JoinAsync(Cluster.Get(seed ?? system).SelfAddress).WaitAsync(Patience);
        return system;
    }

    /// <summary>How to make it on the node with this number.</summary>
    protected Props SingleOn(int number) => Props.Create(() => new Single(number, Log));

    private sealed class Single : ReceiveActor
    {
        private readonly int _number;
        private readonly BlockingCollection<string> _log;

        public Single(int number, BlockingCollection<string> log)
        {
            _number = number;
            _log = log;
            Receive<string>(text => text == "please stop", _ =>
            {
                _log.Add($"told at {_number}");
                Context.Stop(Self);
            });
            Receive<string>(text => text == "wait", _ => { });
            Receive<string>(_ => Sender.Tell(_number.ToString()));
        }

        protected override void PreStart() => _log.Add($"started at {_number}");

        protected override void PostStop() => _log.Add($"stopped at {_number}");
    }
}
