using System.Globalization;
using System.Text;
using Akka.Actor;
using Akka.Event;
using Iridium.Actors.Repl;

namespace Iridium.Node.Hosting;

/// <summary>
/// The engine's logger: one line an event, to the file that <c>iridium.log.file</c> names, else to standard error. The
/// console belongs to the shell.
/// </summary>
public sealed class LogActor : ReceiveActor
{
    /// <summary>A file longer than this is set aside when the node starts, in place of the one set aside
    /// before.</summary>
    private const long LongestFile = 10 << 20;

    /// <summary>A log line is for reading; the longest ones are stack traces, of some 4 KB.</summary>
    private const int LongestLine = 8192;

    private readonly TextWriter _out;

    public LogActor()
    {
        _out = Open(Context.System.Settings.Config.GetString("iridium.log.file", ""));
        Receive<InitializeLogger>(_ => Sender.Tell(new LoggerInitialized()));
        Receive<LogEvent>(Write);
    }

    protected override void PostStop()
    {
        if (_out != Console.Error) _out.Dispose();
    }

    private static TextWriter Open(string? file)
    {
        if (string.IsNullOrEmpty(file)) return Console.Error;
        try
        {
            if (File.Exists(file) && new FileInfo(file).Length > LongestFile)
                File.Move(file, file + ".1", overwrite: true);
            return new StreamWriter(file, append: true, new UTF8Encoding(false)) { AutoFlush = true };
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"iridium: the log file {file} cannot be opened: {refused.Message}");
            return Console.Error;
        }
    }

    private void Write(LogEvent log)
    {
        try
        {
            _out.WriteLine(LineOf(log));
        }
        catch (IOException)
        {
            // A full disk must not restart the logger for every line that it cannot write.
        }
    }

    /// <summary>Time, level and source, then the message on one line: text from elsewhere cannot pass for a line of
    /// its own.</summary>
    private static string LineOf(LogEvent log)
    {
        string time = log.Timestamp.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        string level = log.LogLevel().ToString().Replace("Level", "", StringComparison.Ordinal).ToUpperInvariant();
        string cause = log.Cause is null ? "" : $" {log.Cause}";
        string text = PlainText.Of($"{log.Message}{cause}");
        return $"{time} {level} {PlainText.Of(log.LogSource)} {(text.Length > LongestLine ? text[..LongestLine] : text)}";
    }
}
