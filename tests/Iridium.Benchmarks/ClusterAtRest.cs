using System.Diagnostics;
using System.Diagnostics.Tracing;

namespace Iridium.Benchmarks;

/// <summary>What nodes cost that do nothing: bytes sent on their sockets, and time of processors.</summary>
/// <remarks>Measured over a time, so this sleeps: 3 s until all is still, then 10 s of rest.</remarks>
internal static class ClusterAtRest
{
    private static readonly TimeSpan _settle = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan _rest = TimeSpan.FromSeconds(10);

    /// <returns>Bytes per node and second, and percent of a core per node.</returns>
    public static (double Bytes, double Cpu) Measure(int count)
    {
        using var nodes = ClusterNodes.Start(count);
        nodes.Await(count);
        using var sent = new BytesSent();
        Thread.Sleep(_settle);
        (long bytesBefore, long countedAt) = sent.Latest;
        TimeSpan cpuBefore = Process.GetCurrentProcess().TotalProcessorTime;
        long start = Stopwatch.GetTimestamp();
        Thread.Sleep(_rest);
        double cpu = (Process.GetCurrentProcess().TotalProcessorTime - cpuBefore) / Stopwatch.GetElapsedTime(start);
        (long bytesAfter, long lastCountedAt) = sent.Latest;
        double seconds = Stopwatch.GetElapsedTime(countedAt, lastCountedAt).TotalSeconds;
        return ((bytesAfter - bytesBefore) / seconds / count, cpu / count * 100);
    }

    /// <summary>The runtime's own count of what this process has sent on sockets, told twice a second.</summary>
    private sealed class BytesSent : EventListener
    {
        private readonly Lock _gate = new();
        private long _bytes;
        private long _at = Stopwatch.GetTimestamp();

        public (long Bytes, long At) Latest
        {
            get
            {
                lock (_gate) return (_bytes, _at);
            }
        }

        protected override void OnEventSourceCreated(EventSource source)
        {
            if (source.Name != "System.Net.Sockets") return;
            EnableEvents(source, EventLevel.LogAlways, EventKeywords.None,
                new Dictionary<string, string?> { ["EventCounterIntervalSec"] = "0.5" });
        }

        protected override void OnEventWritten(EventWrittenEventArgs told)
        {
            if (told.EventName != "EventCounters" || told.Payload is not [IDictionary<string, object?> counter]) return;
            if (counter["Name"] is not "bytes-sent" || counter["Mean"] is not double total) return;
            lock (_gate) (_bytes, _at) = ((long)total, Stopwatch.GetTimestamp());
        }
    }
}
