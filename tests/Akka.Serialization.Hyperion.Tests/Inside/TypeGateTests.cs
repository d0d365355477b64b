using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Akka.Serialization.Hyperion.Tests.Inside;

/// <summary>
/// Reads the compiled engine for whoever makes types or assemblies out of text. In the code that handles what comes from
/// the network that is <see cref="WireTypes"/> alone; everywhere else it is the reading of configurations, and each such
/// place is named here.
/// </summary>
public sealed class TypeGateTests
{
    private const string Gate = "Akka.Serialization.WireTypes.Simple";

    private static readonly string[] Assemblies =
        ["Akka", "Akka.Remote", "Akka.Cluster", "Akka.Cluster.Tools", "Akka.Serialization.Hyperion"];

    /// <summary>Rooms that handle bytes of other nodes.</summary>
    private static readonly string[] WireRooms =
    [
        "Akka.Serialization.", "Akka.Remote.Serialization.", "Akka.Remote.Wire.", "Akka.Remote.Transport.",
        "Akka.Remote.Association.", "Akka.Remote.Delivery.", "Akka.Cluster.Serialization.",
        "Akka.Cluster.Tools.PublishSubscribe.Serialization.", "Akka.Cluster.Tools.Singleton.Serialization.",
    ];

    /// <summary>What reads configurations in those rooms, before there is a network.</summary>
    private static readonly string[] ConfigurationReaders =
    [
        "Akka.Serialization.SerializerTable.ReadSerializers", "Akka.Serialization.SerializerTable.ReadBindings",
        "Akka.Serialization.NewtonSoftJsonSerializerSettings.Create",
        "Akka.Serialization.HyperionSerializerSettings.Create",
    ];

    /// <summary>And elsewhere.</summary>
    private static readonly string[] OtherReaders =
    [
        "Akka.Actor.Internal.ActorSystemImpl", "Akka.Actor.SupervisorStrategyConfigurator", "Akka.Dispatch.Mailboxes",
        "Akka.Dispatch.Dispatchers", "Akka.Routing.RouterFromConfig", "Akka.Remote.FailureDetectorLoader",
        "Akka.Cluster.ClusterSettings",
    ];

    [Fact]
    public void Only_the_gate_and_readers_of_configurations_make_types_of_text()
    {
        string[] callers = [.. Assemblies.SelectMany(Callers).Distinct().Order(StringComparer.Ordinal)];
        string[] strangers =
        [
            .. callers.Where(caller => caller != Gate && !ConfigurationReaders.Contains(caller)
                && !OtherReaders.Any(reader => caller.StartsWith(reader + ".", StringComparison.Ordinal))),
        ];

        Assert.True(strangers.Length == 0, string.Join("\n", strangers));
        Assert.Contains(Gate, callers);
        // The lists name nobody who does not do it.
        Assert.All(ConfigurationReaders, reader => Assert.Contains(reader, callers));
        Assert.All(OtherReaders, reader => Assert.Contains(
            callers, caller => caller.StartsWith(reader + ".", StringComparison.Ordinal)));
    }

    [Fact]
    public void In_the_rooms_of_the_wire_only_the_gate_does()
    {
        string[] callers =
        [
            .. Assemblies.SelectMany(Callers).Distinct().Where(caller =>
                WireRooms.Any(room => caller.StartsWith(room, StringComparison.Ordinal)) &&
                !ConfigurationReaders.Contains(caller)),
        ];

        Assert.Equal([Gate], callers);
    }

    [Fact]
    public void The_scan_finds_what_it_looks_for() =>
        Assert.Contains(Callers(typeof(TypeGateTests).Assembly.GetName().Name!), caller => caller.EndsWith(
            $"{nameof(TypeGateTests)}.{nameof(Offender)}", StringComparison.Ordinal));

    internal static object? Offender(string name) => Type.GetType(name) is { } type ? Activator.CreateInstance(type) : null;

