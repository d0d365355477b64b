using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Iridium.Actors.Protocol;
using Iridium.Vm.Assembly;
using Iridium.Vm.Execution;

namespace Iridium.Actors.Tests.Protocol;

public sealed class WireManifestTests
{
    private static readonly Guid RunId = new("00112233-4455-6677-8899-aabbccddeeff");

    private static readonly Pid Pid = new("node2", 3);

    internal static readonly CrashReport Crash = new()
    {
        Id = RunId,
        Result = new RunResult(Stop.Crashed, Fault.DivideByZero, 2, 77),
        Address = 72,
        Instruction = "div $0 $1 $2",
        Source = new SourceLine(72, "demo.iasm", 4),
        Registers = [.. Enumerable.Range(-16, 32)],
        FloatRegisters = [.. Enumerable.Range(0, 32).Select(number => number / 4.0), ],
        EqualFlag = true,
        Remainder = -1,
        LoopCounter = uint.MaxValue,
        BasePointer = 2,
        StackDepth = 5,
        StackTop = [1, -2, 3],
        HeapBytes = 64,
        FuelUsed = 77,
        Events = [new VmEvent(RunId, DateTimeOffset.UnixEpoch, VmEventKind.Start, 0)],
    };

    /// <summary>One of every letter, with everything in it that it can hold.</summary>
    private static readonly ImmutableArray<IWireMessage> Samples =
    [
        new ClusterProtocol.Hello("node1", long.MaxValue, true, 9),
        new ClusterProtocol.HelloAck("node1", 7, [new("node2", "127.0.0.1", 2254), new("node3", "h", 65535)], 9),
        new ClusterProtocol.HelloRefused(JoinRefusal.AliasTaken, "akka.tcp://iridium@h:1", 9),
        new NodeProtocol.SpawnHere(
            1, new ProgramFile("a.iasm", new byte[] { 1, 2, 0, 255 }, RestartPolicy.Always, ["x", ""])),
        new NodeProtocol.Spawned(2, Pid, "a.iasm"),
        new NodeProtocol.SpawnRefused(3, SpawnRefusal.NodeFull, "10000"),
        new NodeProtocol.ListProcessesHere(-4),
        new NodeProtocol.Processes(
            5, "node2", [new(3, "ü 🎉", ProcessState.Crashed, -2, long.MaxValue, 4, TimeSpan.FromTicks(12345))], 6),
        new NodeProtocol.KillHere(7, 3),
        new NodeProtocol.KillAnswer(8, Pid, ProcessOutcome.NoSuchProcess),
        new VmProtocol.Printed(Pid, "some\ttext\n"),
        new VmProtocol.Started(Pid, "a.iasm", 2),
        new VmProtocol.Ended(Pid, "a.iasm", ProcessState.Crashed, 2, 77, Crash, TimeSpan.FromSeconds(1)),
        new NodeProtocol.InspectHere(10, 3, 20),
        new NodeProtocol.Inspected(11, Pid, "a.iasm", ProcessState.Running, ["    72  inc $0   $0=1"], Crash),
    ];

    [Fact]
    public void Every_letter_comes_back_as_it_was_sent()
    {
        foreach (IWireMessage letter in Samples)
        {
            byte[] body = WireManifest.Encode(letter);
            IWireMessage back = WireManifest.Decode(WireManifest.ManifestOf(letter), body);
            Assert.IsType(letter.GetType(), back);
            Assert.Equal(body, WireManifest.Encode(back));
        }
        var ended = (VmProtocol.Ended)Back(Samples[12]);
        Assert.Equal(Crash.ToText(), ended.Crash!.ToText());
        Assert.Equal(TimeSpan.FromSeconds(1), ended.RestartsIn);
        Assert.Null(((VmProtocol.Ended)Back(ended with { Crash = null, RestartsIn = null })).Crash);
    }

