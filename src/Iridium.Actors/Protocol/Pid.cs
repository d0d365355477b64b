using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Iridium.Actors.Node;

namespace Iridium.Actors.Protocol;

/// <summary>A program that runs, or ran, in the cluster: the alias of its node and a number that this node gives to no
/// other. Written <c>node2/3</c>; a person may leave out the node where their own is meant.</summary>
public readonly record struct Pid(string Node, int Number)
{
    /// <param name="text"><c>node2/3</c> or <c>3</c>.</param>
    /// <param name="here">The alias meant by a number alone.</param>
    public static bool TryParse(string text, string here, [NotNullWhen(true)] out Pid? pid)
    {
        int slash = text.LastIndexOf('/');
        string node = slash < 0 ? here : text[..slash];
        bool ok = int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && number > 0 && Alias.IsValid(node);
        pid = ok ? new Pid(node, number) : null;
        return ok;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Node}/{Number}");
}
