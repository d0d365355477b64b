using System.Diagnostics;
using System.Globalization;

namespace Iridium.Benchmarks;

/// <summary>This program once more, as the other node.</summary>
internal sealed class PeerProcess : IDisposable
{
    private const string Variable = "IRIDIUM_BENCHMARK_PEER";

    private readonly Process _process;

    private PeerProcess(Process process, string address)
    {
        _process = process;
        Address = address;
    }

    public string Address { get; }

    /// <summary>What the peer's system is told beyond the settings of <see cref="RemoteBenchmark"/>.</summary>
    public static string Hocon => Environment.GetEnvironmentVariable(Variable) ?? "";

    public static PeerProcess Start(string hocon = "")
    {
        ProcessStartInfo start = new(Environment.ProcessPath!)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment[Variable] = hocon;
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
