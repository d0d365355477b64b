using System.Collections.Immutable;
using System.Text;
using Iridium.Node.Cli;

namespace Iridium.Node.Pbm;

/// <summary>One argument, given by its letter or in its place.</summary>
public sealed record PbmArgument(string Name, char Letter, bool IsRequired, string Meaning);

/// <summary>One command of the endpoint.</summary>
public sealed record PbmCommand(string Name, ImmutableArray<PbmArgument> Arguments, string Meaning);

/// <summary>The commands. Client, node and help read this table.</summary>
public static class PbmCommands
{
    private static readonly PbmArgument Node = new("address", 'a', true,
        "the member: akka.tcp://iridium@host:port, host:port, or its alias");

    public static readonly ImmutableArray<PbmCommand> All =
    [
        new("cluster show", [], "every member: address | roles | status | reachability | version"),
        new("cluster status", [], "what this node knows of itself and of the cluster"),
        new("cluster leader", [], "the member that leads"),
        new("cluster join", [new("address", 'a', true, "a member of the cluster to join: host:port")],
            "join the cluster of another node; to the node's own address, start one"),
        new("cluster leave", [Node with { IsRequired = false }], "let a member, or this node, leave in order"),
        new("cluster down", [Node], "declare a member gone for good"),
        new("cluster down-unreachable", [], "declare every unreachable member gone for good"),
        new("cluster tail", [], "what happens to members, as it happens, until ctrl-c"),
        new("actor hierarchy",
            [
                new("path", 's', false, "where to start, such as /user/node"),
                new("depth", 'd', false, "how many levels to show"),
            ],
            "the tree of this node's actors"),
    ];

    /// <summary>Reads the words of a command line.</summary>
    public static (PbmRequest? Request, UserError? Error) Parse(IReadOnlyList<string> words)
    {
        string name = string.Join(' ', words.Take(2));
        PbmCommand? command = All.FirstOrDefault(c => c.Name == name);
        if (command is null)
        {
            string? meant = Nearest.To(name, All.Select(c => c.Name));
            return (null, new(name.Length == 0 ? "no command is given" : $"`{name}` is not a command", "iridium pbm",
                (meant is null ? "" : $"did you mean `{meant}`? ") + "`iridium pbm help` lists them"));
        }
        Dictionary<string, string> arguments = [];
        for (int at = 2; at < words.Count; at++)
        {
            string word = words[at];
            PbmArgument? argument = command.Arguments.FirstOrDefault(
                a => word == $"-{a.Letter}" || word == $"--{a.Name}");
            if (argument is not null && ++at == words.Count)
                return (null, new($"`{word}` needs a value", name, $"give {argument.Meaning}"));
            bool isOption = word.StartsWith('-') && argument is null;
            argument ??= isOption ? null : command.Arguments.FirstOrDefault(a => !arguments.ContainsKey(a.Name));
            if (argument is null)
                return (null,
                    new($"`{word}` is not an argument of {name}", "iridium pbm", "`iridium pbm help` lists them"));
            arguments[argument.Name] = words[at];
        }
        PbmArgument? missing = command.Arguments.FirstOrDefault(a => a.IsRequired && !arguments.ContainsKey(a.Name));
        return missing is null
            ? (new PbmRequest(PbmProtocol.Number, name, arguments), null)
            : (null, new($"`{name}` needs -{missing.Letter} <{missing.Name}>", "iridium pbm", $"give {missing.Meaning}"));
    }

    public static string Help()
    {
        var help = new StringBuilder("""
            iridium pbm <host:port> <command> [--output json]

            The node prints its command endpoint when it starts; 127.0.0.1:9110 unless that is taken.


            """);
        foreach (PbmCommand command in All)
        {
            string arguments = string.Concat(command.Arguments.Select(a =>
                a.IsRequired ? $" -{a.Letter} <{a.Name}>" : $" [-{a.Letter} <{a.Name}>]"));
            help.AppendLine($"  {command.Name + arguments,-38} {command.Meaning}");
        }
        return help.Append("""

            Exit codes: 0 done, 1 the node refused, 2 the command line is wrong, 7 no node answered.

            """).ToString();
    }
}
