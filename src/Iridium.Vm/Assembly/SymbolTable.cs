using System.Collections.Immutable;
using System.Globalization;

namespace Iridium.Vm.Assembly;

public enum SymbolKind
{
    /// <summary>An instruction; the value is its byte address.</summary>
    Code,

    /// <summary>Read-only data; the value is its offset in that section.</summary>
    Data,

    /// <summary>A name given to a number.</summary>
    Constant,
}

/// <summary>A name of a source and what it stands for.</summary>
public sealed record Symbol(string Name, SymbolKind Kind, double Value)
{
    public string ToText() => Kind switch
    {
        SymbolKind.Code => $"{Name}: instruction at {Value.ToString(CultureInfo.InvariantCulture)}",
        SymbolKind.Data => $"{Name}: data at {Value.ToString(CultureInfo.InvariantCulture)}",
        _ => $"{Name}: constant {Value.ToString(CultureInfo.InvariantCulture)}",
    };
}

/// <summary>The symbols of a source in the order of their declaration.</summary>
public sealed record SymbolTable(ImmutableArray<Symbol> Symbols)
{
    public static SymbolTable Empty { get; } = new([]);

    public Symbol? Find(string name) => Symbols.FirstOrDefault(symbol => symbol.Name == name);

    /// <summary>A line per symbol.</summary>
    public string ToText() => string.Join('\n', Symbols.Select(symbol => symbol.ToText()));
}
