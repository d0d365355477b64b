using System.Globalization;
using Iridium.Actors.Repl;

namespace Iridium.Node.Pbm;

/// <summary>The answers as lines for people.</summary>
public static class PbmText
{
    /// <summary>Empty for a reply that says nothing by itself.</summary>
    public static string Of(PbmReply reply) => PlainText.Of(reply switch
    {
        PbmReply.Member m =>
            $"{m.Address} | {Roles(m.Roles)} | {m.State} | {(m.Reachable ? "reachable" : "unreachable")} | {m.Version}",
        PbmReply.Count count => $"Count: {count.Nodes} nodes",
        PbmReply.Status s => $"{s.Address} | {Roles(s.Roles)} | {s.State} | {s.Version} | leader {s.Leader ?? "none"} | "
            + $"{s.Members} members, {s.Unreachable} unreachable",
        PbmReply.LedBy leader => leader.Address ?? "no leader",
        PbmReply.Change c =>
            $"{c.At.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture)} {c.What} {c.Address} {Roles(c.Roles)}",
        PbmReply.Actor actor => new string(' ', 2 * actor.Depth) + NameOf(actor.Path),
        PbmReply.Done done => done.Text,
        _ => "",
    });

    private static string Roles(string[] roles) => $"[{string.Join(", ", roles)}]";

    private static string NameOf(string path) => path.Length == 1 ? path : path[(path.LastIndexOf('/') + 1)..];
}
