using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Iridium.Node.Tests.Transcripts;

/// <summary>
/// Whole sessions with the real program, without a terminal. The input is what follows the prompts in the golden
/// file, so that the file reads as a session and is the whole test. <c>UPDATE_GOLDEN=1</c> writes the files anew;
/// then read the diff.
/// </summary>
public sealed partial class TranscriptTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Sessions() =>
        new(Directory.EnumerateFiles(Folder(), "*.session").Select(path => Path.GetFileNameWithoutExtension(path)!));

    [Theory]
    [MemberData(nameof(Sessions))]
    public async Task A_session_goes_as_its_file_says(string name)
    {
        string golden = Path.Combine(Folder(), name + ".session");
        string expected = await File.ReadAllTextAsync(golden);
        IEnumerable<string> typed = Prompted().Matches(expected).Select(match => match.Groups[1].Value);
        string said = await Play(typed);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1") await File.WriteAllTextAsync(golden, said);
        else Assert.Equal(expected, said);
    }

    [GeneratedRegex("^(?:>>> |Please enter the path to the file you wish to load: )(.*)$", RegexOptions.Multiline)]
    private static partial Regex Prompted();

    // A busy machine must not make a session say that nobody answered.
    private const string Patient = """
        iridium.shell { answer-timeout = 60s, patience = 60s }
        iridium.node.join-timeout = 60s
        """;

    private async Task<string> Play(IEnumerable<string> typed)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "iridium"))
        {
            ArgumentList =
            {
                "--node-alias=node1", "--server-bind-port=0", "--pbm-port=0", $"--log-file={_folder.File("log")}",
                "--config", _folder.File("patient.conf", Patient),
                $"--data-root-dir={_folder.Path}",
            },
            WorkingDirectory = Folder(),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
        };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        foreach (string line in typed) await process.StandardInput.WriteLineAsync(line);
        process.StandardInput.Close();
        await process.WaitForExitAsync().WaitAsync(Patience);
        Assert.Equal("", await errors);
        Assert.Equal(0, process.ExitCode);
        // What differs from run to run and from place to place: the ports that the system chose, and this folder.
        return Regex.Replace(await output, @"(127\.0\.0\.1[: ])\d+", "$1PORT").Replace(Folder(), "FOLDER");
    }

    private static string Folder([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}
