using System.Collections.Immutable;
using Google.Protobuf;
using Iridium.Actors.Node;

namespace Iridium.Actors.Protocol;

/// <summary>Turns each letter into its body and back. Writing trusts; reading doubts every value, since the sender may be
/// anyone, and refuses with <see cref="WireRejectedException"/> what no node of ours would have written.</summary>
internal static class WireBodies
{
    public static Wire.Hello Write(ClusterProtocol.Hello hello) =>
        new() { Alias = hello.Alias, Uid = hello.Uid, Joining = hello.Joining };

    // The alias is checked by whoever answers, who can then say so to the sender.
    public static ClusterProtocol.Hello Read(Wire.Hello body) =>
        new(Short(body.Alias, WireLimits.Name), body.Uid, body.Joining);

    public static Wire.HelloAck Write(ClusterProtocol.HelloAck ack)
    {
        var body = new Wire.HelloAck { Alias = ack.Alias, Uid = ack.Uid };
        body.Nodes.AddRange(ack.Nodes.Take(WireLimits.NodesSent).Select(Write));
        return body;
    }

    public static ClusterProtocol.HelloAck Read(Wire.HelloAck body) =>
        new(AliasOf(body.Alias), body.Uid, Many(body.Nodes, WireLimits.Nodes, Read));

    private static Wire.NodeAddress Write(NodeAddress node) =>
        new() { Alias = node.Alias, Host = node.Host, Port = (uint)node.Port };

    private static NodeAddress Read(Wire.NodeAddress body) =>
        new(AliasOf(body.Alias), Short(body.Host, WireLimits.Name), Count(body.Port, 65535));

    public static Wire.HelloRefused Write(ClusterProtocol.HelloRefused refused) =>
        new() { Reason = (uint)refused.Reason, Detail = refused.Detail };

    public static ClusterProtocol.HelloRefused Read(Wire.HelloRefused body) =>
        new(Known<JoinRefusal>(body.Reason), Short(body.Detail, WireLimits.Detail));

    public static Wire.SpawnHere Write(NodeProtocol.SpawnHere spawn) => new()
    {
        Request = spawn.Request,
        Name = spawn.Program.Name,
        Image = ByteString.CopyFrom(spawn.Program.Image.Span),
        Restart = (uint)spawn.Program.Restart,
    };

    public static NodeProtocol.SpawnHere Read(Wire.SpawnHere body) => new(
        body.Request,
        new ProgramFile(Short(body.Name, WireLimits.Name), body.Image.Memory, Known<RestartPolicy>(body.Restart)));

    public static Wire.Spawned Write(NodeProtocol.Spawned spawned) =>
        new() { Request = spawned.Request, Pid = Write(spawned.Pid), Program = spawned.Program };

    public static NodeProtocol.Spawned Read(Wire.Spawned body) =>
        new(body.Request, Read(body.Pid), Short(body.Program, WireLimits.Name));

    public static Wire.SpawnRefused Write(NodeProtocol.SpawnRefused refused) =>
        new() { Request = refused.Request, Reason = (uint)refused.Reason, Detail = refused.Detail };

    public static NodeProtocol.SpawnRefused Read(Wire.SpawnRefused body) =>
        new(body.Request, Known<SpawnRefusal>(body.Reason), Short(body.Detail, WireLimits.Detail));

    public static Wire.ListProcessesHere Write(NodeProtocol.ListProcessesHere list) => new() { Request = list.Request };

    public static NodeProtocol.ListProcessesHere Read(Wire.ListProcessesHere body) => new(body.Request);

    public static Wire.Processes Write(NodeProtocol.Processes processes)
    {
        var body = new Wire.Processes
        {
            Request = processes.Request,
            Node = processes.Node,
            Omitted = (uint)processes.Omitted,
        };
        body.Rows.AddRange(processes.Rows.Select(Write));
        return body;
    }

    public static NodeProtocol.Processes Read(Wire.Processes body) => new(
        body.Request, AliasOf(body.Node), Many(body.Rows, WireLimits.Rows, Read), Count(body.Omitted, int.MaxValue));

    private static Wire.ProcessRow Write(ProcessRow row) => new()
    {
        Number = (uint)row.Number,
        Program = row.Program,
        State = (uint)row.State,
        Code = row.Code,
        Instructions = row.Instructions,
        Restarts = (uint)row.Restarts,
        AgeTicks = row.Age.Ticks,
    };

    private static ProcessRow Read(Wire.ProcessRow body) => new(
        Number(body.Number),
        Short(body.Program, WireLimits.Name),
        Known<ProcessState>(body.State),
        body.Code,
        NotNegative(body.Instructions),
        Count(body.Restarts, int.MaxValue),
        new TimeSpan(NotNegative(body.AgeTicks)));

