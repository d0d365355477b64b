using System.CommandLine;
using System.CommandLine.Invocation;

namespace Iridium.Node.Cli;

/// <summary>What the words after <c>iridium</c> ask for.</summary>
public abstract record Invocation
{
    private Invocation()
    {
    }

    /// <summary>A node with a shell, or a daemon.</summary>
    public sealed record Node(SettingResolver Settings) : Invocation;

    /// <summary>A program that is run to its end, without a node.</summary>
    public sealed record RunProgram(string File, SettingResolver Settings) : Invocation;

    /// <summary>A program that is run step by step, without a node.</summary>
    public sealed record Debug(string File) : Invocation;

    /// <summary>A cluster of several nodes on this machine.</summary>
    public sealed record Dev(int Nodes, SettingResolver Settings) : Invocation;

    /// <summary>A command to the command endpoint of a running node.</summary>
    public sealed record Pbm(string Endpoint, IReadOnlyList<string> Words, SettingResolver Settings) : Invocation;

    /// <summary>The command line is wrong.</summary>
    public sealed record Rejected(UserError Error) : Invocation;

    /// <summary>Help or the version was asked for, and has been printed.</summary>
    public sealed record Answered(ExitCode Code) : Invocation;
}

/// <summary>Reads the command line. System.CommandLine splits it and prints the help; every value stays text until
/// <see cref="SettingParser"/> has judged it, so that an option, a variable and a file get the same error.</summary>
public sealed class CommandLine
{
    public const int MostDevNodes = 16;

