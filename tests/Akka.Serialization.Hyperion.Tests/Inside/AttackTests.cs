using System.Collections.Immutable;
using System.Text;
using Golden;

namespace Akka.Serialization.Hyperion.Tests.Inside;

public sealed record Chain(int Number)
{
    public Chain? Next { get; set; }
}

public sealed class Bag
{
    public HashSet<Chain>? Chains;
    public Bag? Again;
    public ImmutableList<object>? Things;
}

public sealed class Level
{
    public object? Below;
}

/// <summary>Bytes that nobody honest writes, and values that nobody should send: each costs itself, by
/// name.</summary>
public sealed class AttackTests(Hyperions hyperion) : IClassFixture<Hyperions>
{
    private const string ObjectArray = "System.Object[], System.Private.CoreLib,%core%";
    private const string ListOfInt =
        "System.Collections.Generic.List`1[[System.Int32, System.Private.CoreLib,%core%]], System.Private.CoreLib,%core%";
    private const string Numbers =
        "System.Collections.Generic.Dictionary`2[[System.Int32, System.Private.CoreLib,%core%]," +
        "[System.Int32, System.Private.CoreLib,%core%]], System.Private.CoreLib,%core%";

    private HyperionReject Rejected(params byte[][] parts) =>
        Assert.Throws<HyperionException>(() => hyperion.Read([.. parts.SelectMany(part => part)])).Reason;

    private static byte[] Typed(string name) =>
        [255, .. BitConverter.GetBytes(Encoding.UTF8.GetByteCount(name)), .. Encoding.UTF8.GetBytes(name)];

    private static byte[] Int(int number) => BitConverter.GetBytes(number);

    [Fact]
    public void Every_golden_value_cut_short_is_rejected_by_name()
    {
        foreach ((string name, byte[] bytes) in GoldenValues.Captured("hyperion.jsonl"))
        {
            for (int length = 0; length < bytes.Length; length++)
            {
                Exception? failure = Record.Exception(() => hyperion.Read(bytes[..length]));
                bool named = failure is HyperionException
                {
                    Reason: HyperionReject.Truncated or HyperionReject.CountOutOfRange,
                };
                Assert.True(named, $"{name} cut to {length} bytes: {failure}");
            }
        }
    }

    [Fact]
    public void What_is_left_over_is_rejected() => Assert.Equal(HyperionReject.Leftover, Rejected([6, 1, 0]));

    [Theory]
    [InlineData(21)]
    [InlineData(100)]
    [InlineData(250)]
    public void A_manifest_of_nothing_is_rejected(byte manifest) =>
        Assert.Equal(HyperionReject.UnknownManifest, Rejected([manifest]));

    [Fact]
    public void An_array_of_no_primitive_is_rejected()
    {
        Assert.Equal(HyperionReject.UnknownManifest, Rejected([252, 9, 1, 0, 0, 0, 0]));
        Assert.Equal(HyperionReject.UnknownManifest, Rejected([252, 16, 1, 0, 0, 0, 0]));
    }

    public static TheoryData<string, byte[]> HugeCounts()
    {
        byte[][] fronts =
        [
            [9], [7, 255], [16, 255], [251], [255], [252, 8], [252, 7], [252, 14], Typed(ObjectArray), Typed(ListOfInt),
            Typed(Numbers), Typed("System.Int32[,], System.Private.CoreLib,%core%"), Typed("Golden.P[], golden"),
            Typed("System.Collections.Immutable.ImmutableList`1[[System.Int32, mscorlib]], System.Collections.Immutable"),
            [251, .. Typed("Golden.P, golden")[1..], 1],
        ];
        TheoryData<string, byte[]> rows = [];
        foreach (byte[] front in fronts)
        {
            foreach (int count in new[] { int.MaxValue, 1_000_000, 100, -1, int.MinValue })
            {
                rows.Add($"{count} after {Convert.ToHexString(front)}", [.. front, .. Int(count), .. Int(count)]);
            }
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(HugeCounts))]
    public void A_count_that_the_bytes_cannot_hold_allocates_nothing(string _, byte[] bytes)
    {
        Assert.Throws<HyperionException>(() => hyperion.Read(bytes)); // Once before, for what is allocated once only.
        long before = GC.GetAllocatedBytesForCurrentThread();
        var failure = Assert.Throws<HyperionException>(() => hyperion.Read(bytes));
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(HyperionReject.CountOutOfRange, failure.Reason);
        Assert.True(allocated < 50_000, $"{allocated} bytes");
    }

