using System.Collections.Immutable;
using System.Runtime.Serialization;
using System.Text;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;
using Newtonsoft.Json;

namespace Akka.Tests.Inside.Serialization;

#pragma warning disable CA1720 // Members are named as in the messages that were recorded.

public sealed class Poco
{
    public int Id { get; set; }

    public string? Name { get; set; }

    public double Score { get; set; }

    public DateTime When { get; set; }

    public List<string>? Items { get; set; }

    public Dictionary<string, int>? Map { get; set; }
}

public sealed record Rec(int N, string S, decimal M, float F, Guid G, long D);

public sealed record WithRef(IActorRef Who, int N, object[] Mixed);

public sealed record Shared(Poco Left, Poco Right, int? Maybe);

public sealed class TwoWays(string left, string? right)
{
    public TwoWays(string left) : this(left, null)
    {
    }

    public string Left { get; } = left;

    public string? Right { get; } = right;
}

/// <summary>JSON and primitives, byte for byte as Akka.NET 1.5.31 was heard to write them.</summary>
public sealed class Chain
{
    public Chain? Next { get; set; }

    public static int LengthOf(Chain? chain)
    {
        int length = 0;
        for (; chain is not null; chain = chain.Next) length++;
        return length;
    }
}

public sealed class WireFormTests() : Akka.TestKit.Xunit2.TestKit("akka.actor.provider = local")
{
    private const string PocoJson =
        """{"$id":"1","$type":"Akka.Tests.Inside.Serialization.Poco, Akka.Tests","Id":{"$":"I7"},"Name":"x","S""" +
        """core":1.5,"When":"2024-01-02T03:04:05Z","Items":{"$type":"System.Collections.Generic.List`1[""" +
        """[System.String, System.Private.CoreLib]], System.Private.CoreLib","$values":["a","b"]},"Map":""" +
        """{"$id":"2","$type":"System.Collections.Generic.Dictionary`2[[System.String, System.Private.C""" +
        """oreLib],[System.Int32, System.Private.CoreLib]], System.Private.CoreLib","k":{"$":"I1"}}}""";

    private const string RecJson =
        """{"$id":"1","$type":"Akka.Tests.Inside.Serialization.Rec, Akka.Tests","N":{"$":"I5"},"S":"r","M":""" +
        """{"$":"M2.5"},"F":{"$":"F1.25"},"G":"00112233-4455-6677-8899-aabbccddeeff","D":5}""";

    private const string AddressJson =
        """{"$id":"1","$type":"Akka.Actor.Address+AddressSurrogate, Akka","Protocol":"akka.tcp","System":"C""" +
        """ap","Host":"127.0.0.1","Port":8082}""";

    private const string WithRefJson =
        """{"$id":"1","$type":"Akka.Tests.Inside.Serialization.WithRef, Akka.Tests","Who":{"$id":"2","$""" +
        """type":"Akka.Actor.ActorRefBase+Surrogate, Akka","Path":"(path)"},"N":{"$":"I3"},"Mixed":{"$t""" +
        """ype":"System.Object[], System.Private.CoreLib","$values":[{"$":"I1"},"a",2]}}""";

    private Serializer Json => Sys.Serialization.GetSerializerById(1);

    private Serializer Primitives => Sys.Serialization.GetSerializerById(17);

    private string Write(object value) => Encoding.UTF8.GetString(Json.ToBinary(value));

    private object? Read(string json) => Json.FromBinary(Encoding.UTF8.GetBytes(json), null);

    private static Poco SomePoco() => new()
    {
        Id = 7, Name = "x", Score = 1.5, When = new DateTime(2024, 1, 2, 3, 4, 5, DateTimeKind.Utc), Items = ["a", "b"],
        Map = new() { ["k"] = 1 },
    };

    private static Rec SomeRec() => new(5, "r", 2.5m, 1.25f, new Guid("00112233-4455-6677-8899-aabbccddeeff"), 5);

    [Fact]
    public void An_object_is_written_as_recorded() => Assert.Equal(PocoJson, Write(SomePoco()));

    [Fact]
    public void A_record_is_written_as_recorded() => Assert.Equal(RecJson, Write(SomeRec()));

    [Fact]
    public void An_address_is_written_as_recorded() =>
        Assert.Equal(AddressJson, Write(new Address("akka.tcp", "Cap", "127.0.0.1", 8082)));

    [Fact]
    public void A_reference_is_written_as_recorded()
    {
        string path = TestActor.Path.ToSerializationFormat();
        Assert.Equal(
            WithRefJson.Replace("(path)", path, StringComparison.Ordinal),
            Write(new WithRef(TestActor, 3, [1, "a", 2L])));
    }

