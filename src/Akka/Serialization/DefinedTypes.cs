using System.Reflection;
using System.Reflection.Metadata;
using System.Runtime.CompilerServices;

namespace Akka.Serialization;

/// <summary>
/// What the metadata of a loaded assembly says about the types that it defines. Asking the runtime for a type loads the
/// assemblies of everything that it derives from, or that it has moved to; asking the metadata loads nothing.
/// </summary>
internal sealed class DefinedTypes
{
    /// <summary>Classes and interfaces above one another.</summary>
    private const int HighestHierarchy = 64;

    private static readonly ConditionalWeakTable<Assembly, DefinedTypes> ByAssembly = [];

    // Asking an assembly for its name takes microseconds, and there are hundreds of them.
    private static readonly ConditionalWeakTable<Assembly, string> ShortNames = [];

    private readonly MetadataReader? _reader;
    private readonly Dictionary<string, TypeDefinitionHandle> _types = new(StringComparer.Ordinal);

    private unsafe DefinedTypes(Assembly assembly)
    {
        // Assemblies that were made at run time have none.
        if (!assembly.TryGetRawMetadata(out byte* blob, out int length)) return;
        _reader = new MetadataReader(blob, length);
        foreach (TypeDefinitionHandle handle in _reader.TypeDefinitions) _types.TryAdd(NameOf(handle), handle);
    }

    /// <summary>Whether a type of a loaded assembly has one of some classes and interfaces above it, to judge by their
    /// full names.</summary>
    public static bool Derives(string fullName, string assembly, IReadOnlyCollection<string> above) =>
        Loaded(assembly) is { } loaded && Of(loaded).Derives(fullName, above, HighestHierarchy);

    /// <summary>The loaded assembly of a short name.</summary>
    public static Assembly? Loaded(string assembly) => Array.Find(
        AppDomain.CurrentDomain.GetAssemblies(), loaded => ShortNameOf(loaded) == assembly);

    private static string ShortNameOf(Assembly assembly) =>
        ShortNames.GetValue(assembly, static key => key.GetName().Name ?? "");

    private static DefinedTypes Of(Assembly assembly) => ByAssembly.GetValue(assembly, static key => new DefinedTypes(key));

    private bool Derives(string fullName, IReadOnlyCollection<string> above, int levels)
    {
        if (levels == 0 || !_types.TryGetValue(fullName, out TypeDefinitionHandle handle)) return false;
        if (above.Contains(fullName)) return true;
        TypeDefinition type = _reader!.GetTypeDefinition(handle);
        if (Leads(type.BaseType, above, levels)) return true;
        foreach (InterfaceImplementationHandle face in type.GetInterfaceImplementations())
        {
            if (Leads(_reader.GetInterfaceImplementation(face).Interface, above, levels)) return true;
        }

        return false;
    }

    private bool Leads(EntityHandle parent, IReadOnlyCollection<string> above, int levels)
    {
        if (parent.IsNil) return false;
        if (parent.Kind == HandleKind.TypeDefinition)
        {
            return Derives(NameOf((TypeDefinitionHandle)parent), above, levels - 1);
        }

        // A constructed generic type: what it is constructed of is its own first part.
        if (parent.Kind == HandleKind.TypeSpecification) return Leads(OpenOf(parent), above, levels);
        TypeReference type = _reader!.GetTypeReference((TypeReferenceHandle)parent);
        string name = NameOf((TypeReferenceHandle)parent);
        if (above.Contains(name)) return true;
        return type.ResolutionScope.Kind == HandleKind.AssemblyReference && Derives(
            name, _reader.GetString(_reader.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope).Name), above,
            levels - 1);
    }

    private static bool Derives(string fullName, string assembly, IReadOnlyCollection<string> above, int levels) =>
        Loaded(assembly) is { } loaded && Of(loaded).Derives(fullName, above, levels);

    private EntityHandle OpenOf(EntityHandle constructed)
    {
        BlobReader blob = _reader!.GetBlobReader(
            _reader.GetTypeSpecification((TypeSpecificationHandle)constructed).Signature);
        bool generic = blob.ReadSignatureTypeCode() == SignatureTypeCode.GenericTypeInstance;
        if (!generic) return default;
        blob.ReadCompressedInteger(); // Class or struct.
        EntityHandle open = blob.ReadTypeHandle();
        return open.Kind == HandleKind.TypeSpecification ? default : open;
    }

    private string NameOf(TypeDefinitionHandle handle)
    {
        TypeDefinition type = _reader!.GetTypeDefinition(handle);
        string name = _reader.GetString(type.Name);
        if (!type.GetDeclaringType().IsNil) return $"{NameOf(type.GetDeclaringType())}+{name}";
        return type.Namespace.IsNil ? name : $"{_reader.GetString(type.Namespace)}.{name}";
    }

    private string NameOf(TypeReferenceHandle handle)
    {
        TypeReference type = _reader!.GetTypeReference(handle);
        string name = _reader.GetString(type.Name);
        if (type.ResolutionScope.Kind == HandleKind.TypeReference)
        {
            return $"{NameOf((TypeReferenceHandle)type.ResolutionScope)}+{name}";
        }

        return type.Namespace.IsNil ? name : $"{_reader.GetString(type.Namespace)}.{name}";
    }
}