    [Fact]
    public void A_grid_cannot_multiply_itself_out_of_its_bytes()
    {
        const string Cube = "System.Byte[,,], System.Private.CoreLib,%core%";
        Assert.Equal(HyperionReject.CountOutOfRange, Rejected(Typed(Cube), Int(0), Int(65_536), Int(65_536)));
        byte[] room = new byte[100];
        Assert.Equal(HyperionReject.CountOutOfRange, Rejected(Typed(Cube), Int(90), Int(90), Int(90), room));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    public void A_reference_to_what_has_not_come_is_rejected(int number)
    {
        Assert.Equal(HyperionReject.UnknownReference, Rejected([253], Int(number)));
        if (number == 0) return; // The array itself.
        Assert.Equal(HyperionReject.UnknownReference, Rejected(Typed(ObjectArray), Int(1), [253], Int(number)));
    }

    [Fact]
    public void A_number_of_no_type_is_rejected()
    {
        Assert.Equal(HyperionReject.UnknownTypeNumber, Rejected([254, 0, 0]));
        Assert.Equal(HyperionReject.UnknownTypeNumber, Rejected(Typed(ObjectArray), Int(1), [254, 1, 0]));
    }

    [Fact]
    public void An_array_in_an_array_a_hundred_thousand_deep_is_rejected()
    {
        byte[] one = [254, 0, 0, .. Int(1)];
        byte[] deep = [.. Typed(ObjectArray), .. Int(1),
            .. Enumerable.Repeat(one, 100_000).SelectMany(part => part), 0];
        Assert.Equal(HyperionReject.TooDeep, Rejected(deep));
    }

    [Fact]
    public void A_value_a_hundred_thousand_deep_is_not_written()
    {
        object? deep = null;
        for (int i = 0; i < 100_000; i++) deep = new Level { Below = deep };
        var failure = Assert.Throws<HyperionException>(() => hyperion.Write(deep));
        Assert.Equal(HyperionReject.TooDeep, failure.Reason);
    }

    [Fact]
    public void The_deepest_nesting_travels_and_one_more_does_not()
    {
        object? deep = null;
        for (int i = 0; i < HyperionSerializer.DeepestNesting; i++) deep = new Level { Below = deep };
        var read = (Level?)hyperion.Again(deep);
        int levels = 0;
        for (; read is not null; read = (Level?)read.Below) levels++;
        Assert.Equal(HyperionSerializer.DeepestNesting, levels);
        Assert.Throws<HyperionException>(() => hyperion.Write(new Level { Below = deep }));
    }

    [Fact]
    public void A_small_stack_is_noticed_before_it_ends()
    {
        byte[] bytes = hyperion.Write(Nested(HyperionSerializer.DeepestNesting));
        Exception? failure = null;
        var thread = new Thread(() => failure = Record.Exception(() => hyperion.Read(bytes)), 192 * 1024);
        thread.Start();
        thread.Join();
        Assert.True(failure is null or HyperionException { Reason: HyperionReject.TooDeep }, $"{failure}");

        static object? Nested(int depth)
        {
            object? deep = null;
            for (int i = 0; i < depth; i++) deep = new object?[] { deep };
            return deep;
        }
    }

    [Fact]
    public void A_set_that_holds_what_contains_itself_is_rejected_before_it_is_hashed()
    {
        var chain = new Chain(1);
        var bag = new Bag { Chains = [chain] };
        chain.Next = chain; // Its hash would never end now; the set has it already.
        Assert.Equal(HyperionReject.KeyTooLarge, Rejected(hyperion.Write(bag)));
    }

    [Fact]
    public void A_set_that_holds_a_long_chain_of_references_is_rejected_before_it_is_hashed()
    {
        // Each link is read at depth two, and refers to the one before it.
        Chain? last = null;
        List<object> links = [];
        var bag = new Bag();
        for (int i = 0; i < 5_000; i++) links.Add(last = new Chain(i) { Next = last });
        Chain head = new(-1);
        bag.Chains = [head];
        head.Next = last;
        byte[] bytes = hyperion.Write(new object[] { links.ToArray(), bag });
        Assert.Equal(HyperionReject.KeyTooLarge, Rejected(bytes));
    }

    [Fact]
    public void A_key_that_unfolds_to_more_than_there_is_in_the_world_is_rejected()
    {
        var doubled = new (object?, object?)[60];
        for (int i = 1; i < doubled.Length; i++) doubled[i] = (doubled[i - 1], doubled[i - 1]);
        object[] boxes = [.. doubled.Cast<object>()];
        object? tower = null;
        foreach (object _ in boxes) tower = Tuple.Create(tower, tower);
        var dictionary = new Dictionary<object, int>(ReferenceEqualityComparer.Instance) { [tower!] = 1 };
        Assert.Equal(HyperionReject.KeyTooLarge, Rejected(hyperion.Write(dictionary)));
    }

    [Theory]
    [InlineData("System.Collections.DictionaryEntry, mscorlib", "_value", "_key")]
    [InlineData("System.Collections.DictionaryEntry, mscorlib", "nothing", "_key")]
    [InlineData("System.Collections.Generic.KeyValuePair`2[[System.Object, mscorlib],[System.Object, mscorlib]], mscorlib",
        "value", "key")]
    public void A_key_that_contains_itself_is_rejected_wherever_the_bytes_list_it(string pair, string first, string second)
    {
        // The dictionary is object 0, its entry 1, the key 2.
        byte[] key = [.. Typed("System.Tuple`1[[System.Object, mscorlib]], mscorlib"), 253, .. Int(2)];
        Assert.Equal(HyperionReject.KeyTooLarge, Rejected(
            Typed("System.Collections.Generic.Dictionary`2[[System.Object, mscorlib],[System.Object, mscorlib]], mscorlib"),
            Int(1), Listed(pair, first, second), [0], key));
    }

    [Fact]
    public void An_aggregate_whose_causes_double_at_every_level_costs_what_its_bytes_do()
    {
        // Each array has two aggregates, and the causes of both are the array before.
        byte[] aggregate = Typed("System.AggregateException, mscorlib");
        List<byte> bytes = [.. Typed(ObjectArray), .. Int(23), .. Causes(), .. Int(1),
            .. Typed("System.Exception, mscorlib"), 0, .. Text("x"), 0, 0, 0];
        for (int level = 1; level <= 22; level++)
        {
            bytes.AddRange([.. Causes(), .. Int(2)]);
            for (int i = 0; i < 2; i++)
            {
                bytes.AddRange([.. aggregate, 0, .. Text("y"), 0, 0, 0, 0, 0, .. Int(0), 0, .. Int(0), 0, 253,
                    .. Int(level)]);
            }
        }

        var read = (object[])hyperion.Read([.. bytes])!;
        Assert.InRange(((Exception[])read[22])[0].ToString().Length, 1, 100_000);

        static byte[] Causes() => Typed("System.Exception[], mscorlib");
        static byte[] Text(string text) => [(byte)(text.Length + 1), .. Encoding.UTF8.GetBytes(text)];
    }

    private static byte[] Listed(string name, params string[] fields)
    {
        byte[] typed = Typed(name);
        typed[0] = 251;
        return [.. typed, (byte)fields.Length, .. fields.SelectMany(field =>
            (byte[])[.. Int(field.Length), .. Encoding.UTF8.GetBytes(field)])];
    }

    [Fact]
    public void A_value_in_the_wrong_place_is_rejected()
    {
        Assert.Equal(HyperionReject.WrongType, Rejected(Typed("Golden.Rec, golden"), [7, 2, 65], [7, 2, 65]));
        Assert.Equal(HyperionReject.WrongType, Rejected(Typed("Golden.P, golden"), [0, 0]));
        Assert.Equal(HyperionReject.WrongType, Rejected(Typed("Golden.Poco[], golden"), Int(1), [8, 1, 0, 0, 0]));
        Assert.Equal(HyperionReject.WrongType, Rejected(Typed(ListOfInt), Int(1), [7, 2, 65]));
        Assert.Equal(HyperionReject.WrongType, Rejected(Typed(Numbers), Int(1), [7, 2, 65]));
        Assert.Equal(HyperionReject.WrongType, Rejected(Typed(Numbers), Int(2), Entry(1), Entry(1)));
        Assert.Equal(HyperionReject.WrongType, Rejected(Typed("System.String, mscorlib"), [7, 2, 65]));
        Assert.Equal(HyperionReject.WrongType, Rejected(
            Typed("System.Exception, mscorlib"), [0, 0, 0, 0], [8, 1, 0, 0, 0]));

        static byte[] Entry(int key) => [.. Typed("System.Collections.DictionaryEntry, mscorlib"),
            8, .. Int(key), 8, .. Int(key)];
    }

    [Fact]
    public void Numbers_that_are_no_dates_and_no_decimals_are_rejected()
    {
        byte[] ones = [.. Enumerable.Repeat((byte)0xFF, 16)];
        Assert.Equal(HyperionReject.ValueOutOfRange, Rejected([5, 0, 0, 0, 0, 0, 0, 0, 0, 9]));
        Assert.Equal(HyperionReject.ValueOutOfRange, Rejected([5], ones[..9]));
        Assert.Equal(HyperionReject.ValueOutOfRange, Rejected([10], ones));
        Assert.Equal(HyperionReject.ValueOutOfRange, Rejected([10], new byte[8], BitConverter.GetBytes(long.MinValue)));
        Assert.Equal(HyperionReject.ValueOutOfRange, Rejected([14], ones));
    }

    [Fact]
    public void What_means_nothing_elsewhere_is_neither_written_nor_read()
    {
        object[] values = [() => 1, Task.CompletedTask, typeof(string).GetMethods()[0], new MemoryStream(), Thread.CurrentThread];
        foreach (object value in values)
        {
            var failure = Assert.Throws<HyperionException>(() => hyperion.Write(new object[] { value }));
            Assert.Equal(HyperionReject.Unportable, failure.Reason);
        }

        using var unwise = new Hyperions(Hyperions.Everything.Replace("\"Golden.*", "\"System.*, System.Private.CoreLib\", \"Golden.*"));
        byte[] task = Typed("System.Threading.Tasks.Task, System.Private.CoreLib");
        Assert.Equal(HyperionReject.Unportable,
            Assert.Throws<HyperionException>(() => unwise.Read(task)).Reason);
    }

    [Fact]
    public void Circles_of_every_kind_come_back_as_circles()
    {
        object[] array = [1, null!];
        array[1] = array;
        object[] arrayAgain = hyperion.Again(array);
        Assert.Same(arrayAgain, arrayAgain[1]);

        List<object> list = [1];
        list.Add(list);
        List<object> listAgain = hyperion.Again(list);
        Assert.Same(listAgain, listAgain[1]);

        Dictionary<string, object> dictionary = [];
        dictionary["me"] = dictionary;
        Dictionary<string, object> dictionaryAgain = hyperion.Again(dictionary);
        Assert.Same(dictionaryAgain, dictionaryAgain["me"]);

        var bag = new Bag();
        bag.Things = [bag, "x", bag];
        Bag bagAgain = hyperion.Again(bag);
        Assert.Same(bagAgain, bagAgain.Things![2]);
    }

    [Fact]
    public void Without_references_a_circle_is_an_error_and_not_an_end()
    {
        using var plain = new Hyperions(
            Hyperions.Everything + "\nakka.actor.serialization-settings.hyperion.preserve-object-references = off");
        var node = new Node();
        node.Next = node;
        var failure = Assert.Throws<HyperionException>(() => plain.Write(node));
        Assert.Equal(HyperionReject.TooDeep, failure.Reason);
    }

    [Fact]
    public void A_stranger_cannot_make_types_without_end()
    {
        using var own = new Hyperions();
        string name = "System.Int32, mscorlib";
        int made = 0;
        for (int i = 0; i < 50; i++)
        {
            // Lists of … lists, and pairs of each: 50 x 50 types that nobody has asked for.
            for (int j = 0; j < 50; j++)
            {
                string pair = $"System.ValueTuple`2[[{name}],[{Nested(j)}]], mscorlib";
                if (Record.Exception(() => own.Read(Typed($"{pair}[]"))) is null or HyperionException) made++;
            }

            name = $"System.Collections.Generic.List`1[[{name}]], mscorlib";
        }

        Assert.InRange(made, 0, WireTypes.MaxConstructed);

        static string Nested(int depth)
        {
            string nested = "System.String, mscorlib";
            for (int i = 0; i < depth; i++) nested = $"System.Collections.Generic.List`1[[{nested}]], mscorlib";
            return nested;
        }
    }
}