    [Fact]
    public void Immutable_collections_are_written_as_recorded() => Assert.Equal(
        """{"$type":"System.Collections.Immutable.ImmutableList`1[[System.String, System.Private.CoreLi""" +
        """b]], System.Collections.Immutable","$values":["x","y"]}""",
        Write(ImmutableList.Create("x", "y")));

    [Fact]
    public void Bare_values_are_bare()
    {
        Assert.Equal("true", Write(true));
        Assert.Equal("1.5", Write(1.5));
        Assert.Equal("""{"$":"I5"}""", Write(5));
    }

    [Fact]
    public void What_was_recorded_is_read()
    {
        Assert.Equal(PocoJson, Write(Assert.IsType<Poco>(Read(AllowPoco(PocoJson)))));
        Assert.Equal(SomeRec(), Read(AllowRec(RecJson)));
        Assert.Equal(new Address("akka.tcp", "Cap", "127.0.0.1", 8082), Read(AddressJson));
        Assert.Equal(true, Read("true"));
        Assert.Equal(1.5, Read("1.5"));
        Assert.Equal(5, Read("""{"$":"I5"}"""));
        Assert.Equal(2.5m, Read("""{"$":"M2.5"}"""));
        Assert.Equal(1.25f, Read("""{"$":"F1.25"}"""));
    }

    // The node has written the type before, so that it may also come back.
    private string AllowPoco(string json)
    {
        Write(SomePoco());
        return json;
    }

    private string AllowRec(string json)
    {
        Write(SomeRec());
        return json;
    }

    [Fact]
    public void Plain_numbers_are_understood_too()
    {
        string json = AllowRec(RecJson.Replace("""{"$":"I5"}""", "5", StringComparison.Ordinal)
            .Replace("""{"$":"M2.5"}""", "2.5", StringComparison.Ordinal));
        Assert.Equal(SomeRec(), Read(json));
    }

