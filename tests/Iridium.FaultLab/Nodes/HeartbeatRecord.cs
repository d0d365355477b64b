using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Iridium.FaultLab.Nodes;

/// <summary>How long the heartbeats that one node sent in some span of time took, there and back: by what the node itself
/// recorded (<c>akka.remote.wire-log</c>).</summary>
internal sealed partial class HeartbeatRecord
{
    private readonly Dictionary<(string Ip, string Number), TimeSpan> _sent = [];
    private readonly Dictionary<(string Ip, string Number), TimeSpan> _took = [];

    private bool IsWhole => _sent.Count == _took.Count;

    /// <summary>How much there is of a record: where a span of time begins or ends.</summary>
    public static long Mark(string file) => File.Exists(file) ? new FileInfo(file).Length : 0;

    /// <summary>Waits until those that were sent between two marks are answered, if they are within
    /// <paramref name="patience"/>.</summary>
    public static async Task<HeartbeatRecord> Answered(string file, long from, long to, TimeSpan patience)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            var record = Read(file, from, to);
            if (record.IsWhole || waited.Elapsed > patience) return record;
            await Task.Delay(100);
        }
    }

    private static HeartbeatRecord Read(string file, long from, long to)
    {
        // The node writes on.
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        stream.Position = from;
        using var reader = new StreamReader(stream);
        var record = new HeartbeatRecord();
        for (long at = from; reader.ReadLine() is { } line; at += Encoding.UTF8.GetByteCount(line) + 1)
            record.Take(line, isSpan: at < to);
        return record;
    }

    /// <summary>Those to some hosts; null is one that was not answered.</summary>
    public Times To(params string[] ips)
    {
        var times = new Times();
        foreach ((string Ip, string Number) beat in _sent.Keys.Where(beat => ips.Contains(beat.Ip)))
            times.Add(_took.TryGetValue(beat, out TimeSpan took) ? took : null);
        return times;
    }

    private void Take(string line, bool isSpan)
    {
        if (Beat().Match(line) is not { Success: true } match) return;
        var at = TimeSpan.FromSeconds(double.Parse(match.Groups["at"].ValueSpan, CultureInfo.InvariantCulture));
        (string Ip, string Number) beat = (match.Groups["ip"].Value, match.Groups["number"].Value);
        bool isOut = match.Groups["way"].ValueSpan is "->", isAnswer = match.Groups["answer"].Success;
        if (isOut && !isAnswer && isSpan) _sent.TryAdd(beat, at);
        if (!isOut && isAnswer && _sent.TryGetValue(beat, out TimeSpan sent)) _took.TryAdd(beat, at - sent);
    }

    [GeneratedRegex(
        @"^(?<at>[\d.]+) \S+ (?<way>->|<-) \S+@(?<ip>[\d.]+):\d+  .*Heartbeat(?<answer>Response)? \{.*SequenceNr = (?<number>\d+)")]
    private static partial Regex Beat();
}