    [Fact]
    public void There_is_a_sample_and_a_number_for_every_letter()
    {
        IEnumerable<Type> letters = typeof(IWireMessage).Assembly.GetTypes()
            .Where(type => type.IsClass && type.IsAssignableTo(typeof(IWireMessage)));
        Assert.Equal(
            letters.OrderBy(type => type.FullName),
            WireManifest.Letters.Select(letter => letter.Type).OrderBy(type => type.FullName));
        Assert.Equal(WireManifest.Letters.Select(letter => letter.Type), Samples.Select(sample => sample.GetType()));
    }

    /// <summary>A number that was once on the wire keeps its meaning: nodes of different versions meet in one cluster.
    /// A new letter gets a new line at the end.</summary>
    [Fact]
    public void Numbers_and_bodies_stay_what_they_are() => Golden.Expect(
        string.Concat(Samples
            .Select(sample => (sample, hex: Convert.ToHexString(WireManifest.Encode(sample))))
            .Select(row => $"{WireManifest.ManifestOf(row.sample)} {row.sample.GetType().Name} {row.hex}\n")),
        "wire.txt");

    [Fact]
    public void Only_letters_of_the_list_are_written_or_read()
    {
        Assert.Equal(WireReject.UnknownMessage, Reject(() => WireManifest.Encode("text")));
        Assert.Equal(WireReject.UnknownManifest, Reject(() => WireManifest.Decode("0", [])));
        Assert.Equal(WireReject.UnknownManifest, Reject(() => WireManifest.Decode("System.Diagnostics.Process", [])));
        Assert.Equal(WireReject.Malformed, Reject(() => WireManifest.Decode("1", [0xff])));
    }

    [Theory]
    [InlineData("2", "0A036120621000")] // HelloAck of `a b`
    [InlineData("3", "08E807")] // reason 1000
    [InlineData("4", "20E807")] // restart 1000
    [InlineData("5", "")] // no pid
    [InlineData("9", "")] // number 0
    [InlineData("11", "0A050A01611001" + "1281")] // cut
    public void What_no_node_writes_is_refused(string manifest, string body) =>
        Assert.NotEqual(default, Reject(() => WireManifest.Decode(manifest, Convert.FromHexString(body))));

    [Fact]
    public void What_is_shown_in_one_line_stays_in_one_line()
    {
        var refused = new NodeProtocol.SpawnRefused(1, SpawnRefusal.BadImage, "no\n>>> \u001b[2J");
        Assert.Equal("no\\u000A>>> \\u001B[2J", ((NodeProtocol.SpawnRefused)Back(refused)).Detail);
        Assert.Equal("a\nb", ((VmProtocol.Printed)Back(new VmProtocol.Printed(Pid, "a\nb"))).Text);
    }

    [Fact]
    public void Any_body_is_read_or_refused_by_name() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(5_000),
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), (byte[] body) =>
        {
            foreach (WireLetter letter in WireManifest.Letters) DecodeOrRefuse(letter.Manifest, body);
            return true;
        }));

    [Fact]
    public void Any_change_of_a_true_body_is_read_or_refused_by_name()
    {
        var chance = new Random(4077);
        for (int round = 0; round < 20_000; round++)
        {
            IWireMessage sample = Samples[round % Samples.Length];
            byte[] body = WireManifest.Encode(sample);
            for (int changes = chance.Next(1, 4); changes > 0; changes--)
                body[chance.Next(body.Length)] = (byte)chance.Next(256);
            if (chance.Next(4) == 0) body = body[..chance.Next(body.Length)];
            DecodeOrRefuse(WireManifest.ManifestOf(sample), body);
        }
    }

    private static void DecodeOrRefuse(string manifest, byte[] body)
    {
        try
        {
            IWireMessage letter = WireManifest.Decode(manifest, body);
            _ = WireManifest.Encode(letter);
        }
        catch (WireRejectedException rejected)
        {
            Assert.True(Enum.IsDefined(rejected.Reason));
        }
    }

    private static IWireMessage Back(IWireMessage letter) =>
        WireManifest.Decode(WireManifest.ManifestOf(letter), WireManifest.Encode(letter));

    private static WireReject Reject(Action action) => Assert.Throws<WireRejectedException>(action).Reason;
}
