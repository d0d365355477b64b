using System.Diagnostics;
using System.Runtime.InteropServices;
using Akka.Actor;
using Akka.Configuration;
using Iridium.FaultLab.Hosts;

namespace Iridium.FaultLab.Nodes;

/// <summary>What processes of the laboratory's own program have in common: each is a member of a plain cluster of the
/// engine, with the laboratory's configuration, and says in lines what it sees.</summary>
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

    /// <summary>Starts a process of this program on a host.</summary>
    /// <param name="words">What it is.</param>
    /// <param name="folder">Where the engine's log goes; the output is for what the program itself says.</param>
    public static Process Launch(Host host, string folder, params string[] words)
    {
        string log = Path.Combine(folder, $"{host.Name}.log");
        string[] all =
        [
            "netns", "exec", host.Namespace, "sh", "-c", $"exec \"$0\" \"$@\" 2>>'{log}'", Environment.ProcessPath!,
            .. words,
        ];
        return Process.Start(new ProcessStartInfo("ip", all)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        })!;
    }
}
