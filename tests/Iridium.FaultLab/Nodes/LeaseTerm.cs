using System.Globalization;

namespace Iridium.FaultLab.Nodes;

/// <summary>One owner's time with a lease.</summary>
/// <param name="Number">One more than that of the term before; the highest is the one that counts.</param>
/// <param name="Until">By the machine's monotonic clock, which all processes of the laboratory share, and which goes on
/// while one of them is stopped.</param>
internal sealed record LeaseTerm(int Number, string Owner, long Until)
{
    /// <summary>The term that a lease nobody has had is in: it is over.</summary>
    public static readonly LeaseTerm None = new(0, "", 0);

    public bool HasEnded(long now) => now >= Until;

    /// <summary>The next, of somebody who saw this one over at that time.</summary>
    public LeaseTerm Next(string owner, long now, long length) => new(Number + 1, owner, now + length);

    /// <summary>The same, from now on as long as a new one.</summary>
    public LeaseTerm Longer(long now, long length) => this with { Until = now + length };

    public static LeaseTerm Parse(int number, string text) => text.Split(' ') is [var until, var owner]
        ? new(number, owner, long.Parse(until, CultureInfo.InvariantCulture))
        : throw new FormatException($"`{text}` is no term of a lease.");

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Until} {Owner}");
}
