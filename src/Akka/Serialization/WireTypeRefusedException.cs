using System.Runtime.Serialization;

namespace Akka.Serialization;

/// <summary>Another node named a type that this one does not make at a stranger's word.</summary>
public sealed class WireTypeRefusedException : SerializationException
{
    private const int LongestShown = 500;

    /// <param name="typeName">As it came; cut if it is long.</param>
    public WireTypeRefusedException(string typeName)
        : base(Text(Shown(typeName))) => TypeName = Shown(typeName);

    public string TypeName { get; }

    private static string Text(string shown) =>
        $"The type name '{shown}' came from the network, and is neither bound to a serializer, nor was it written by " +
        $"this node, nor does {WireTypes.AllowedTypes} allow it. If it is yours, add \"{shown}\" there.";

    // A stranger's text goes into logs.
    private static string Shown(string name)
    {
        string shown = name.Length <= LongestShown ? name : name[..LongestShown] + "…";
        return shown.Any(char.IsControl) ? string.Concat(shown.Select(c => char.IsControl(c) ? '?' : c)) : shown;
    }
}
