using System.Text.Json;

namespace Iridium.FaultLab;

/// <summary>Prints findings as they come: aligned lines, or one JSON object a line.</summary>
internal sealed class FindingReport(TextWriter output, bool ndJson)
{
    private bool _headed;

    public void Add(Finding finding)
    {
        if (ndJson)
        {
            output.WriteLine(JsonSerializer.Serialize(new
            {
                row = finding.Row, fault = finding.Fault, figure = finding.Figure, reach = finding.Reach,
                measured = finding.Measured, verdict = Word(finding.Verdict),
            }));
            return;
        }
        if (!_headed) output.WriteLine(Line("row", "fault", "figure", "to reach", "measured", "verdict"));
        _headed = true;
        output.WriteLine(Line(
            $"{finding.Row}", finding.Fault, finding.Figure, finding.Reach, finding.Measured, Word(finding.Verdict)));
    }

    private static string Line(
        string row, string fault, string figure, string reach, string measured, string verdict) =>
        $"{row,3}  {fault,-23} {figure,-66} {reach,-22} {measured,-38} {verdict}".TrimEnd();

    private static string Word(Verdict verdict) => verdict.ToString().ToLowerInvariant();
}
