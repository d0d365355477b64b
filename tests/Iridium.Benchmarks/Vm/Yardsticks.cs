using System.Diagnostics;
using System.Globalization;

namespace Iridium.Benchmarks.Vm;

/// <summary>Something that does a workload outside, and prints its result and how long it took.</summary>
/// <param name="Name">As the figures call it.</param>
/// <param name="Program">What must be installed.</param>
/// <param name="Probe">An argument with which it ends at once, well.</param>
/// <param name="Prepare">Writes files into a folder and says what to run; null if it has no such workload.</param>
internal sealed record Tool(
    string Name, string Program, string Probe, Func<Workload, string, (string Program, string Arguments)?> Prepare)
{
    public static readonly Tool Gcc = new("gcc -O2", "gcc", "--version", PrepareC);

    public static readonly Tool Lua = new("Lua 5.4", "lua5.4", "-v",
        (workload, folder) => PrepareLua("lua5.4", LuaPrograms.Lua, workload, folder));

    public static readonly Tool LuaJit = new("LuaJIT", "luajit", "-v",
        (workload, folder) => PrepareLua("luajit", LuaPrograms.LuaJit, workload, folder));

    public static readonly Tool WebAssembly = new("V8 WebAssembly", "node", "--version", PrepareWebAssembly);

    private static (string, string)? PrepareC(Workload workload, string folder)
    {
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
                double end = now();
                printf("%.17g %f", result, end - start);
                return 0;
            }
            """);
        Yardsticks.Execute("gcc", $"-O2 {workload.CFlags} -o {program} {source}");
        return (program, "");
    }

    private static (string, string)? PrepareLua(
        string program, IReadOnlyDictionary<string, string> sources, Workload workload, string folder)
    {
        if (!sources.TryGetValue(workload.Name, out string? source)) return null;
        string file = Path.Combine(folder, $"{workload.Name}.{program}");
        File.WriteAllText(file, source + """

            work()
            local start = os.clock()
            local result = work()
            print(string.format("%.17g %.0f", result, (os.clock() - start) * 1e9))
            """);
        return (program, file);
    }

    private static (string, string)? PrepareWebAssembly(Workload workload, string folder)
    {
        if (!WasmPrograms.All.TryGetValue(workload.Name, out WasmFunction[]? functions)) return null;
        string module = Path.Combine(folder, workload.Name + ".wasm");
        string script = Path.Combine(folder, "run.js");
        File.WriteAllBytes(module, WasmModule.Of(functions));
        File.WriteAllText(script, """
            const bytes = require('fs').readFileSync(process.argv[2]);
            const { work } = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
            work();
            const before = process.cpuUsage();
            const result = work();
            const used = process.cpuUsage(before);
            console.log(result + ' ' + (used.user + used.system) * 1000);
            """);
        // Straight to the optimizing compiler: a loop that the first compiler has begun never changes to its code.
        return ("node", $"--no-liftoff {script} {module}");
    }
}

/// <summary>
/// The same work in other languages, where they are installed: each runs it twice, times the second run by the
/// processor's time without its start, and must come to our result. What is missing is left out, with a line that
/// says so.
/// </summary>
internal sealed class Yardsticks : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("iridium-vm-").FullName;
    private readonly Dictionary<Tool, bool> _installed = [];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <param name="expected">The result that each must come to.</param>
    /// <returns>For each tool that is here, its nanoseconds for one instruction of ours.</returns>
    public (string Name, Func<double> Measure)[] For(
        Workload workload, double expected, long instructions, params IEnumerable<Tool> tools) =>
    [
        .. tools.Where(IsInstalled).Select(tool => (tool.Name, Command: tool.Prepare(workload, _folder)))
            .Where(one => one.Command is not null)
            .Select(one => (one.Name, (Func<double>)(() => Measure(one.Command!.Value, expected) / instructions))),
    ];

    /// <exception cref="InvalidOperationException">It ended badly.</exception>
    internal static string Execute(string program, string arguments)
    {
        using Process process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"'{program} {arguments}' ended with code {process.ExitCode}.");
    }

    private static double Measure((string Program, string Arguments) command, double expected)
    {
        string output = Execute(command.Program, command.Arguments);
        string[] parts = output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        double result = double.Parse(parts[0], CultureInfo.InvariantCulture);
        return result == expected
            ? double.Parse(parts[1], CultureInfo.InvariantCulture)
            : throw new InvalidOperationException(
                $"'{command.Program} {command.Arguments}' came to {result:R}, and Iridium to {expected:R}.");
    }

    private bool IsInstalled(Tool tool)
    {
        if (_installed.TryGetValue(tool, out bool known)) return known;
        bool isThere = true;
        try
        {
            using Process probe = Process.Start(new ProcessStartInfo(tool.Program, tool.Probe)
            {
                RedirectStandardOutput = true, RedirectStandardError = true,
            })!;
            probe.WaitForExit();
            isThere = probe.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            isThere = false;
        }
        if (!isThere) Console.Error.WriteLine($"{tool.Program} is not installed: figures beside {tool.Name} are left out.");
        return _installed[tool] = isThere;
    }
}