    /// <summary>Full names of the methods of an assembly that call one that makes types or assemblies of text. Code of
    /// lambdas and iterators counts as the method's it was written in.</summary>
    private static IEnumerable<string> Callers(string assembly)
    {
        using var file = new PEReader(File.OpenRead(Path.Combine(AppContext.BaseDirectory, assembly + ".dll")));
        MetadataReader reader = file.GetMetadataReader();
        HashSet<int> forbidden = [];
        for (int row = 1; row <= reader.GetTableRowCount(TableIndex.MemberRef); row++)
        {
            MemberReferenceHandle handle = MetadataTokens.MemberReferenceHandle(row);
            if (IsForbidden(reader, reader.GetMemberReference(handle))) forbidden.Add(MetadataTokens.GetToken(handle));
        }

        List<string> callers = [];
        foreach (MethodDefinitionHandle handle in reader.MethodDefinitions)
        {
            MethodDefinition method = reader.GetMethodDefinition(handle);
            if (method.RelativeVirtualAddress == 0) continue;
            byte[] code = file.GetMethodBody(method.RelativeVirtualAddress).GetILBytes()!;
            // call, callvirt, newobj, ldftn and ldvirtftn are followed by the token. A number that looks like one of
            // them would be a false alarm, never a miss.
            for (int at = 1; at + 4 <= code.Length; at++)
            {
                bool calls = code[at - 1] is 0x28 or 0x6F or 0x73 or 0x06 or 0x07;
                if (calls && forbidden.Contains(BitConverter.ToInt32(code, at))) callers.Add(NameOf(reader, method));
            }
        }

        return callers;
    }

    private static bool IsForbidden(MetadataReader reader, MemberReference member)
    {
        if (member.Parent.Kind != HandleKind.TypeReference) return false;
        TypeReference type = reader.GetTypeReference((TypeReferenceHandle)member.Parent);
        string name = $"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}.{reader.GetString(member.Name)}";
        // In a signature after its head: 0x0E is a string as the first parameter.
        byte[] signature = reader.GetBlobBytes(member.Signature);
        bool takesText = signature.AsSpan(2).IndexOf((byte)0x0E) >= 0;
        return name switch
        {
            "System.Type.GetType" => takesText,
            "System.Activator.CreateInstance" => takesText,
            "System.Activator.CreateInstanceFrom" or "System.Type.GetTypeFromProgID" or "System.Type.GetTypeFromCLSID" => true,
            "System.AppDomain.Load" or "System.AppDomain.CreateInstance" or "System.AppDomain.CreateInstanceAndUnwrap"
                or "System.AppDomain.CreateInstanceFrom" => true,
            "System.Reflection.Assembly.Load" or "System.Reflection.Assembly.LoadFrom"
                or "System.Reflection.Assembly.LoadFile" or "System.Reflection.Assembly.UnsafeLoadFrom"
                or "System.Reflection.Assembly.CreateInstance" => true,
            _ => name.StartsWith("System.Runtime.Loader.AssemblyLoadContext.Load", StringComparison.Ordinal) ||
                name.StartsWith("System.Runtime.Serialization.Formatters.", StringComparison.Ordinal),
        };
    }

    private static string NameOf(MetadataReader reader, MethodDefinition method)
    {
        string name = reader.GetString(method.Name);
        TypeDefinitionHandle at = method.GetDeclaringType();
        TypeDefinition type = reader.GetTypeDefinition(at);
        // <Create>b__0 of the class <>c, or MoveNext of <Create>d__1.
        string within = name.StartsWith('<') ? name : reader.GetString(type.Name);
        if (within.StartsWith('<') && within.IndexOf('>', StringComparison.Ordinal) is var end and > 1) name = within[1..end];
        while (reader.GetString(type.Name).StartsWith('<')) type = reader.GetTypeDefinition(type.GetDeclaringType());
        string full = reader.GetString(type.Name);
        while (!type.GetDeclaringType().IsNil)
        {
            type = reader.GetTypeDefinition(type.GetDeclaringType());
            full = $"{reader.GetString(type.Name)}+{full}";
        }

        return $"{reader.GetString(type.Namespace)}.{full}.{name}";
    }
}
