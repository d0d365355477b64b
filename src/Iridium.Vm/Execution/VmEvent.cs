using System.Globalization;

namespace Iridium.Vm.Execution;

/// <summary>What happened to a run, as the host records it: machines know no time.</summary>
public enum VmEventKind
{
    Start,
    GracefulStop,
    Crash,
}

/// <summary>One event in the life of a run.</summary>
public sealed record VmEvent(Guid Id, DateTimeOffset Time, VmEventKind Kind, int Code)
{
    public static VmEvent Started(Machine machine, DateTimeOffset time) =>
        new(machine.Id, time, VmEventKind.Start, 0);

    /// <summary>The event for a result that ended a program.</summary>
    public static VmEvent Ended(Machine machine, RunResult result, DateTimeOffset time) =>
        new(machine.Id, time,
            result.Stop == Stop.Crashed ? VmEventKind.Crash : VmEventKind.GracefulStop, result.Code);

    public string ToText()
    {
        string time = Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        return Kind == VmEventKind.Start ? $"{time} {Id} Start" : $"{time} {Id} {Kind} {{ code: {Code} }}";
    }
}