    public static Wire.KillHere Write(NodeProtocol.KillHere kill) =>
        new() { Request = kill.Request, Number = (uint)kill.Number };

    public static NodeProtocol.KillHere Read(Wire.KillHere body) => new(body.Request, Number(body.Number));

    public static Wire.KillAnswer Write(NodeProtocol.KillAnswer answer) =>
        new() { Request = answer.Request, Pid = Write(answer.Pid), Outcome = (uint)answer.Outcome };

    public static NodeProtocol.KillAnswer Read(Wire.KillAnswer body) =>
        new(body.Request, Read(body.Pid), Known<KillOutcome>(body.Outcome));

    public static Wire.Printed Write(VmProtocol.Printed printed) => new() { Pid = Write(printed.Pid), Text = printed.Text };

    public static VmProtocol.Printed Read(Wire.Printed body) =>
        new(Read(body.Pid), Short(body.Text, WireLimits.Text));

    public static Wire.Started Write(VmProtocol.Started started) =>
        new() { Pid = Write(started.Pid), Program = started.Program, Run = (uint)started.Run };

    public static VmProtocol.Started Read(Wire.Started body) =>
        new(Read(body.Pid), Short(body.Program, WireLimits.Name), Number(body.Run));

    public static Wire.Ended Write(VmProtocol.Ended ended)
    {
        var body = new Wire.Ended
        {
            Pid = Write(ended.Pid),
            Program = ended.Program,
            State = (uint)ended.State,
            Code = ended.Code,
            Instructions = ended.Instructions,
        };
        if (ended.Crash is { } crash) body.Crash = Write(crash);
        if (ended.RestartsIn is { } pause) body.RestartsInTicks = pause.Ticks;
        return body;
    }

    public static VmProtocol.Ended Read(Wire.Ended body) => new(
        Read(body.Pid),
        Short(body.Program, WireLimits.Name),
        Known<ProcessState>(body.State),
        body.Code,
        NotNegative(body.Instructions),
        body.Crash is { } crash ? Read(crash) : null,
        body.HasRestartsInTicks ? new TimeSpan(NotNegative(body.RestartsInTicks)) : null);

    private static Wire.CrashNote Write(CrashNote note)
    {
        var body = new Wire.CrashNote
        {
            Reason = note.Reason,
            Address = (uint)note.Address,
            Instruction = note.Instruction,
        };
        body.Registers.AddRange(note.Registers);
        body.Floats.AddRange(note.Floats);
        body.Events.AddRange(note.Events.TakeLast(WireLimits.Events));
        return body;
    }

    private static CrashNote Read(Wire.CrashNote body) => new(
        Short(body.Reason, WireLimits.Detail),
        Count(body.Address, int.MaxValue),
        Short(body.Instruction, WireLimits.Detail),
        Many(body.Registers, WireLimits.Registers, register => register),
        Many(body.Floats, WireLimits.Registers, register => register),
        Many(body.Events, WireLimits.Events, text => Short(text, WireLimits.Detail)));

    private static Wire.Pid Write(Pid pid) => new() { Node = pid.Node, Number = (uint)pid.Number };

    private static Pid Read(Wire.Pid? body) => body is null
        ? throw Bad("a process without its number")
        : new Pid(AliasOf(body.Node), Number(body.Number));

    private static string AliasOf(string text) => Alias.IsValid(text) ? text : throw Bad("an alias that is none");

    private static string Short(string text, int limit) =>
        text.Length <= limit ? text : throw Bad($"a text of {text.Length} characters where {limit} are the most");

    private static int Number(uint value) => value == 0 ? throw Bad("a number 0") : Count(value, int.MaxValue);

    private static int Count(uint value, int limit) =>
        value <= limit ? (int)value : throw Bad($"{value} where {limit} is the most");

    private static long NotNegative(long value) => value >= 0 ? value : throw Bad("a negative count");

    private static TEnum Known<TEnum>(uint value)
        where TEnum : struct, Enum
    {
        var known = (TEnum)Enum.ToObject(typeof(TEnum), value);
        return Enum.IsDefined(known) ? known : throw Bad($"{value} as a {typeof(TEnum).Name}");
    }

    private static ImmutableArray<TTo> Many<TFrom, TTo>(IReadOnlyCollection<TFrom> values, int limit, Func<TFrom, TTo> read) =>
        values.Count <= limit ? [.. values.Select(read)] : throw Bad($"{values.Count} entries where {limit} are the most");

    private static WireRejectedException Bad(string what) => new(WireReject.BadValue, what);
}
