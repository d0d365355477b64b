using System.Runtime.InteropServices;
using Akka.Actor;
using Akka.Configuration;

namespace Iridium.FaultLab.Nodes;

/// <summary>What processes of the laboratory's own program have in common: each is a member of a plain cluster of the
/// engine, with the laboratory's configuration, and says in lines what it sees. <see cref="PlainProcess"/> starts and hears
/// one.</summary>
internal static class PlainNode
{
    private static readonly TextWriter _output =
        TextWriter.Synchronized(new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true });

    public static ActorSystem Start(string ip, string more)
    {
        // The engine's log goes where it does not meet this program's lines.
        Console.SetOut(Console.Error);
        Config config = ConfigurationFactory.ParseString($$"""
            {{more}}
            akka {
              actor.provider = cluster
              stdout-loglevel = OFF
              coordinated-shutdown.exit-clr = off
              remote {
                secret = "{{LabConfiguration.Secret}}"
                dot-netty.tcp { hostname = "{{ip}}", port = {{LabNode.ClusterPort}} }
              }
            }
            """).WithFallback(ConfigurationFactory.ParseString(LabConfiguration.Text));
        return ActorSystem.Create("iridium", config);
    }

    public static void Say(string line) => _output.WriteLine(line);

    /// <summary>Runs until it is told to end, or its starter has ended.</summary>
    /// <param name="heard">Gets each line that the starter says.</param>
    public static async Task Run(ActorSystem system, Action<string>? heard = null)
    {
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            _ = CoordinatedShutdown.Get(system).Run(CoordinatedShutdown.ClrExitReason.Instance);
        });
        new Thread(() =>
        {
            while (Console.In.ReadLine() is { } line) heard?.Invoke(line);
            Environment.Exit(1);
        }) { IsBackground = true }.Start();
        await system.WhenTerminated;
    }
}
