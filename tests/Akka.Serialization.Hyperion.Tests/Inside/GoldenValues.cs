using System.Collections.Immutable;
using System.Text.Json;
using Golden;

namespace Akka.Serialization.Hyperion.Tests.Inside;

/// <summary>The values that the real library wrote for <c>Captures/hyperion.jsonl</c>, by their names there.</summary>
internal static class GoldenValues
{
    private static readonly Poco Same = new() { Id = 1, Name = "n" };

    public static IReadOnlyDictionary<string, object> All { get; } = new Dictionary<string, object>
    {
        ["int"] = 42,
        ["long"] = -2L,
        ["short"] = (short)-3,
        ["byte"] = (byte)200,
        ["sbyte"] = (sbyte)-5,
        ["ushort"] = ushort.MaxValue,
        ["uint"] = 4_000_000_000,
        ["ulong"] = ulong.MaxValue,
        ["bool"] = true,
        ["char"] = 'A',
        ["float"] = 1.5f,
        ["double"] = -0.25,
        ["decimal"] = -123.45m,
        ["string"] = "hello",
        ["string-empty"] = "",
        ["string-253"] = new string('a', 253),
        ["string-254"] = new string('a', 254),
        ["guid"] = new Guid("00112233-4455-6677-8899-aabbccddeeff"),
        ["datetime-utc"] = new DateTime(2024, 1, 2, 3, 4, 5, DateTimeKind.Utc),
        ["datetimeoffset"] = new DateTimeOffset(2024, 1, 2, 3, 4, 5, TimeSpan.FromHours(2)),
        ["timespan"] = TimeSpan.FromSeconds(1.5),
        ["type"] = typeof(string),
        ["object"] = new object(),
        ["byte[]"] = new byte[] { 1, 2, 3 },
        ["int[]"] = new[] { 1, 2, 3 },
        ["bool[]"] = new[] { true, false },
        ["string[]"] = new[] { "a", null, "b" },
        ["object[]"] = new object?[] { 1, "a", null, new Poco { Id = 1, Name = "n" } },
        ["Poco[]"] = new[] { new Poco { Id = 1, Name = "n" }, new Poco { Id = 2, Name = "m" } },
        ["Poco[]-same"] = new[] { Same, Same },
        ["int[,]"] = new[,] { { 1, 2 }, { 3, 4 } },
        ["poco"] = new Poco { Id = 7, Name = "x", Score = 1.5 },
        ["poco-null"] = new Poco { Id = 7 },
        ["fields"] = new Derived(),
        ["struct"] = new P { X = 1, Y = 2 },
        ["record"] = new Rec(5, "r"),
        ["record-equal-pair"] = new Pair(new Rec(5, "r"), new Rec(5, "r")),
        ["record-struct"] = new RS(9),
        ["enum"] = DayOfWeek.Friday,
        ["nullable-field"] = new Nul { V = 3 },
        ["nullable-field-null"] = new Nul(),
        ["cycle"] = Cycle(),
        ["List<int>"] = new List<int> { 1, 2 },
        ["List<string>"] = new List<string> { "a", "b" },
        ["List<Poco>"] = new List<Poco> { new() { Id = 1, Name = "n" } },
        ["HashSet<string>"] = new HashSet<string> { "a" },
        ["Queue<int>"] = new Queue<int>([1, 2]),
        ["Dictionary<string,int>"] = new Dictionary<string, int> { ["a"] = 1, ["b"] = 2 },
        ["SortedDictionary<string,int>"] = new SortedDictionary<string, int> { ["a"] = 1 },
        ["ImmutableList<int>"] = ImmutableList.Create(1, 2),
        ["ImmutableArray<int>"] = ImmutableArray.Create(1, 2),
        ["ImmutableDictionary<string,int>"] = ImmutableDictionary<string, int>.Empty.Add("a", 1),
        ["ImmutableHashSet<string>"] = ImmutableHashSet.Create("a"),
        ["ImmutableSortedSet<int>"] = ImmutableSortedSet.Create(2, 1),
        ["ImmutableQueue<int>"] = ImmutableQueue.Create(1, 2),
        ["ImmutableStack<int>"] = ImmutableStack<int>.Empty.Push(1).Push(2),
        ["Tuple"] = Tuple.Create(1, "a"),
        ["ValueTuple"] = (1, "a"),
        ["exception"] = new InvalidOperationException("boom"),
        ["nested"] = new Order
        {
            No = "o1",
            Lines = [new Poco { Id = 1, Name = "a" }, new Poco { Id = 2, Name = "b" }],
            Map = new Dictionary<string, int> { ["k"] = 1 },
            Tags = ["x", "y"],
        },
    };

    /// <summary>Name, and the bytes of the real library.</summary>
    public static IEnumerable<(string Name, byte[] Bytes)> Captured(string file)
    {
        foreach (string line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Captures", file)))
        {
            using JsonDocument row = JsonDocument.Parse(line);
            yield return (row.RootElement.GetProperty("name").GetString()!,
                Convert.FromHexString(row.RootElement.GetProperty("hex").GetString()!));
        }
    }

    private static Node Cycle()
    {
        var node = new Node { V = 1 };
        node.Next = node;
        return node;
    }
}