    /// <summary>Only a lone mark is a number; whatever else stands there is refused, and read to its end.</summary>
    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"x":[1,{"y":2}]}""")]
    [InlineData("""{"$":7}""")]
    [InlineData("""{"$":{"$":"I7"}}""")]
    [InlineData("""{"$":"I7","x":1}""")]
    [InlineData("""{"x":1,"$":"I7"}""")]
    [InlineData("""{"$":"X7"}""")]
    [InlineData("""{"$":""}""")]
    [InlineData("""{"$":"I7" """)]
    public void What_stands_for_a_number_and_is_none_is_refused(string other)
    {
        string json = AllowRec(RecJson.Replace("""{"$":"I5"}""", other, StringComparison.Ordinal));
        Assert.NotEqual(RecJson, json);
        Exception error = Assert.ThrowsAny<Exception>(() => Read(json));
        Assert.True(error is SerializationException or JsonException, error.ToString());
    }

    [Fact]
    public void An_object_met_twice_stays_one()
    {
        Poco poco = SomePoco();
        string json = Write(new Shared(poco, poco, 5));
        Assert.EndsWith(""","Right":{"$ref":"2"},"Maybe":5}""", json, StringComparison.Ordinal);
        var again = Assert.IsType<Shared>(Read(json));
        Assert.Same(again.Left, again.Right);
        Assert.Equal(5, again.Maybe);
    }

    [Fact]
    public void Of_several_constructors_the_widest_is_called()
    {
        var again = Assert.IsType<TwoWays>(Read(Write(new TwoWays("l", "r"))));
        Assert.Equal(("l", "r"), (again.Left, again.Right));
    }

    [Fact]
    public void Mixed_values_keep_their_types()
    {
        var again = Assert.IsType<WithRef>(
            Read(Write(new WithRef(TestActor, 3, [1, "a", 2L, 1.5f, 2.5m, 0.5, TestActor]))));
        Assert.Equal([1, "a", 2L, 1.5f, 2.5m, 0.5, TestActor], again.Mixed);
        Assert.Equal(TestActor, again.Who);
    }

    [Fact]
    public void Nobody_stays_nobody()
    {
        var again = Assert.IsType<WithRef>(Read(Write(new WithRef(ActorRefs.Nobody, 0, []))));
        Assert.Same(ActorRefs.Nobody, again.Who);
    }

    [Theory]
    [InlineData("hello", "System.String, System.Private.CoreLib", "68656C6C6F")]
    [InlineData(42, "System.Int32, System.Private.CoreLib", "2A000000")]
    [InlineData(42L, "System.Int64, System.Private.CoreLib", "2A00000000000000")]
    public void Primitives_are_written_as_recorded(object value, string manifest, string hex)
    {
        var serializer = (SerializerWithStringManifest)Primitives;
        Assert.Equal(manifest, serializer.Manifest(value));
        Assert.Equal(hex, Convert.ToHexString(serializer.ToBinary(value)));
    }

    [Theory]
    [InlineData("S", "68656C6C6F", "hello")]
    [InlineData("System.String, mscorlib", "68656C6C6F", "hello")]
    [InlineData("I", "2A000000", 42)]
    [InlineData("System.Int32, mscorlib", "FEFFFFFF", -2)]
    [InlineData("L", "2A00000000000000", 42L)]
    [InlineData("System.Int64, mscorlib", "2A00000000000000", 42L)]
    public void All_forms_of_primitives_are_read(string manifest, string hex, object expected) =>
        Assert.Equal(expected, Sys.Serialization.Deserialize(Convert.FromHexString(hex), 17, manifest));

    [Theory]
    [InlineData("I", "2A0000")]
    [InlineData("I", "2A00000000")]
    [InlineData("L", "")]
    [InlineData("X", "00")]
    [InlineData("", "00")]
    public void Malformed_primitives_are_one_kind_of_error(string manifest, string hex) =>
        Assert.Throws<System.Runtime.Serialization.SerializationException>(
            () => Sys.Serialization.Deserialize(Convert.FromHexString(hex), 17, manifest));

    [Fact]
    public void Letters_are_written_where_the_configuration_says_so()
    {
        Config config = ConfigurationFactory.ParseString(
            "akka.actor.serialization-settings.primitive.use-legacy-behavior = off");
        using var kit = new Akka.TestKit.Xunit2.TestKit(config);
        var serializer = (SerializerWithStringManifest)kit.Sys.Serialization.GetSerializerById(17);
        Assert.Equal("S I L", string.Join(' ', new object[] { "", 1, 1L }.Select(serializer.Manifest)));
    }

    [Fact]
    public void References_carry_the_address_of_the_scope()
    {
        var address = new Address("akka.tcp", "Cap", "127.0.0.1", 8082);
        string inside = Akka.Serialization.Serialization.SerializeWithTransport(
            Sys, address, () => Akka.Serialization.Serialization.SerializedActorPath(TestActor));
        Assert.StartsWith("akka.tcp://Cap@127.0.0.1:8082/system/testActor", inside, StringComparison.Ordinal);
        string outside = Akka.Serialization.Serialization.SerializedActorPath(TestActor);
        Assert.StartsWith("akka://test/system/testActor", outside, StringComparison.Ordinal);
        byte[] bytes = Json.ToBinaryWithAddress(address, new WithRef(TestActor, 1, []));
        Assert.Contains("akka.tcp://Cap@127.0.0.1:8082/", Encoding.UTF8.GetString(bytes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[1,")]
    [InlineData("{\"$\":\"X7\"}")]
    [InlineData("{\"$\":\"I\"}")]
    [InlineData("{\"$ref\":\"5\"}")]
    [InlineData("{\"$type\":5}")]
    [InlineData("{\"$type\":\"\"}")]
    [InlineData("{\"$id\":{}}")]
    public void Malformed_json_throws_and_nothing_else(string json)
    {
        try
        {
            _ = Sys.Serialization.Deserialize(Encoding.UTF8.GetBytes(json), 1, "");
        }
        catch (System.Runtime.Serialization.SerializationException)
        {
        }
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"a\":1}")]
    [InlineData("{\"$\":5}")]
    [InlineData("{\"$\":\"I5\",\"$$\":1}")]
    public void A_tree_where_a_number_belongs_is_an_error(string tree) =>
        Assert.Throws<System.Runtime.Serialization.SerializationException>(() => Sys.Serialization.Deserialize(
            Encoding.UTF8.GetBytes(AllowRec(RecJson.Replace("""{"$":"I5"}""", tree, StringComparison.Ordinal))), 1,
                ""));

    [Fact]
    public void A_hundred_thousand_levels_of_json_are_refused() =>
        Assert.ThrowsAny<Newtonsoft.Json.JsonException>(() => Read(new string('[', 100_000)));

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    public void What_is_written_is_not_deeper_than_what_is_read(int depth)
    {
        object? read = Sys.Serialization.Deserialize(Json.ToBinary(ChainOf(depth)), 1, "");

        Assert.Equal(depth, Chain.LengthOf(Assert.IsType<Chain>(read)));
    }

    [Theory]
    [InlineData(65)]
    [InlineData(100_000)]
    public void Deeper_objects_are_refused_by_who_would_write_them(int depth)
    {
        Exception error = Assert.ThrowsAny<Newtonsoft.Json.JsonException>(() => Json.ToBinary(ChainOf(depth)));

        Assert.Contains("64 objects deep", error.Message, StringComparison.Ordinal);
        Assert.InRange(error.Message.Length, 1, 500);
    }

    private static Chain ChainOf(int length)
    {
        Chain chain = new();
        for (int i = 1; i < length; i++) chain = new Chain { Next = chain };
        return chain;
    }
}
