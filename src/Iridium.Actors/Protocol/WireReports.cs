using Google.Protobuf;
using Iridium.Vm.Assembly;
using Iridium.Vm.Execution;
using static Iridium.Actors.Protocol.WireValues;

namespace Iridium.Actors.Protocol;

/// <summary>The report of a crash as a body, and back; see <see cref="WireBodies"/>.</summary>
internal static class WireReports
{
    private const int GuidBytes = 16;

    public static Wire.CrashReport Write(CrashReport report)
    {
        var body = new Wire.CrashReport
        {
            Id = IdOf(report.Id),
            Stop = (uint)report.Result.Stop,
            Fault = (uint)report.Result.Fault,
            Code = report.Result.Code,
            Address = (uint)report.Address,
            Instruction = report.Instruction,
            SourceFile = report.Source?.File ?? "",
            SourceLine = (uint)(report.Source?.Line ?? 0),
            EqualFlag = report.EqualFlag,
            Remainder = report.Remainder,
            LoopCounter = report.LoopCounter,
            BasePointer = (uint)report.BasePointer,
            StackDepth = (uint)report.StackDepth,
            HeapBytes = (uint)report.HeapBytes,
            FuelUsed = report.FuelUsed,
        };
        body.Registers.AddRange(report.Registers);
        body.FloatRegisters.AddRange(report.FloatRegisters);
        body.StackTop.AddRange(report.StackTop.Take(WireLimits.Registers));
        body.Events.AddRange(report.Events.TakeLast(WireLimits.Events).Select(Write));
        return body;
    }

    public static CrashReport Read(Wire.CrashReport body)
    {
        int address = Count(body.Address, int.MaxValue);
        long fuel = NotNegative(body.FuelUsed);
        int line = Count(body.SourceLine, int.MaxValue);
        return new CrashReport
        {
            Id = IdOf(body.Id),
            Result = new RunResult(Known<Stop>(body.Stop), Known<Fault>(body.Fault), body.Code, fuel),
            Address = address,
            Instruction = Line(body.Instruction, WireLimits.Detail),
            Source = line == 0 ? null : new SourceLine(address, Line(body.SourceFile, WireLimits.Name), line),
            Registers = Many(body.Registers, WireLimits.Registers, register => register),
            FloatRegisters = Many(body.FloatRegisters, WireLimits.Registers, register => register),
            EqualFlag = body.EqualFlag,
            Remainder = body.Remainder,
            LoopCounter = body.LoopCounter,
            BasePointer = Count(body.BasePointer, int.MaxValue),
            StackDepth = Count(body.StackDepth, int.MaxValue),
            StackTop = Many(body.StackTop, WireLimits.Registers, slot => slot),
            HeapBytes = Count(body.HeapBytes, int.MaxValue),
            FuelUsed = fuel,
            Events = Many(body.Events, WireLimits.Events, Read),
        };
    }

    private static Wire.VmEvent Write(VmEvent happened) => new()
    {
        Id = IdOf(happened.Id),
        TimeTicks = happened.Time.UtcTicks,
        Kind = (uint)happened.Kind,
        Code = happened.Code,
    };

    private static VmEvent Read(Wire.VmEvent body) =>
        new(IdOf(body.Id), TimeOf(body.TimeTicks), Known<VmEventKind>(body.Kind), body.Code);

    private static DateTimeOffset TimeOf(long ticks) => ticks >= 0 && ticks <= DateTimeOffset.MaxValue.UtcTicks
        ? new DateTimeOffset(ticks, TimeSpan.Zero)
        : throw Bad("a time that is none");

    private static ByteString IdOf(Guid id) => ByteString.CopyFrom(id.ToByteArray(bigEndian: true));

    private static Guid IdOf(ByteString bytes) => bytes.Length == GuidBytes
        ? new Guid(bytes.Span, bigEndian: true)
        : throw Bad($"an id of {bytes.Length} bytes");
}
