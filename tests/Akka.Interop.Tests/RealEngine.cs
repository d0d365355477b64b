using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Akka.Interop.Tests;

/// <summary>The node program on Akka.NET's own packages. It is built once, when the first test asks for it; where the
/// packages are not to be had, the tests are skipped and say so.</summary>
internal static class RealEngine
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(150);

    private static readonly Lazy<(string? Missing, string? Broken)> Built = new(Build);

    private static string Project { get; } =
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", "Akka.Interop.Node"));

    /// <summary>Why there is none on this machine, or null.</summary>
    public static string? Missing => Built.Value.Missing;

    public static string Program => Built.Value.Broken is { } errors
        ? throw new InvalidOperationException($"The node does not compile with Akka.NET:\n{errors}")
        : Path.Combine(Project, "bin", "akka.net", "Release", "net10.0", "Akka.Interop.Node.dll");

    private static (string?, string?) Build()
    {
        // Nothing may stay behind that outlives the tests: no build server, no compiler server.
        var start = new ProcessStartInfo("dotnet", ["build", "-c", "Release", "-p:ActorEngine=akka.net", "-p:RunAnalyzers=false",
            "-p:UseSharedCompilation=false", "-nodeReuse:false", "-nologo", "-v:q", "-clp:NoSummary", Project])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // What the build that runs these tests says to its own children is not meant for this one.
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(name);
        using Process build = Process.Start(start)!;
        Task<string> said = build.StandardOutput.ReadToEndAsync();
        _ = build.StandardError.ReadToEndAsync();
        if (!build.WaitForExit(Patience))
        {
            build.Kill(entireProcessTree: true);
            return ($"Akka.NET's packages were not restored within {Patience.TotalSeconds} s.", null);
        }
        if (build.ExitCode == 0) return (null, null);
        string? missing = said.Result.Split('\n').FirstOrDefault(line => line.Contains("error NU", StringComparison.Ordinal));
        return missing is null ? (null, said.Result) : ($"Akka.NET's packages cannot be restored: {missing.Trim()}", null);
    }

    private static string Here([CallerFilePath] string file = "") => file;
}

/// <summary>A test that needs nodes of Akka.NET.</summary>
internal sealed class MixedFactAttribute : FactAttribute
{
    public MixedFactAttribute() => Skip = RealEngine.Missing;
}

/// <summary>A test that needs nodes of Akka.NET, in several cases.</summary>
internal sealed class MixedTheoryAttribute : TheoryAttribute
{
    public MixedTheoryAttribute() => Skip = RealEngine.Missing;
}
