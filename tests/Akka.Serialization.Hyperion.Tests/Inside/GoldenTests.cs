using System.Collections;
using System.Collections.Immutable;
using System.Text;
using Akka.Actor;
using Golden;

namespace Akka.Serialization.Hyperion.Tests.Inside;

/// <summary>What the real library wrote is read, and what we write for the same value are its bytes.</summary>
public sealed class GoldenTests(Hyperions hyperion) : IClassFixture<Hyperions>
{
    public static TheoryData<string> Names => [.. GoldenValues.Captured("hyperion.jsonl").Select(row => row.Name)];

    [Fact]
    public void There_are_sixty_and_each_has_its_value()
    {
        string[] names = [.. GoldenValues.Captured("hyperion.jsonl").Select(row => row.Name)];

        Assert.Equal(60, names.Length);
        Assert.Equal(names.Order(), GoldenValues.All.Keys.Order());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_golden_value_is_written_to_the_captured_bytes(string name)
    {
        byte[] captured = GoldenValues.Captured("hyperion.jsonl").Single(row => row.Name == name).Bytes;

        Assert.Equal(Comparable(captured), Comparable(hyperion.Write(GoldenValues.All[name])));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_captured_bytes_are_read_to_the_golden_value(string name)
    {
        byte[] captured = GoldenValues.Captured("hyperion.jsonl").Single(row => row.Name == name).Bytes;
        object expected = GoldenValues.All[name];

        object? read = hyperion.Read(captured);

        Assert.Equal(expected.GetType(), read!.GetType());
        switch (expected)
        {
            case Node:
                var node = (Node)read;
                Assert.Same(node, node.Next);
                Assert.Equal(1, node.V);
                break;
            case Exception failure:
                Assert.Equal(failure.Message, ((Exception)read).Message);
                break;
            case Array { Rank: 2 } grid:
                Assert.Equal(grid.Cast<int>(), ((Array)read).Cast<int>());
                break;
            case IEnumerable and not string when name != "object[]":
                Assert.Equivalent(((IEnumerable)expected).Cast<object>(), ((IEnumerable)read).Cast<object>(), strict: true);
                break;
            default:
                Assert.Equivalent(expected, read, strict: true);
                break;
        }

        Assert.Equal(Comparable(captured), Comparable(hyperion.Write(read)));
    }

    [Fact]
    public void The_same_object_twice_is_one_again()
    {
        byte[] captured = GoldenValues.Captured("hyperion.jsonl").Single(row => row.Name == "Poco[]-same").Bytes;
        var read = Assert.IsType<Poco[]>(hyperion.Read(captured));
        Assert.Same(read[0], read[1]);
    }

    [Fact]
    public void Captured_messages_are_read_and_written_again()
    {
        int count = 0;
        foreach ((string name, byte[] captured) in GoldenValues.Captured("hyperion-frames.jsonl"))
        {
            Assert.Equal((name, Comparable(captured)), (name, Comparable(hyperion.Write(hyperion.Read(captured)))));
            count++;
        }

        Assert.Equal(7, count);
    }

    [Fact]
    public void Captured_messages_read_as_recorded()
    {
        Dictionary<string, object?> read = GoldenValues.Captured("hyperion-frames.jsonl")
            .ToDictionary(row => row.Name, row => hyperion.Read(row.Bytes));

        Assert.Equal(true, read["b: bool"]);
        Assert.Equal(1.5, read["b: double"]);
        Assert.Equal(Address.Parse("akka.tcp://Cap@127.0.0.1:8082"), read["b: Address (surrogate)"]);
        Assert.Equivalent(new Cap.Poco
        {
            Id = 7, Name = "x", Score = 1.5, When = new DateTime(2024, 1, 2, 3, 4, 5, DateTimeKind.Utc),
            Items = ["a", "b"], Map = new Dictionary<string, int> { ["k"] = 1 },
        }, read["b: POCO"]);
        Assert.Equal(
            new Cap.Rec(5, "r", 2.5m, 1.25f, new Guid("00112233-4455-6677-8899-aabbccddeeff"), DayOfWeek.Friday),
            read["b: record"]);
        var withRef = Assert.IsType<Cap.WithRef>(read["b: record with IActorRef (surrogate) and object[]"]);
        Assert.Equal([1, "a", 2L], withRef.Mixed);
        Assert.Equal(3, withRef.N);
        Assert.Equal("akka.tcp://Cap@127.0.0.1:8082/user/echo", withRef.Who.Path.ToString());
        var immutable = Assert.IsType<Cap.Imm>(read["b: record with ImmutableList and ImmutableDictionary"]);
        Assert.Equal(["x", "y"], immutable.Tags);
        Assert.Equal(ImmutableDictionary<string, int>.Empty.Add("a", 1), immutable.Map);
    }

    /// <summary>The bytes as text, without the names of fields that types of the framework list: what these are is the
    /// framework's affair and nobody reads them. Those of other types stay.</summary>
    private static string Comparable(byte[] bytes)
    {
        var text = new StringBuilder();
        for (int at = 0; at < bytes.Length; at++)
        {
            text.Append(bytes[at].ToString("X2"));
            if (bytes[at] != 0xFB || at + 5 > bytes.Length) continue;
            int length = BitConverter.ToInt32(bytes, at + 1);
            if (length is < 7 or > 1000 || at + 5 + length >= bytes.Length) continue;
            string name = Encoding.UTF8.GetString(bytes, at + 5, length);
            if (!name.StartsWith("System.", StringComparison.Ordinal)) continue;
            text.Append(name);
            at += 5 + length;
            int fields = bytes[at];
            for (int field = 0; field < fields; field++) at += 4 + BitConverter.ToInt32(bytes, at + 1);
        }

        return text.ToString();
    }
}
