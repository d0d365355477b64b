using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Iridium.Benchmarks.Actors;

/// <summary>
/// The same scenarios in Erlang/OTP, where <c>erl</c> is installed (Debian: <c>erlang-base</c>): one node, compiled and
/// started here, that is asked over a connection on 127.0.0.1 and ends with it. <c>yard.erl</c> is its part.
/// </summary>
internal sealed class ErlangYardstick : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly Lazy<bool> Installed = new(() =>
    {
        try
        {
            using Process process = Start(Path.GetTempPath(), "halt().");
            return process.WaitForExit(Patience);
        }
        catch (Win32Exception)
        {
            return false;
        }
    });

    private readonly Process _node;
    private readonly TcpClient _client;
    private readonly StreamReader _answers;
    private readonly StreamWriter _questions;
    private readonly string _folder;

    private ErlangYardstick(Process node, TcpClient client, string folder, string release)
    {
        (_node, _client, _folder, Release) = (node, client, folder, release);
        _answers = new StreamReader(client.GetStream());
        _questions = new StreamWriter(client.GetStream()) { AutoFlush = true, NewLine = "\n" };
    }

    /// <summary>Whether <c>erl</c> is installed.</summary>
    public static bool IsThere => Installed.Value;

    /// <summary>The release of Erlang/OTP that answers.</summary>
    public string Release { get; }

    /// <returns>Null, with the reason, where there is no Erlang or it does not come up.</returns>
    public static ErlangYardstick? TryStart(out string? why)
    {
        string folder = Directory.CreateTempSubdirectory("iridium-erlang-").FullName;
        try
        {
            File.Copy(Path.Combine(AppContext.BaseDirectory, "Actors", "yard.erl"), Path.Combine(folder, "yard.erl"));
            string release = Execute(folder,
                "{ok, _} = compile:file(\"yard\"), io:format(\"~s\", [erlang:system_info(otp_release)]), halt().");
            using TcpListener door = new(IPAddress.Loopback, 0);
            door.Start();
            Process node = Start(folder, $"yard:main({((IPEndPoint)door.LocalEndpoint).Port}).");
            Task<TcpClient> knock = door.AcceptTcpClientAsync();
            if (!knock.Wait(Patience))
            {
                node.Kill();
                throw new InvalidOperationException($"its node did not connect within {Patience.TotalSeconds} s");
            }
            why = null;
            return new ErlangYardstick(node, knock.Result, folder, release);
        }
        catch (Exception failure) when (failure is Win32Exception or InvalidOperationException)
        {
            Directory.Delete(folder, recursive: true);
            why = failure is Win32Exception ? "`erl` is not installed (Debian: erlang-base)" : failure.Message;
            return null;
        }
    }

    /// <summary>Runs a scenario of the module once.</summary>
    public Cost Run(string scenario)
    {
        double[] numbers = Ask(scenario);
        return new Cost(numbers[0], numbers[1]);
    }

    /// <summary>Bytes of a process that waits, of a million.</summary>
    public double IdleBytes() => Ask("idle")[0];

    public void Dispose()
    {
        _client.Dispose();
        if (!_node.WaitForExit(Patience)) _node.Kill();
        _node.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private double[] Ask(string scenario)
    {
        _questions.WriteLine(scenario);
        string answer = _answers.ReadLine()
            ?? throw new InvalidOperationException($"The Erlang node ended while it ran {scenario}.");
        return [.. answer.Split(' ').Select(part => double.Parse(part, CultureInfo.InvariantCulture))];
    }

    private static string Execute(string folder, string expression)
    {
        using Process process = Start(folder, expression);
        string output = process.StandardOutput.ReadToEnd();
        if (!process.WaitForExit(Patience) || process.ExitCode != 0)
            throw new InvalidOperationException($"`erl` could not compile the scenarios: {output.Trim()}");
        return output;
    }

    private static Process Start(string folder, string expression)
    {
        // A million processes at once need more room than the default.
        ProcessStartInfo start = new("erl", ["+P", "2000000", "-noshell", "-noinput", "-eval", expression])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
        };
        return Process.Start(start) ?? throw new InvalidOperationException("`erl` did not start");
    }
}
