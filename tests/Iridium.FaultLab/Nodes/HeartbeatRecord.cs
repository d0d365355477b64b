using System.Globalization;
using System.Text.RegularExpressions;

namespace Iridium.FaultLab.Nodes;

/// <summary>How long the heartbeats of one node took, there and back, while a message was on its way: by what the node
/// itself recorded (<c>akka.remote.wire-log</c>).</summary>
internal sealed partial class HeartbeatRecord
{
    private readonly Dictionary<(string Ip, string Number), TimeSpan> _sent = [];
    private readonly Dictionary<(string Ip, string Number), TimeSpan> _took = [];

    /// <summary>Each has been answered.</summary>
    public bool IsWhole => _sent.Count == _took.Count;

    public static HeartbeatRecord Read(string file)
    {
        // The node writes on.
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        var record = new HeartbeatRecord();
        bool isUnderWay = false;
        while (reader.ReadLine() is { } line)
        {
            if (line.Contains($"/user/{FreightNode.Scale}", StringComparison.Ordinal))
                isUnderWay = line.Contains(" -> ", StringComparison.Ordinal);
            else
                record.Take(line, isUnderWay);
        }
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

    private void Take(string line, bool isUnderWay)
    {
        if (Beat().Match(line) is not { Success: true } match) return;
        var at = TimeSpan.FromSeconds(double.Parse(match.Groups["at"].ValueSpan, CultureInfo.InvariantCulture));
        (string Ip, string Number) beat = (match.Groups["ip"].Value, match.Groups["number"].Value);
        bool isOut = match.Groups["way"].ValueSpan is "->", isAnswer = match.Groups["answer"].Success;
        if (isOut && !isAnswer && isUnderWay) _sent.TryAdd(beat, at);
        if (!isOut && isAnswer && _sent.TryGetValue(beat, out TimeSpan sent)) _took.TryAdd(beat, at - sent);
    }

    [GeneratedRegex(
        @"^(?<at>[\d.]+) \S+ (?<way>->|<-) \S+@(?<ip>[\d.]+):\d+  .*Heartbeat(?<answer>Response)? \{.*SequenceNr = (?<number>\d+)")]
    private static partial Regex Beat();
}
