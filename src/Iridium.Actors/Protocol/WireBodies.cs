using System.Collections.Immutable;
using Google.Protobuf;
using static Iridium.Actors.Protocol.WireValues;

namespace Iridium.Actors.Protocol;

/// <summary>Turns each letter into its body and back. Writing trusts; reading doubts every value, since the sender may
/// be anyone, and refuses with <see cref="WireRejectedException"/> what no node of ours would have written.</summary>
internal static class WireBodies
{
    public static Wire.Hello Write(ClusterProtocol.Hello hello) =>
        new() { Alias = hello.Alias, Uid = hello.Uid, Joining = hello.Joining, Attempt = hello.Attempt };

    // The alias is checked by whoever answers, who can then say so to the sender.
    public static ClusterProtocol.Hello Read(Wire.Hello body) =>
        new(Line(body.Alias, WireLimits.Name), body.Uid, body.Joining, body.Attempt);

    public static Wire.HelloAck Write(ClusterProtocol.HelloAck ack)
    {
        var body = new Wire.HelloAck { Alias = ack.Alias, Uid = ack.Uid, Attempt = ack.Attempt };
        body.Nodes.AddRange(ack.Nodes.Take(WireLimits.NodesSent).Select(Write));
        return body;
    }

    public static ClusterProtocol.HelloAck Read(Wire.HelloAck body) =>
        new(AliasOf(body.Alias), body.Uid, Many(body.Nodes, WireLimits.Nodes, Read), body.Attempt);

    private static Wire.NodeAddress Write(NodeAddress node) =>
        new() { Alias = node.Alias, Host = node.Host, Port = (uint)node.Port };

    private static NodeAddress Read(Wire.NodeAddress body) =>
        new(AliasOf(body.Alias), Line(body.Host, WireLimits.Name), Count(body.Port, 65535));

    public static Wire.HelloRefused Write(ClusterProtocol.HelloRefused refused) =>
        new() { Reason = (uint)refused.Reason, Detail = refused.Detail, Attempt = refused.Attempt };

    public static ClusterProtocol.HelloRefused Read(Wire.HelloRefused body) =>
        new(Known<JoinRefusal>(body.Reason), Line(body.Detail, WireLimits.Detail), body.Attempt);

    public static Wire.SpawnHere Write(NodeProtocol.SpawnHere spawn)
    {
        var body = new Wire.SpawnHere
        {
            Request = spawn.Request,
            Name = spawn.Program.Name,
            Image = ByteString.CopyFrom(spawn.Program.Image.Span),
            Restart = (uint)spawn.Program.Restart,
        };
        body.Arguments.AddRange(spawn.Program.Arguments);
        return body;
    }

    public static NodeProtocol.SpawnHere Read(Wire.SpawnHere body) => new(
        body.Request,
        new ProgramFile(
            Line(body.Name, WireLimits.Name),
            body.Image.Memory,
            Known<RestartPolicy>(body.Restart),
            Many(body.Arguments, WireLimits.Arguments, text => Line(text, WireLimits.Detail))));

    public static Wire.Spawned Write(NodeProtocol.Spawned spawned) =>
        new() { Request = spawned.Request, Pid = Write(spawned.Pid), Program = spawned.Program };

    public static NodeProtocol.Spawned Read(Wire.Spawned body) =>
        new(body.Request, Read(body.Pid), Line(body.Program, WireLimits.Name));

    public static Wire.SpawnRefused Write(NodeProtocol.SpawnRefused refused) =>
        new() { Request = refused.Request, Reason = (uint)refused.Reason, Detail = refused.Detail };

    public static NodeProtocol.SpawnRefused Read(Wire.SpawnRefused body) =>
        new(body.Request, Known<SpawnRefusal>(body.Reason), Line(body.Detail, WireLimits.Detail));

    public static Wire.ListProcessesHere Write(NodeProtocol.ListProcessesHere list) =>
        new() { Request = list.Request };

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
        Line(body.Program, WireLimits.Name),
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
        new(body.Request, Read(body.Pid), Known<ProcessOutcome>(body.Outcome));

    public static Wire.Printed Write(VmProtocol.Printed printed) =>
        new() { Pid = Write(printed.Pid), Text = printed.Text };

    public static VmProtocol.Printed Read(Wire.Printed body) =>
        new(Read(body.Pid), Short(body.Text, WireLimits.Text));

    public static Wire.Started Write(VmProtocol.Started started) =>
        new() { Pid = Write(started.Pid), Program = started.Program, Run = (uint)started.Run };

    public static VmProtocol.Started Read(Wire.Started body) =>
        new(Read(body.Pid), Line(body.Program, WireLimits.Name), Number(body.Run));

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
        if (ended.Crash is { } crash) body.Crash = WireReports.Write(crash);
        if (ended.RestartsIn is { } pause) body.RestartsInTicks = pause.Ticks;
        return body;
    }

    public static VmProtocol.Ended Read(Wire.Ended body) => new(
        Read(body.Pid),
        Line(body.Program, WireLimits.Name),
        Known<ProcessState>(body.State),
        body.Code,
        NotNegative(body.Instructions),
        body.Crash is { } crash ? WireReports.Read(crash) : null,
        body.HasRestartsInTicks ? new TimeSpan(NotNegative(body.RestartsInTicks)) : null);

    public static Wire.InspectHere Write(NodeProtocol.InspectHere inspect) =>
        new() { Request = inspect.Request, Number = (uint)inspect.Number, Steps = (uint)inspect.Steps };

    public static NodeProtocol.InspectHere Read(Wire.InspectHere body) =>
        new(body.Request, Number(body.Number), Count(body.Steps, WireLimits.Steps));

    public static Wire.Inspected Write(NodeProtocol.Inspected inspected)
    {
        var body = new Wire.Inspected
        {
            Request = inspected.Request,
            Pid = Write(inspected.Pid),
            Program = inspected.Program,
            State = (uint)inspected.State,
            Report = WireReports.Write(inspected.Report),
        };
        body.Trace.AddRange(inspected.Trace.Take(WireLimits.Steps));
        return body;
    }

    public static NodeProtocol.Inspected Read(Wire.Inspected body) => new(
        body.Request,
        Read(body.Pid),
        Line(body.Program, WireLimits.Name),
        Known<ProcessState>(body.State),
        Many(body.Trace, WireLimits.Steps, line => Line(line, WireLimits.Detail)),
        body.Report is { } report ? WireReports.Read(report) : throw Bad("an inspection without its report"));

    private static Wire.Pid Write(Pid pid) => new() { Node = pid.Node, Number = (uint)pid.Number };

    private static Pid Read(Wire.Pid? body) => body is null
        ? throw Bad("a process without its number")
        : new Pid(AliasOf(body.Node), Number(body.Number));
}
