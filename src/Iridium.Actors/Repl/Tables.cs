using System.Collections.Immutable;
using System.Globalization;
using Iridium.Actors.Protocol;
using Iridium.Vm.Assembly;

namespace Iridium.Actors.Repl;

/// <summary>The lists of the shell, in columns that line up.</summary>
internal static class Tables
{
    private const int RegistersPerLine = 4;

    public static ImmutableArray<ScreenLine> Commands()
    {
        int width = CommandTable.Entries.Max(entry => entry.Syntax.Length <= WideSyntax ? entry.Syntax.Length : 0);
        return [.. CommandTable.Entries.SelectMany(entry => Command(entry, width))];
    }

    public static ImmutableArray<ScreenLine> Help(CommandEntry entry) =>
    [
        ScreenLine.Of(entry.Syntax, TextStyle.Heading),
        ScreenLine.Of("  " + entry.Summary),
        .. entry.Details.Length == 0 ? [] : entry.Details.Split('\n').Select(line => ScreenLine.Of("  " + line)),
    ];

    public static ImmutableArray<ScreenLine> Members(IEnumerable<NodeRow> nodes)
    {
        var table = new TextTable(new("ALIAS"), new("ADDRESS"), new("STATUS"), new("ROLES"), new("REACHABILITY"));
        foreach (NodeRow node in nodes)
        {
            string reachability = string.Concat(
                node.Reachable ? "reachable" : "unreachable",
                node.IsSelf ? " (this node)" : "",
                node.IsLeader ? " (leader)" : "");
            table.Add(
                new(TextStyle.Heading, node.Alias ?? "-"),
                new(TextStyle.Plain, node.Address),
                new(node.Status == "Up" ? TextStyle.Good : TextStyle.Warning, node.Status),
                new(TextStyle.Plain, string.Join(',', node.Roles)),
                new(node.Reachable ? TextStyle.Good : TextStyle.Bad, reachability));
        }
        return table.ToLines();
    }

    public static ImmutableArray<ScreenLine> Processes(IEnumerable<NodeProtocol.Processes> nodes)
    {
        var table = new TextTable(
            new("PID"), new("NODE"), new("PROGRAM"), new("STATE"), new("INSTRUCTIONS", true), new("RESTARTS", true),
            new("AGE", true));
        foreach (NodeProtocol.Processes node in nodes)
        {
            foreach (ProcessRow row in node.Rows)
            {
                table.Add(
                    new(TextStyle.Heading, new Pid(node.Node, row.Number).ToString()),
                    new(TextStyle.Plain, node.Node),
                    new(TextStyle.Plain, Shortened(row.Program)),
                    new(StyleOf(row.State), State(row)),
                    new(TextStyle.Plain, row.Instructions.ToString("N0", CultureInfo.InvariantCulture)),
                    new(TextStyle.Plain, row.Restarts.ToString(CultureInfo.InvariantCulture)),
                    new(TextStyle.Plain, Age(row.Age)));
            }
        }
        return table.ToLines();
    }

    public static ImmutableArray<ScreenLine> Registers(MachineView.Registers view)
    {
        var lines = new List<ScreenLine>();
        lines.AddRange(RegisterFile(view.Integers, value => value.ToString(CultureInfo.InvariantCulture)));
        lines.Add(ScreenLine.Of("Float registers:"));
        lines.AddRange(RegisterFile(view.Floats, value => value.ToString("R", CultureInfo.InvariantCulture)));
        lines.Add(ScreenLine.Of(string.Create(
            CultureInfo.InvariantCulture,
            $"pc {view.ProgramCounter}, equal flag {(view.EqualFlag ? "set" : "clear")}, remainder {view.Remainder}, "
            + $"loop counter {view.LoopCounter}, stack {view.StackSlots} slots, heap {view.HeapBytes} bytes")));
        return [.. lines];
    }

    public static ImmutableArray<ScreenLine> Symbols(ImmutableArray<Symbol> symbols)
    {
        var table = new TextTable(new("SYMBOL"), new("KIND"), new("VALUE", true));
        foreach (Symbol symbol in symbols)
        {
            string kind = symbol.Kind switch
            {
                SymbolKind.Code => "label",
                SymbolKind.Data => "data",
                _ => "constant",
            };
            table.Add(
                new(TextStyle.Heading, symbol.Name),
                new(TextStyle.Plain, kind),
                new(TextStyle.Plain, symbol.Value.ToString("R", CultureInfo.InvariantCulture)));
        }
        return table.ToLines();
    }

    public static ImmutableArray<ScreenLine> History(IReadOnlyList<string> lines, int first)
    {
        int width = Number(lines.Count - 1).Length;
        return
        [
            .. lines.Select((line, index) => ScreenLine.Of(
                new TextSpan(TextStyle.Quiet, Number(index).PadLeft(width) + "  "),
                new TextSpan(TextStyle.Plain, line))),
        ];

        string Number(int index) => (first + index).ToString(CultureInfo.InvariantCulture);
    }

    private const int WideSyntax = 32;
    private const int WideName = 40;

    // A name that is longer than a column should be keeps its end, which tells files apart.
    private static string Shortened(string name)
    {
        string plain = PlainText.Of(name);
        if (plain.Length <= WideName) return plain;
        string end = plain[^(WideName - 3)..];
        return "..." + (char.IsLowSurrogate(end[0]) ? end[1..] : end);
    }

    // A syntax wider than its column stands on a line of its own.
    private static IEnumerable<ScreenLine> Command(CommandEntry entry, int width)
    {
        bool wide = entry.Syntax.Length > width;
        if (wide) yield return ScreenLine.Of("  " + entry.Syntax, TextStyle.Heading);
        yield return ScreenLine.Of(
            new TextSpan(TextStyle.Heading, "  " + (wide ? "" : entry.Syntax).PadRight(width) + "  "),
            new TextSpan(TextStyle.Plain, entry.Summary));
    }

    private static IEnumerable<ScreenLine> RegisterFile<T>(ImmutableArray<T> values, Func<T, string> text)
        where T : struct
    {
        string[] cells = [.. values.Select((value, index) => $"${index}".PadRight(4) + text(value))];
        int width = cells.Max(cell => cell.Length) + 2;
        return cells.Chunk(RegistersPerLine)
            .Select(line => ScreenLine.Of("  " + string.Concat(line.Select(cell => cell.PadRight(width))).TrimEnd()));
    }

    private static string State(ProcessRow row) => row.State switch
    {
        ProcessState.Finished or ProcessState.Crashed =>
            string.Create(CultureInfo.InvariantCulture, $"{row.State.ToString().ToLowerInvariant()} {row.Code}"),
        _ => row.State.ToString().ToLowerInvariant(),
    };

    private static TextStyle StyleOf(ProcessState state) => state switch
    {
        ProcessState.Running => TextStyle.Good,
        ProcessState.Throttled or ProcessState.Restarting or ProcessState.Killed => TextStyle.Warning,
        ProcessState.Crashed or ProcessState.Failed => TextStyle.Bad,
        _ => TextStyle.Quiet,
    };

    private static string Age(TimeSpan age) => age switch
    {
        { TotalMinutes: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{age.TotalSeconds:0.0} s"),
        { TotalDays: < 1 } => age.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(long)age.TotalDays} d {age:h\\:mm}"),
    };
}
