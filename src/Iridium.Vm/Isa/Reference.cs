using System.Globalization;
using System.Text;
using Iridium.Vm.Execution;

namespace Iridium.Vm.Isa;

/// <summary>The instruction table as text, for the README and for help at a prompt.</summary>
public static class Reference
{
    /// <summary>Faults and instructions as Markdown tables.</summary>
    public static string ToMarkdown()
    {
        var text = new StringBuilder("| fault | code | when |\n|---|---|---|\n");
        foreach (Fault fault in Enum.GetValues<Fault>())
        {
            if (fault == Fault.None) continue;
            text.Append(CultureInfo.InvariantCulture, $"| `{fault}` | {(int)fault} | {fault.ToText()} |\n");
        }
        for (int version = 0; version <= InstructionSet.NewestVersion; version++)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"\nImage version {version}:\n\n| op | name | bytes | effect |\n|---|---|---|---|\n");
            foreach (Instruction row in InstructionSet.Table)
            {
                if (row.Version != version) continue;
                string effect = row.Effect.Replace("|", @"\|");
                text.Append(CultureInfo.InvariantCulture,
                    $"| {(int)row.Opcode} | `{row.Syntax}` | {row.Form.Name} | {effect} |\n");
            }
        }
        return text.ToString();
    }

    /// <summary>
    /// One instruction for a person who asks: how it is written and what it does; null if there is none.
    /// </summary>
    public static string? HelpFor(string name) =>
        InstructionSet.Find(name) is { } row ? $"{row.Syntax}    {row.Effect}" : null;
}
