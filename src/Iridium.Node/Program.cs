using Iridium.Node.Cli;
using Iridium.Node.Hosting;
using Iridium.Node.Pbm;

namespace Iridium.Node;

/// <summary>Reads what was asked for, does it, and says how it ended.</summary>
public static class Program
{
    public static async Task<int> Main(string[] words)
    {
        try
        {
            Invocation asked = new CommandLine(Environment.GetEnvironmentVariable, ConfigFile.Open).Read(words);
            return (int)await Perform(asked);
        }
        catch (UserErrorException wrong)
        {
            foreach (UserError error in wrong.Errors) Console.Error.Write(error.ToText());
            return (int)wrong.Code;
        }
    }

    private static Task<ExitCode> Perform(Invocation asked) => asked switch
    {
        Invocation.Node node => RunNode(node.Settings),
        Invocation.Dev dev => RunDev(dev.Nodes, dev.Settings),
        Invocation.RunProgram program => Task.FromResult(RunProgram(program.File, program.Settings)),
        Invocation.Debug debug => Task.FromResult(RunDebug(debug.File)),
        Invocation.Pbm pbm => RunPbm(pbm),
        Invocation.Answered answered => Task.FromResult(answered.Code),
        Invocation.Rejected rejected => throw new UserErrorException(rejected.Error),
        _ => throw new InvalidOperationException($"BUG: unknown invocation {asked}"),
    };

    private static Task<ExitCode> RunNode(SettingResolver settings) =>
        new NodeRun(Resolve(settings), settings.File.Config, Environment.GetEnvironmentVariable).Run();

    private static async Task<ExitCode> RunDev(int nodes, SettingResolver settings)
    {
        NodeLaunch asked = Resolve(settings);
        DirectoryInfo folder = Directory.CreateTempSubdirectory("iridium-dev-");
        NodeLaunch first = asked with
        {
            Alias = DevCluster.AliasOf(1),
            StartCluster = true,
            Join = null,
            DaemonMode = false,
            LogFile = asked.LogFile ?? Path.Combine(folder.FullName, "node1.log"),
        };
        ExitCode code = await new NodeRun(first, settings.File.Config, Environment.GetEnvironmentVariable)
            .Run(host => DevCluster.Start(host.Endpoint, nodes, asked, folder.FullName));
        folder.Delete(recursive: true);
        return code;
    }

    private static ExitCode RunProgram(string file, SettingResolver settings)
    {
        using var interrupted = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            // The second ctrl-c ends the process, whatever it waits for.
            pressed.Cancel = !interrupted.IsCancellationRequested;
            interrupted.Cancel();
        };
        using var output = new StreamWriter(Console.OpenStandardOutput(), leaveOpen: true);
        output.AutoFlush = !Console.IsOutputRedirected;
        return new ProgramRun(
            Console.In, output, Console.Error, TimeProvider.System, new Random(),
            Resolve(settings).Json, isTerminal: !Console.IsOutputRedirected).Run(file, interrupted.Token);
    }

    private static ExitCode RunDebug(string file)
    {
        // ctrl-c stops the program that runs, and at the prompt the debugger.
        DebugRun run = new(Console.In, Console.Out, Console.Error, TimeProvider.System, new Random(),
            isTerminal: !Console.IsOutputRedirected, prompts: !Console.IsInputRedirected);
        Console.CancelKeyPress += (_, pressed) => pressed.Cancel = run.Interrupt();
        return run.Run(file);
    }

    private static async Task<ExitCode> RunPbm(Invocation.Pbm pbm)
    {
        using var interrupted = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            // The second ctrl-c ends the process, whatever it waits for.
            pressed.Cancel = !interrupted.IsCancellationRequested;
            interrupted.Cancel();
        };
        return await PbmClient.Run(
            pbm.Endpoint, pbm.Words, Resolve(pbm.Settings).Json, Console.Out, Console.Error, interrupted.Token);
    }

    private static NodeLaunch Resolve(SettingResolver settings)
    {
        (NodeLaunch? launch, var errors) = settings.Resolve();
        return launch ?? throw UserErrorException.Of(errors);
    }
}
