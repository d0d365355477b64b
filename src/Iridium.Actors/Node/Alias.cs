namespace Iridium.Actors.Node;

/// <summary>
/// A node's name for people. It travels through the cluster as the role <c>alias-&lt;name&gt;</c>, so that every
/// member knows every other's from the moment it sees it, other actor systems of the same protocol included.
/// </summary>
public static class Alias
{
    private const string RolePrefix = "alias-";

    /// <summary>A UUID is 36; a host name with a number fits. Longer ones break the columns of every table.</summary>
    public const int MaxLength = 64;

    /// <summary>One to <see cref="MaxLength"/> letters, digits, dots, underscores and hyphens of ASCII.</summary>
    public static bool IsValid(string alias) =>
        alias.Length is > 0 and <= MaxLength && alias.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    /// <summary>The cluster role that carries this alias.</summary>
    /// <exception cref="ArgumentException">It is not a valid alias.</exception>
    public static string RoleOf(string alias) => IsValid(alias)
        ? RolePrefix + alias
        : throw new ArgumentException(
            $"`{alias}` is not an alias: 1 to {MaxLength} of A-Z a-z 0-9 . _ -", nameof(alias));

    /// <summary>The alias among a member's roles, or null if it has none (a node that is not one of ours). Of several,
    /// the first in ordinal order, so that every node chooses the same.</summary>
    public static string? FromRoles(IEnumerable<string> roles) => roles
        .Where(role => role.StartsWith(RolePrefix, StringComparison.Ordinal))
        .Select(role => role[RolePrefix.Length..])
        .Where(IsValid)
        .Order(StringComparer.Ordinal)
        .FirstOrDefault();
}
