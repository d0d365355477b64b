using System.ComponentModel;
using System.Diagnostics;

namespace Iridium.FaultLab.Hosts;

/// <summary>A program of the system's, run to its end.</summary>
internal static class Tool
{
    public static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Any(folder => File.Exists(Path.Combine(folder, program)));

    /// <param name="input">Given to its standard input.</param>
    /// <exception cref="InvalidOperationException">It ended with an error; the text says what it said.</exception>
    public static void Run(string program, string words, string? input = null)
    {
        (int code, string said) = Try(program, words, input);
        if (code != 0) throw new InvalidOperationException($"`{program} {words}` ended with {code}: {said.Trim()}");
    }

    /// <summary>The same where failing is no surprise.</summary>
    public static (int Code, string Said) Try(string program, string words, string? input = null)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, words)
            {
                RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            })!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            process.StandardInput.Write(input);
            process.StandardInput.Close();
            string said = process.StandardOutput.ReadToEnd() + errors.Result;
            process.WaitForExit();
            return (process.ExitCode, said);
        }
        catch (Win32Exception missing)
        {
            return (127, missing.Message);
        }
    }
}
