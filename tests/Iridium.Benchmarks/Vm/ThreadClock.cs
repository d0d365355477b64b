using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Iridium.Benchmarks.Vm;

/// <summary>Processor time of this thread where the system tells it, else the time that passed.</summary>
internal static partial class ThreadClock
{
    private const int ThreadProcessorTime = 3;

    public static double Now() =>
        OperatingSystem.IsLinux() && Read(ThreadProcessorTime, out Timespec time) == 0
            ? time.Seconds * 1e9 + time.Nanoseconds
            : Stopwatch.GetTimestamp() * 1e9 / Stopwatch.Frequency;

    [StructLayout(LayoutKind.Sequential)]
    private struct Timespec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int Read(int clock, out Timespec time);
}
