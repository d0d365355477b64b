using System.Text;
using Akka.Configuration;
using Akka.Serialization;
using Akka.Util;

namespace Akka.Tests.Inside.Serialization;

public interface IBoundShape;

public sealed record BoundCircle(string Name) : IBoundShape;

public sealed record Listed(string Name);

public sealed record Unlisted(string Name)
{
    public static int Made { get; private set; }

    public string Name { get; init; } = Count(Name);

    private static string Count(string name)
    {
        Made++;
        return name;
    }
}

public sealed class TypeHolder
{
    public Type? Kept { get; set; }

    public Dictionary<Type, int>? Keyed { get; set; }
}

/// <summary>A name from the network becomes a type only by permission.</summary>
public sealed class WireTypesTests() : Akka.TestKit.Xunit2.TestKit("""
    akka.actor {
      serialization-bindings { "Akka.Tests.Inside.Serialization.IBoundShape, Akka.Tests" = json }
      serialization-settings.allowed-types = [
        "Akka.Tests.Inside.Serialization.Listed, Akka.Tests", "Akka.Tests.Inside.Serialization.TypeHolder, Akka.Tests"
      ]
    }
    """)
{
    private const string Room = "Akka.Tests.Inside.Serialization";

    private WireTypes Types => Sys.Serialization.WireTypes;

    private object? Read(string json) => Sys.Serialization.Deserialize(Encoding.UTF8.GetBytes(json), 1, "");

    [Theory]
    [InlineData("System.String, System.Private.CoreLib", typeof(string))]
    [InlineData("System.String, mscorlib", typeof(string))]
    [InlineData("System.String", typeof(string))]
    [InlineData("System.Collections.Generic.List`1[[System.String, System.Private.CoreLib]], System.Private.CoreLib",
        typeof(List<string>))]
    [InlineData("System.Collections.Generic.Dictionary`2[[System.String, mscorlib],[System.Int32, mscorlib]], mscorlib",
        typeof(Dictionary<string, int>))]
    [InlineData("System.Object[], System.Private.CoreLib", typeof(object[]))]
    [InlineData("System.Int32[][], System.Private.CoreLib", typeof(int[][]))]
    [InlineData("System.Nullable`1[[System.Int32, System.Private.CoreLib]], System.Private.CoreLib", typeof(int?))]
    [InlineData("System.Collections.Generic.HashSet`1[[System.Int64, System.Private.CoreLib]], System.Collections",
        typeof(HashSet<long>))]
    [InlineData(Room + ".Listed, Akka.Tests", typeof(Listed))]
    [InlineData(Room + ".BoundCircle, Akka.Tests", typeof(BoundCircle))]
    [InlineData("System.Collections.Generic.List`1[[" + Room + ".Listed, Akka.Tests]], System.Private.CoreLib",
        typeof(List<Listed>))]
    [InlineData("Akka.Actor.ActorRefBase+Surrogate, Akka", typeof(Akka.Actor.ActorRefBase.Surrogate))]
    [InlineData("Akka.Actor.Address+AddressSurrogate, Akka", typeof(Akka.Actor.Address.AddressSurrogate))]
    public void Allowed(string name, Type expected) => Assert.Equal(expected, Types.Resolve(name));

    [Theory]
    [InlineData(Room + ".Unlisted, Akka.Tests")]
    [InlineData(Room + ".Unlisted[], Akka.Tests")]
    [InlineData("System.Collections.Generic.List`1[[" + Room + ".Unlisted, Akka.Tests]], System.Private.CoreLib")]
    [InlineData("System.Diagnostics.Process, System.Diagnostics.Process")]
    [InlineData("System.IO.FileInfo, System.Private.CoreLib")]
    [InlineData("System.Type, System.Private.CoreLib")]
    [InlineData("System.String&, System.Private.CoreLib")]
    [InlineData("System.String*, System.Private.CoreLib")]
    [InlineData("System.Collections.Generic.List`1, System.Private.CoreLib, extra, extra")]
    [InlineData("System.String, Akka.Tests")]
    [InlineData("No.Such.Type, Nowhere")]
    [InlineData("Akka.Actor.Internal.ActorSystemImpl, Akka")]
    [InlineData("")]
    [InlineData("[[[")]
    [InlineData(", ")]
    public void Refused(string name)
    {
        long before = Types.Refused;
        var error = Assert.Throws<WireTypeRefusedException>(() => Types.Resolve(name));
        // Of a list of what is not allowed, what is not allowed.
        Assert.Equal(name.Contains(".Unlisted", StringComparison.Ordinal) ? Room + ".Unlisted, Akka.Tests" : name,
            error.TypeName);
        Assert.Equal(before + 1, Types.Refused);
    }

    [Fact]
    public void A_name_of_any_depth_is_refused_politely()
    {
        string name = "System.String, mscorlib";
        for (int i = 0; i < 200; i++) name = $"System.Collections.Generic.List`1[[{name}]], mscorlib";
        Assert.Throws<WireTypeRefusedException>(() => Types.Resolve(name));
        Assert.Throws<WireTypeRefusedException>(
            () => Types.Resolve("System.String" + string.Concat(Enumerable.Repeat("[]", 5000))));
        Assert.Throws<WireTypeRefusedException>(() => Types.Resolve(new string('x', 1_000_000)));
    }

    [Fact]
    public void Json_makes_nothing_of_a_refused_name()
    {
        int before = Unlisted.Made;
        var error = Assert.Throws<WireTypeRefusedException>(
            () => Read($$"""{"$type":"{{Room}}.Unlisted, Akka.Tests","Name":"x"}"""));
        Assert.Equal($"{Room}.Unlisted, Akka.Tests", error.TypeName);
        Assert.Contains("akka.actor.serialization-settings.allowed-types", error.Message, StringComparison.Ordinal);
        Assert.Throws<WireTypeRefusedException>(() => Read(
            """{"$type":"System.Object[], mscorlib","$values":[""" +
            $$"""{"$type":"{{Room}}.Unlisted, Akka.Tests","Name":"x"}]}"""));
        Assert.Equal(before, Unlisted.Made);
    }

    [Fact]
    public void Json_makes_what_is_allowed()
    {
        Assert.Equal(new Listed("x"), Read($$"""{"$type":"{{Room}}.Listed, Akka.Tests","Name":"x"}"""));
        Assert.Equal(new BoundCircle("x"), Read($$"""{"$type":"{{Room}}.BoundCircle, Akka.Tests","Name":"x"}"""));
    }

    [Fact]
    public void A_type_as_a_value_is_a_name_too()
    {
        Assert.Equal(typeof(List<Listed>), Read(WithType(typeof(List<Listed>).TypeQualifiedName())));
        Assert.Equal(typeof(string), Read(WithType(typeof(string).AssemblyQualifiedName!)));
        Assert.Throws<WireTypeRefusedException>(
            () => Read(WithType("System.Diagnostics.Process, System.Diagnostics.Process")));
        Assert.ThrowsAny<System.Runtime.Serialization.SerializationException>(() => Read(
            $$$"""{"$type":"{{{Room}}}.TypeHolder, Akka.Tests","Keyed":{"System.Diagnostics.Process, Nowhere":1}}"""));

        static string WithType(string name) => $$"""{"$type":"{{Room}}.TypeHolder, Akka.Tests","Kept":"{{name}}"}""";

        object? Read(string json) => ((TypeHolder)this.Read(json)!).Kept;
    }

    [Fact]
    public void A_type_as_a_value_is_written_as_it_is_read()
    {
        var holder = new TypeHolder { Kept = typeof(Listed), Keyed = new() { [typeof(string)] = 1 } };
        byte[] bytes = Sys.Serialization.FindSerializerFor(holder).ToBinary(new TypeHolder { Kept = typeof(Listed) });
        Assert.Equal(typeof(Listed), ((TypeHolder)Sys.Serialization.Deserialize(bytes, 1, "")).Kept);
        Assert.Contains("System.String", Encoding.UTF8.GetString(
            Sys.Serialization.FindSerializerFor(holder).ToBinary(holder)), StringComparison.Ordinal);
    }

    [Fact]
    public void What_this_node_wrote_may_come_back()
    {
        using var kit = new Akka.TestKit.Xunit2.TestKit();
        var serialization = kit.Sys.Serialization;
        byte[] bytes = serialization.FindSerializerFor(new Listed("x")).ToBinary(new Listed("x"));
        Assert.Equal(new Listed("x"), serialization.Deserialize(bytes, 1, ""));
    }

    [Fact]
    public void A_manifest_is_a_name_too() => Assert.Throws<WireTypeRefusedException>(
        () => Sys.Serialization.Deserialize([1], 1, "System.Diagnostics.Process, System.Diagnostics.Process"));

    [Fact]
    public void A_pattern_allows_a_namespace_of_an_assembly()
    {
        var types = new WireTypes(ConfigurationFactory.ParseString(
            $"akka.actor.serialization-settings.allowed-types = [\"{Room}.*, Akka.Tests\"]"));
        Assert.Equal(typeof(Unlisted), types.Resolve($"{Room}.Unlisted, Akka.Tests"));
        Assert.Throws<WireTypeRefusedException>(
            () => types.Resolve("Akka.Tests.Inside.Configuration.HoconLayerTests, Akka.Tests"));
        Assert.Throws<WireTypeRefusedException>(() => types.Resolve($"{Room}.Unlisted, Akka"));
        Assert.Throws<ConfigurationException>(() => new WireTypes(ConfigurationFactory.ParseString(
            "akka.actor.serialization-settings.allowed-types = [\"Everything.*\"]")));
    }

    [Fact]
    public void Names_and_types_are_inverse()
    {
        Type[] types = [typeof(string), typeof(int[]), typeof(List<Dictionary<string, (int, long?)>>),
            typeof(Listed[,]), typeof(Listed)];
        foreach (Type type in types) Assert.Equal(type, Types.Resolve(type.TypeQualifiedName()));
    }
}
