using System.Diagnostics;
using System.Globalization;

namespace Iridium.Benchmarks.Vm;

/// <summary>
/// The workload in C, where gcc is installed: compiled with -O2, timed by itself without its start.
/// </summary>
internal static class GccYardstick
{
    private static readonly Dictionary<string, string?> Programs = [];

    /// <summary>Null if there is no gcc.</summary>
    public static Func<double>? For(Workload workload)
    {
        if (!Programs.TryGetValue(workload.Name, out string? program))
            Programs[workload.Name] = program = Compile(workload);
        return program is null ? null : () => double.Parse(Execute(program, "")!, CultureInfo.InvariantCulture);
    }

    private static string? Compile(Workload workload)
    {
        string folder = Directory.CreateTempSubdirectory("iridium-c-").FullName;
        string source = Path.Combine(folder, workload.Name + ".c");
        string program = Path.Combine(folder, workload.Name);
        File.WriteAllText(source, $$"""
            #include <stdio.h>
            #include <time.h>
            {{workload.C}}
            static double now(void) {
                struct timespec t;
                clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
                return t.tv_sec * 1e9 + t.tv_nsec;
            }
            int main(void) {
                double (*volatile again)(void) = work;   // or gcc would notice that it is the same twice
                volatile double result = again();
                double start = now();
                result = again();
                printf("%f", now() - start);
                return result != result;
            }
            """);
        return Execute("gcc", $"-O2 {workload.CFlags} -o {program} {source}") is null ? null : program;
    }

    private static string? Execute(string program, string arguments)
    {
        try
        {
            using Process process =
                Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? output : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
