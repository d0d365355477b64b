using System.Collections.Immutable;

namespace Iridium.Actors.Repl;

/// <summary>What an argument is, from which completion knows what to offer.</summary>
public enum ArgumentKind
{
    File,
    Alias,
    Pid,
    Host,
    Port,
    Command,
    Text,
}

/// <param name="Name">As help shows it, between angle brackets.</param>
/// <param name="Option">With a name like <c>--on</c>, the argument follows that word anywhere in the line; null: by
/// place.</param>
/// <param name="IsFlag">An option that takes no value.</param>
/// <param name="TakesRest">This and everything after it.</param>
public sealed record CommandArgument(
    string Name, ArgumentKind Kind, bool Required = true, string? Option = null, bool IsFlag = false,
    bool TakesRest = false)
{
    /// <summary>As help writes it: <c>[--on &lt;alias&gt;]</c>.</summary>
    public string Syntax
    {
        get
        {
            string value = IsFlag ? "" : TakesRest ? $"<{Name}>..." : $"<{Name}>";
            string text = Option is null ? value : $"{Option} {value}".TrimEnd();
            return Required ? text : $"[{text}]";
        }
    }
}

/// <summary>One command of the shell.</summary>
/// <param name="Command">What it does.</param>
/// <param name="Name">As it is typed, with its exclamation mark.</param>
/// <param name="Arguments">In the order of their places; options after them.</param>
/// <param name="Summary">One line for the list of commands.</param>
/// <param name="Details">More, for <c>!help</c> with this command's name; may be empty.</param>
public sealed record CommandEntry(
    ShellCommand Command, string Name, ImmutableArray<CommandArgument> Arguments, string Summary, string Details)
{
    /// <summary>The name and the arguments as help writes them.</summary>
    public string Syntax => string.Join(' ', Arguments.Select(argument => argument.Syntax).Prepend(Name));
}

/// <summary>The commands of the shell. Parser, help and completion read this table and nothing else.</summary>
public static class CommandTable
{
    private static readonly CommandArgument On = new("alias", ArgumentKind.Alias, Required: false, Option: "--on");
    private static readonly CommandArgument Restart =
        new("restart", ArgumentKind.Text, Required: false, Option: "--restart", IsFlag: true);

    private static readonly CommandArgument Rest =
        new("argument", ArgumentKind.Text, Required: false, TakesRest: true);

    private static readonly CommandArgument OptionalFile = new("file", ArgumentKind.File, Required: false);

    public static ImmutableArray<CommandEntry> Entries { get; } =
    [
        Entry(ShellCommand.Help, "!help", "Lists the commands, or explains one.", "",
            new CommandArgument("command", ArgumentKind.Command, Required: false)),
        Entry(ShellCommand.LoadFile, "!load_file", "Assembles a file and runs it in this shell's machine.",
            "Without a file it asks for one. The program is added to the machine's own; afterwards its registers and\n"
            + "symbols can be looked at, and lines typed at the prompt go on from there. Ctrl+C stops it.",
            OptionalFile, Rest),
        Entry(ShellCommand.Spawn, "!spawn", "Assembles a file and runs it in the background, here or on another node.",
            "Without a file it asks for one. What the program prints appears at this prompt, wherever it runs.\n"
            + "--on      the alias of the node to run it on (`!cluster_members` lists them)\n"
            + "--restart start it again when it crashes\n"
            + "--        what follows are the program's arguments, whatever they look like",
            OptionalFile, On, Restart, Rest),
        Entry(ShellCommand.Processes, "!ps", "Lists the programs of all nodes.", ""),
        Entry(ShellCommand.Kill, "!kill", "Ends a program, on whatever node it runs.",
            "`!kill 3` ends program 3 of this node, `!kill node2/3` that of node2. Without a number it ends the\n"
            + "program that a line typed at this prompt left running.",
            new CommandArgument("pid", ArgumentKind.Pid, Required: false)),
        Entry(ShellCommand.State, "!state", "Shows where a running program stands: instruction, registers, stack.", "",
            new CommandArgument("pid", ArgumentKind.Pid)),
        Entry(ShellCommand.Trace, "!trace", "Follows a running program for some instructions and shows what each did.",
            "`!trace node2/3 50` follows 50 instructions; without a number it is 20, and 100 at the most. The program\n"
            + "notices nothing, and runs on.",
            new CommandArgument("pid", ArgumentKind.Pid),
            new CommandArgument("count", ArgumentKind.Text, Required: false)),
        Entry(ShellCommand.StartCluster, "!start_cluster", "Starts a cluster of one, which others can join.", ""),
        Entry(ShellCommand.JoinCluster, "!join_cluster", "Joins the cluster that another node is in.",
            "For example: !join_cluster 127.0.0.1 2254",
            new CommandArgument("ip", ArgumentKind.Host), new CommandArgument("port", ArgumentKind.Port)),
        Entry(ShellCommand.ClusterMembers, "!cluster_members", "Lists the nodes of the cluster.", ""),
        Entry(ShellCommand.Registers, "!registers", "Lists the registers of this shell's machine.", ""),
        Entry(ShellCommand.ClearRegisters, "!clear_registers", "Sets all its registers to zero.", ""),
        Entry(ShellCommand.Program, "!program", "Lists its program: address, bytes, instruction.", ""),
        Entry(ShellCommand.ClearProgram, "!clear_program", "Empties its program.", ""),
        Entry(ShellCommand.Symbols, "!symbols", "Lists its labels, constants and their values.", ""),
        Entry(ShellCommand.History, "!history", "Lists the lines typed so far.", ""),
        Entry(ShellCommand.Quit, "!quit", "Ends this session.", ""),
    ];

    private static readonly Dictionary<string, CommandEntry> ByName =
        Entries.ToDictionary(entry => entry.Name, StringComparer.OrdinalIgnoreCase);

    /// <param name="name">In any case, with or without its exclamation mark.</param>
    public static CommandEntry? Find(string name) =>
        ByName.GetValueOrDefault(name.StartsWith('!') ? name : "!" + name);

    public static CommandEntry Of(ShellCommand command) => Entries.First(entry => entry.Command == command);

    private static CommandEntry Entry(
        ShellCommand command, string name, string summary, string details, params CommandArgument[] arguments) =>
        new(command, name, [.. arguments], summary, details);
}
