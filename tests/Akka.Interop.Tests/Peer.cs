using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Akka.Interop.Node;

namespace Akka.Interop.Tests;

/// <summary>Where a node's engine is from, and where it runs.</summary>
public enum Engine
{
    /// <summary>Akka.NET, in a process of its own.</summary>
    Real,

    /// <summary>This project's, in the tests' process.</summary>
    Embedded,

    /// <summary>This project's, in a process of its own, which can be killed.</summary>
    EmbeddedProcess,
}

/// <summary>A node as a test sees it: it is told commands and says what it sees. Waiting is for something it says, never
/// for time to pass.</summary>
public sealed class Peer
{
    /// <summary>Far more than anything waited for takes, on a machine that is busy with other tests.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private readonly List<string[]> _unread = [];
    private readonly List<string> _transcript = [];
    private readonly Lock _gate = new();
    private TaskCompletionSource _more = NewSignal();
    private Action<string[]> _do = _ => { };
    private Action _end = () => { };

    private Peer(Engine engine) => Engine = engine;

    public Engine Engine { get; }

    public string Address { get; private set; } = "";

    public string Uid { get; private set; } = "";

    public int Port => int.Parse(Address[(Address.LastIndexOf(':') + 1)..]);

    /// <summary>What the log said at WARNING and above.</summary>
    public string[] Complaints
    {
        get
        {
            lock (_gate) return [.. _transcript.Where(line => line.Contains(" log | ", StringComparison.Ordinal))];
        }
    }

    public string Transcript
    {
        get
        {
            lock (_gate) return $"--- {Engine} {Address} ---\n{string.Join('\n', _transcript)}\n";
        }
    }

    public static async Task<Peer> Start(Engine engine, string config, int port)
    {
        var peer = new Peer(engine);
        if (engine == Engine.Embedded)
        {
            var node = new InteropNode(port, config, peer.Hear);
            peer._do = node.Do;
            peer._end = node.Dispose;
        }
        else
        {
            string program = engine == Engine.Real
                ? RealEngine.Program
                : Path.Combine(AppContext.BaseDirectory, "Akka.Interop.Node.dll");
            peer.Run(Process.Start(new ProcessStartInfo("dotnet", [program, port.ToString(), config])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                StandardInputEncoding = new UTF8Encoding(false),
            })!);
        }
        string[] started = await peer.Sees("started");
        peer.Address = started[1];
        peer.Uid = started[2];
        return peer;
    }

    private void Run(Process process)
    {
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is { Length: > 0 } text) Hear(JsonSerializer.Deserialize<string[]>(text)!);
        };
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is { Length: > 0 } text) Hear(["stderr", text]);
        };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _do = words => process.StandardInput.WriteLine(JsonSerializer.Serialize(words));
        _end = process.Kill;
    }

    /// <summary>The path of an actor of this node, as others write it.</summary>
    public string At(string path) => Address + path;

    public void Do(params string[] words) => _do(words);

    /// <summary>Ends it as <c>kill -9</c> does, where it has a process; else it is terminated.</summary>
    public void Kill() => _end();

    /// <summary>Waits for something it says that begins with these words (null: any word), and takes it off what is unread.</summary>
    public Task<string[]> Sees(params string?[] words) => Sees(string.Join(' ', words.Select(word => word ?? "*")),
        said => said.Length >= words.Length && words.Select((word, i) => word is null || word == said[i]).All(fits => fits));

    /// <summary>Tells an echo something until the answer is here. What is said while a connection to a last life gives way
    /// to one to the next may be lost, as any message may.</summary>
    public async Task HearsEcho(string echo, string word)
    {
        const int times = 10;
        for (int time = 1; ; time++)
        {
            Do("tell", echo, $"string:{word}");
            try
            {
                await Sees($"got {word}", said => said is ["got", var text, "/user/echo", ..] && text == $"string {word}",
                    Patience / times);
                return;
            }
            catch (TimeoutException) when (time < times)
            {
                // Once more.
            }
        }
    }

    public async Task<string[]> Sees(string what, Func<string[], bool> wanted, TimeSpan? within = null)
    {
        using var patience = new CancellationTokenSource(within ?? Patience);
        while (true)
        {
            Task more;
            lock (_gate)
            {
                int found = _unread.FindIndex(said => wanted(said));
                if (found >= 0)
                {
                    string[] said = _unread[found];
                    _unread.RemoveAt(found);
                    return said;
                }
                more = _more.Task;
            }
            try
            {
                await more.WaitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"{Engine} {Address} never said: {what}\n{Transcript}");
            }
        }
    }

    /// <summary>Whether it said something that begins with these words and was not waited for.</summary>
    public bool Said(params string[] words)
    {
        lock (_gate) return _unread.Exists(said => said.Take(words.Length).SequenceEqual(words));
    }

    private void Hear(string[] words)
    {
        TaskCompletionSource more;
        lock (_gate)
        {
            _unread.Add(words);
            _transcript.Add($"{DateTime.UtcNow:mm:ss.fff} {string.Join(" | ", words)}");
            (more, _more) = (_more, NewSignal());
        }
        more.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