    private readonly Dictionary<Setting, Option> _options = SettingTable.All.ToDictionary(s => s, ToOption);
    private readonly Argument<string?> _program = new("program")
    {
        Description = "Program to run: assembly text, or an image. Without one, the shell opens",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string> _devNodes = new("--nodes")
    {
        Description = $"How many nodes, 1 to {MostDevNodes}",
        DefaultValueFactory = _ => "3",
    };

    private readonly Argument<string> _debugged = new("program")
    {
        Description = "Program to look into: assembly text, or an image",
    };

    private readonly Argument<string[]> _pbmWords = new("words")
    {
        Description = "host:port of a node's command endpoint, then the command; `help` lists them",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Func<string, string?> _variable;
    private readonly Func<string, FileSettings> _open;
    private readonly RootCommand _root;
    private readonly Command _debug;
    private readonly Command _dev;
    private readonly Command _pbm;

    /// <param name="variable">Reads an environment variable.</param>
    /// <param name="open">Opens the configuration file of this name.</param>
    public CommandLine(Func<string, string?> variable, Func<string, FileSettings> open)
    {
        _variable = variable;
        _open = open;
        _root = new RootCommand("Iridium: a cluster of language VMs that is one machine.");
        _root.Arguments.Add(_program);
        foreach (Setting setting in SettingTable.All) _root.Options.Add(_options[setting]);
        _debug = new Command("debug", "Run a program step by step: breakpoints, listing, registers, trace");
        _debug.Arguments.Add(_debugged);
        _dev = new Command("dev", "Start a cluster of several nodes on this machine, and open the first one's shell");
        _dev.Options.Add(_devNodes);
        _pbm = new Command("pbm", "Send a command to a running node, in the manner of Petabridge.Cmd");
        _pbm.Arguments.Add(_pbmWords);
        _pbm.TreatUnmatchedTokensAsErrors = false;
        foreach (Setting setting in DevSettings) _dev.Options.Add(_options[setting]);
        _pbm.Options.Add(_options[SettingTable.Output]);
        // Nothing is done while parsing; the actions only mark that no help and no version was asked for.
        foreach (Command command in new[] { _root, _debug, _dev, _pbm }) command.SetAction(_ => 0);
        _root.Subcommands.Add(_debug);
        _root.Subcommands.Add(_dev);
        _root.Subcommands.Add(_pbm);
    }

    private static IEnumerable<Setting> DevSettings =>
        [SettingTable.ConfigFile, SettingTable.LogLevel, SettingTable.LogFile, SettingTable.Output];

    public Invocation Read(IReadOnlyList<string> words)
    {
        ParseResult parsed = _root.Parse(words);
        if (parsed.Action is not ParseErrorAction && parsed.Action != parsed.CommandResult.Command.Action)
            return new Invocation.Answered((ExitCode)parsed.Invoke());
        if (ErrorOf(parsed) is { } error) return new Invocation.Rejected(error);

        SettingResolver settings = new(s => OptionText(parsed, s), _variable, _open);
        if (parsed.CommandResult.Command == _pbm)
        {
            string[] rest = [.. parsed.GetValue(_pbmWords) ?? [], .. parsed.UnmatchedTokens];
            return rest.Length > 0
                ? new Invocation.Pbm(rest[0], rest[1..], settings)
                : new Invocation.Rejected(new("no node is named", "iridium pbm",
                    "say `iridium pbm 127.0.0.1:9110 cluster show`; a node prints its endpoint when it starts"));
        }
        if (parsed.CommandResult.Command == _debug) return new Invocation.Debug(parsed.GetValue(_debugged)!);
        if (parsed.CommandResult.Command == _dev)
        {
            string nodes = parsed.GetValue(_devNodes) ?? "";
            return SettingParser.CountOf(nodes) is >= 1 and <= MostDevNodes and int count
                ? new Invocation.Dev(count, settings)
                : new Invocation.Rejected(new($"`{nodes}` is not a number of nodes", "option --nodes",
                    $"give a number from 1 to {MostDevNodes}"));
        }
        return parsed.GetValue(_program) is { } file
            ? new Invocation.RunProgram(file, settings)
            : new Invocation.Node(settings);
    }

    private string? OptionText(ParseResult parsed, Setting setting)
    {
        if (parsed.GetResult(_options[setting]) is not { Implicit: false } result) return null;
        return _options[setting] is Option<bool> flag
            ? result.GetValue(flag) ? "on" : "off"
            : result.Tokens.Count > 0 ? result.Tokens[^1].Value : "";
    }

    private UserError? ErrorOf(ParseResult parsed)
    {
        bool isPbm = parsed.CommandResult.Command == _pbm;
        // An option that is not known arrives as the program's name, or as one word too many.
        IEnumerable<string> strangers = parsed.UnmatchedTokens;
        if (parsed.CommandResult.Command == _root && parsed.GetResult(_program) is { Tokens.Count: > 0 } program)
            strangers = program.Tokens.Select(t => t.Value).Concat(strangers);
        if (!isPbm && strangers.FirstOrDefault(word => word.StartsWith('-') && word.Length > 1) is { } unknown)
            return Unknown(unknown, parsed.CommandResult.Command);
        if (!isPbm && parsed.UnmatchedTokens.FirstOrDefault() is { } extra)
            return new($"`{extra}` is one word too many", "command line", "run `iridium --help`");
        return parsed.Errors.Count > 0
            ? new(parsed.Errors[0].Message, "command line", "run `iridium --help`")
            : null;
    }

    private static UserError Unknown(string word, Command command)
    {
        string name = word.Split('=')[0];
        string? meant = Nearest.To(name, command.Options.Select(o => o.Name));
        return new($"`{name}` is not an option", "command line",
            meant is null ? "run `iridium --help`" : $"did you mean {meant}? (`iridium --help` lists them all)");
    }

    private static Option ToOption(Setting setting)
    {
        string[] letters = setting.Letter is { } letter ? [$"-{letter}"] : [];
        string description = $"{setting.Meaning} ({setting.Variable}{DefaultOf(setting)})";
        if (setting.Kind == SettingKind.Flag)
            return new Option<bool>(setting.Option, letters) { Description = description };
        return new Option<string>(setting.Option, letters)
        {
            Description = description,
            HelpName = setting.Kind.ToString().ToLowerInvariant(),
            Arity = ArgumentArity.ExactlyOne,
        };
    }

    private static string DefaultOf(Setting setting) => setting.Default.Length > 0 ? $", default {setting.Default}" : "";
}
