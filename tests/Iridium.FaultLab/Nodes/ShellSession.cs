using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Iridium.FaultLab.Hosts;

namespace Iridium.FaultLab.Nodes;

/// <summary>A session of its own at a node that offers its shell over TCP, where one program runs that prints numbered
/// lines; and which of these came.</summary>
/// <remarks>A session shows 200 lines a second and counts the rest; a program prints 64 KB a second for long. Lines as
/// long as a session shows in one piece stay far below the one, also when they come after a pause.</remarks>
internal sealed partial class ShellSession : IAsyncDisposable
{
    public const int Port = 2244;

    private const int Letters = 4000;

    private readonly Socket _socket;
    private readonly NetworkStream _stream;
    private readonly Task _reading;
    private readonly TaskCompletionSource _spawned = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _last;
    private int _broken;
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ShellSession(Socket socket)
    {
        _socket = socket;
        _stream = new NetworkStream(socket);
        _reading = Read();
    }

    /// <summary>Lines that came, up to now.</summary>
    public int Lines => Volatile.Read(ref _last);

    /// <summary>Places where a line did not have the number that follows the one before: some were lost, came twice, or
    /// came in another order.</summary>
    public int Breaks => Volatile.Read(ref _broken);

    public static ShellSession Open(Host host) => new(host.Connect("127.0.0.1", Port));

    /// <summary>A program that prints such lines, as fast as it may.</summary>
    public static async Task<string> Counter(Lab lab)
    {
        string program = Path.Combine(lab.Folder, "counter.iasm");
        await File.WriteAllTextAsync(program, $"""
            .data
            rest: .asciiz ' {new string('x', Letters)}\n'
            .code
                load $0 #0
            again:
                inc $0
                prti $0
                prts @rest
                eq $1 $1
                djmpe @again
            """);
        return program;
    }

    /// <summary>Lets a node run the program, and waits until its first line is here.</summary>
    public async Task<bool> Spawn(string program, string alias, TimeSpan patience)
    {
        await _stream.WriteAsync(Encoding.UTF8.GetBytes($"!spawn {program} --on {alias}\n"));
        return await Task.WhenAny(_spawned.Task, Task.Delay(patience)) == _spawned.Task;
    }

    /// <summary>Waits until one line more is here.</summary>
    public async Task<bool> Prints(TimeSpan patience)
    {
        Task next = Volatile.Read(ref _next).Task;
        return await Task.WhenAny(next, Task.Delay(patience)) == next;
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _reading;
        await _stream.DisposeAsync();
    }

    private async Task Read()
    {
        await Task.Yield();
        using var reader = new StreamReader(_stream);
        try
        {
            while (await reader.ReadLineAsync() is { } line)
            {
                if (Numbered().Match(line) is not { Success: true } match) continue;
                int number = int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
                if (number != _last + 1) Interlocked.Increment(ref _broken);
                Volatile.Write(ref _last, number);
                _spawned.TrySetResult();
                Interlocked.Exchange(ref _next,
                    new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
            }
        }
        catch (Exception closed) when (closed is IOException or ObjectDisposedException)
        {
            // This side or the node has closed it.
        }
    }

    [GeneratedRegex(@"\| (\d+) x+$")]
    private static partial Regex Numbered();
}
