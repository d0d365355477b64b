using System.Text;
using Akka.Actor;
using Akka.Remote.Serialization;

namespace Akka.Serialization.Hyperion.Tests.Inside;

/// <summary>
/// A name from the network that nobody allowed is one named error and one more on the counter, in whatever it comes: no
/// assembly is loaded for it, and nothing is made.
/// </summary>
public sealed class GadgetTests(Hyperions hyperion) : IClassFixture<Hyperions>
{
    /// <summary>Ways to say the name of a type, alone and inside of what is allowed.</summary>
    private static IEnumerable<string> Forms(string type, string assembly)
    {
        string name = $"{type}, {assembly}";
        yield return name;
        yield return $"{type}, {assembly}, Version=4.0.0.0, Culture=neutral, PublicKeyToken=b77a5c561934e089";
        yield return $"{type}[], {assembly}";
        yield return $"System.Collections.Generic.List`1[[{name}]], System.Private.CoreLib";
        yield return $"System.Collections.Generic.Dictionary`2[[System.String, mscorlib],[{name}[]]], mscorlib";
    }

    private static IEnumerable<string> Names => Gadgets.All.SelectMany(gadget => Forms(gadget.Type, gadget.Assembly));

    [Fact]
    public void There_are_two_hundred() => Assert.True(Gadgets.All.Distinct().Count() >= 200);

    [Fact]
    public void No_json_makes_one() => EachIsRefused(name => Read(1, "", $$"""{"$type":"{{name}}","X":1}"""));

    [Fact]
    public void No_json_makes_one_inside_of_what_is_allowed() => EachIsRefused(name => Read(1, "",
        $$$"""{"$type":"System.Object[], System.Private.CoreLib","$values":[{"$type":"{{{name}}}"}]}"""));

    [Fact]
    public void No_type_in_json_is_one() => EachIsRefused(name => Read(1, "", $$"""
        {"$type":"Akka.Serialization.Hyperion.Tests.Inside.Holder, Akka.Serialization.Hyperion.Tests","Kept":"{{name}}"}
        """));

    [Fact]
    public void No_hyperion_makes_one() => EachIsRefused(name => Read(-5, "", [255, .. Named(name)]));

    [Fact]
    public void No_hyperion_with_fields_makes_one() =>
        EachIsRefused(name => Read(-5, "", [251, .. Named(name), 1, .. Named("_target"), 0]));

    [Fact]
    public void No_type_in_hyperion_is_one() => EachIsRefused(name =>
        Read(-5, "", [16, 255, .. Named(name)]));

    [Fact]
    public void No_protobuf_manifest_makes_one() => EachIsRefused(name => Read(2, name, []));

    [Fact]
    public void No_json_manifest_makes_one() => EachIsRefused(name => Read(4, name, []));

    [Fact]
    public void No_exception_is_one() => Quietly(name =>
    {
        byte[] exception = [.. Field(1, Encoding.UTF8.GetBytes(name)), .. Field(2, "boom"u8.ToArray())];
        var failure = (Status.Failure)Read(16, "STF", [.. Field(1, exception), .. Field(2, [])]);
        Assert.Equal("boom", Assert.IsType<RemoteException>(failure.Cause).Message);
    });

    [Fact]
    public void An_exception_inside_of_an_exception_is_none_either() => Quietly(name =>
    {
        byte[] inner = [.. Field(1, Encoding.UTF8.GetBytes(name)), .. Field(2, "inner"u8.ToArray())];
        byte[] outer = [.. Field(1, "System.Exception, mscorlib"u8.ToArray()), .. Field(5, inner)];
        var failure = (Status.Failure)Read(16, "STF", [.. Field(1, outer), .. Field(2, [])]);
        Assert.IsType<RemoteException>(Assert.IsType<Exception>(failure.Cause).InnerException);
    });

    [Fact]
    public void The_error_says_which_type_and_where_to_allow_it()
    {
        var refused = Assert.Throws<WireTypeRefusedException>(() => hyperion.System.Serialization.WireTypes.Resolve(
            "System.Collections.Generic.List`1[[System.Data.DataSet, System.Data.Common]], mscorlib"));
        Assert.Equal("System.Data.DataSet, System.Data.Common", refused.TypeName);
        Assert.Contains(
            "akka.actor.serialization-settings.allowed-types", refused.Message, StringComparison.Ordinal);
    }

    private object Read(int serializer, string manifest, string text) =>
        Read(serializer, manifest, Encoding.UTF8.GetBytes(text));

    private object Read(int serializer, string manifest, byte[] bytes) =>
        hyperion.System.Serialization.Deserialize(bytes, serializer, manifest);

    private void EachIsRefused(Action<string> read) => Quietly(name =>
    {
        Exception? failure = Record.Exception(() => read(name));
        Assert.True(failure is WireTypeRefusedException, $"{name}: {failure}");
    });

    /// <summary>For every name: the counter goes up, and this thread loads nothing.</summary>
    private void Quietly(Action<string> read)
    {
        // What reading itself needs is loaded by a name that means nothing.
        Record.Exception(() => read("No.Such, Nowhere"));
        List<string> loaded = [];
        int thread = Environment.CurrentManagedThreadId;
        void OnLoad(object? _, AssemblyLoadEventArgs load)
        {
            // Other tests may load at the same time; the event comes on the thread that asked.
            if (Environment.CurrentManagedThreadId == thread) loaded.Add(load.LoadedAssembly.FullName!);
        }

        AppDomain.CurrentDomain.AssemblyLoad += OnLoad;
        try
        {
            foreach (string name in Names)
            {
                long before = hyperion.System.Serialization.RefusedTypeNames;
                read(name);
                Assert.True(hyperion.System.Serialization.RefusedTypeNames > before, name);
                Assert.True(loaded.Count == 0, $"{name} loaded {string.Join("; ", loaded)}");
            }
        }
        finally
        {
            AppDomain.CurrentDomain.AssemblyLoad -= OnLoad;
        }
    }

    private static byte[] Named(string name) =>
        [.. BitConverter.GetBytes(Encoding.UTF8.GetByteCount(name)), .. Encoding.UTF8.GetBytes(name)];

    private static byte[] Field(int number, byte[] body)
    {
        List<byte> bytes = [(byte)(number << 3 | 2)];
        int length = body.Length;
        for (; length >= 0x80; length >>= 7) bytes.Add((byte)(length | 0x80));
        return [.. bytes, (byte)length, .. body];
    }
}

public sealed class Holder
{
    public Type? Kept { get; set; }
}
