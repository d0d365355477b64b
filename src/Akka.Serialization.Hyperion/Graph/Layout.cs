namespace Akka.Serialization.Hyperion.Graph;

/// <summary>What follows the manifest of a value.</summary>
internal enum Layout
{
    /// <summary>A value with a manifest of its own, see <see cref="Primitives"/>.</summary>
    Primitive,

    /// <summary>A bare <c>System.Object</c>.</summary>
    Nothing,

    /// <summary>A <c>byte[]</c>; numbered after its contents, as the only array.</summary>
    Bytes,

    /// <summary>A <see cref="System.Type"/> as a value.</summary>
    Type,

    /// <summary>A list of elements without manifests.</summary>
    PrimitiveArray,

    /// <summary>An int32 count, elements with manifests.</summary>
    Array,

    /// <summary>An int32 length of each dimension, elements with manifests, row by row.</summary>
    Grid,

    /// <summary>An int32 count, elements with manifests. Filled through the collection's own members.</summary>
    Collection,

    /// <summary>As <see cref="Collection"/>, with <see cref="System.Collections.DictionaryEntry"/> as elements.</summary>
    Dictionary,

    /// <summary>Texts and an inner exception; never numbered.</summary>
    Exception,

    /// <summary>As <see cref="Exception"/>, with more texts and a list of inner ones.</summary>
    Aggregate,

    /// <summary>Not itself: its surrogate is written in its place.</summary>
    Surrogated,

    /// <summary>Its fields, each with a manifest.</summary>
    Fields,

    /// <summary>Means nothing in another process.</summary>
    Unportable,
}
