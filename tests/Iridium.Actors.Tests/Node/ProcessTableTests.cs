using System.Collections.Immutable;
using Iridium.Actors.Node;
using Iridium.Actors.Protocol;

namespace Iridium.Actors.Tests.Node;

public sealed class ProcessTableTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void Numbers_count_up_and_are_never_given_twice()
    {
        var table = new ProcessTable(maxLiving: 2, endedKept: 1);
        Assert.Equal(1, table.Add("a", default));
        Assert.Equal(2, table.Add("b", default));
        Assert.True(table.IsFull);
        Assert.Throws<InvalidOperationException>(() => table.Add("c", default));
        table.End(2, ProcessState.Killed, 0, null, Second);
        Assert.Equal(3, table.Add("c", default));
    }

    [Fact]
    public void Only_the_latest_that_ended_are_kept()
    {
        var table = new ProcessTable(maxLiving: 10, endedKept: 2);
        for (int number = 1; number <= 5; number++)
        {
            table.Add("p", default);
            if (number > 1) table.End(number, ProcessState.Finished, 0, 7, Second);
        }
        Assert.Equal([1, 4, 5], Rows(table).Select(row => row.Number));
        Assert.Equal(1, table.Living);
        Assert.Null(table.StateOf(2));
    }

    [Fact]
    public void The_first_end_counts_and_late_news_does_not()
    {
        var table = new ProcessTable(10, 10);
        table.Add("p", default);
        table.Progress(1, ProcessState.Throttled, 5, 1);
        Assert.Equal(ProcessState.Throttled, table.StateOf(1));
        table.End(1, ProcessState.Crashed, 2, 9, 3 * Second);
        table.End(1, ProcessState.Killed, 0, 99, 4 * Second);
        table.Progress(1, ProcessState.Running, 100, 7);
        table.Progress(77, ProcessState.Running, 1, 1);
        table.End(77, ProcessState.Killed, 0, null, default);
        ProcessRow row = Assert.Single(Rows(table));
        Assert.Equal(new ProcessRow(1, "p", ProcessState.Crashed, 2, 9, 1, 3 * Second), row);
        Assert.Equal(0, table.Living);
    }

    [Fact]
    public void A_list_that_is_too_long_shows_the_living_first()
    {
        var table = new ProcessTable(10, 10);
        for (int number = 1; number <= 6; number++) table.Add("p", default);
        foreach (int number in new[] { 3, 4, 5 }) table.End(number, ProcessState.Finished, 0, 0, Second);
        ImmutableArray<ProcessRow> rows = table.Rows(Second, 4, out int omitted);
        Assert.Equal([1, 2, 5, 6], rows.Select(row => row.Number));
        Assert.Equal(2, omitted);
    }

    [Theory]
    [InlineData("3", "node1/3")]
    [InlineData("node2/4", "node2/4")]
    [InlineData("0", null)]
    [InlineData("-1", null)]
    [InlineData("node2/", null)]
    [InlineData("/3", null)]
    [InlineData("a b/3", null)]
    [InlineData("99999999999", null)]
    [InlineData("x", null)]
    public void A_number_alone_means_this_node(string text, string? expected) =>
        Assert.Equal(expected is not null, Pid.TryParse(text, "node1", out Pid? pid) && pid.ToString() == expected);

    private static ImmutableArray<ProcessRow> Rows(ProcessTable table) => table.Rows(10 * Second, 100, out _);
}
