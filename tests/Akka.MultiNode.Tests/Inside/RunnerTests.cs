using System.Diagnostics;
using System.Text.RegularExpressions;
using Akka.MultiNode.TestAdapter;
using Akka.Remote.TestKit;

namespace Akka.MultiNode.Tests.Inside;

/// <summary>What becomes of nodes' processes, and what is told of those that fail.</summary>
public class RunnerTests
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(nameof(RunnerPlays.GoesWell))]
    [InlineData(nameof(RunnerPlays.ExitsByOrderOfTheFirst))]
    public async Task A_play_that_goes_well_on_all_nodes_leaves_nothing_behind(string play)
    {
        string[] before = Folders();
        Assert.Null(await Play(play, _limit));
        Assert.Empty(Folders().Except(before));
    }

    [Fact]
    public async Task A_failure_on_one_node_is_told_with_its_message_and_the_logs_are_kept()
    {
        string? story = await Play(nameof(RunnerPlays.FailsOnTheSecond), _limit);

        Assert.NotNull(story);
        Assert.StartsWith("Node second failed: Xunit.Sdk.EqualException: Assert.Equal() Failure", story);
        Assert.Contains("found by the second", story);
        Assert.Contains("Node first failed: Akka.Remote.TestKit.TestConductorException: The barrier", story);
        string folder = Regex.Match(story, @"The whole logs are in (\S+)\. Their last lines:").Groups[1].Value;
        Assert.Contains("first was here", File.ReadAllText(Path.Combine(folder, "first.log")));
        Assert.Contains("second was here", File.ReadAllText(Path.Combine(folder, "second.log")));
        Assert.Contains("second was lost", File.ReadAllText(Path.Combine(folder, "first.log")));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task An_exit_code_that_is_not_0_is_a_failure()
    {
        string? story = await Play(nameof(RunnerPlays.ExitsWithACode), _limit);

        Assert.NotNull(story);
        Assert.StartsWith("Node second ended with exit code 7", story);
        Assert.Contains("Passed: first.", story);
        DeleteLogsOf(story);
    }

    [Fact]
    public async Task Nodes_that_do_not_end_are_killed_when_the_time_is_up()
    {
        string? story = await Play(nameof(RunnerPlays.NeverEnds), TimeSpan.FromSeconds(4));

        Assert.NotNull(story);
        Assert.Contains("Node second did not come to an end, and was killed", story);
        foreach (Match match in Regex.Matches(story, @"process (\d+)"))
            Assert.Throws<ArgumentException>(() => Process.GetProcessById(int.Parse(match.Groups[1].Value)));
        DeleteLogsOf(story);
    }

    [Fact]
    public async Task A_test_run_that_is_aborted_ends_its_nodes()
    {
        using CancellationTokenSource aborted = new();
        Task<string?> play = Play(nameof(RunnerPlays.NeverEnds), _limit, aborted.Token);
        aborted.Cancel();

        string? story = await play.WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Contains("was killed", story);
        DeleteLogsOf(story!);
    }

    [Fact]
    public async Task A_node_ends_when_its_parent_does()
    {
        string program = Path.ChangeExtension(typeof(RunnerPlays).Assembly.Location, null);
        using Process node = Process.Start(new ProcessStartInfo(program, [
            "-Dmultinode.index=1",
            "-Dmultinode.role=second",
            $"-Dmultinode.test-class={typeof(RunnerPlays).FullName}",
            $"-Dmultinode.test-method={nameof(RunnerPlays.NeverEnds)}",
        ]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;

        node.StandardInput.Close();

        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(20));
        await node.WaitForExitAsync(patience.Token);
        Assert.NotEqual(0, node.ExitCode);
    }

    [Theory]
    [InlineData("", "which dotnet test starts")]
    [InlineData("-Dmultinode.test-class=No.Such", "There is no test No.Such.")]
    public async Task A_program_that_was_not_told_what_to_play_says_so(string word, string text)
    {
        string program = Path.ChangeExtension(typeof(RunnerPlays).Assembly.Location, null);
        using Process node = Process.Start(
            new ProcessStartInfo(program, [word]) { RedirectStandardError = true })!;
        string complaint = await node.StandardError.ReadToEndAsync();
        await node.WaitForExitAsync();
        Assert.Contains(text, complaint);
        Assert.Equal(2, node.ExitCode);
    }

    [Fact]
    public void A_spec_that_names_no_roles_is_told_how()
    {
        Assert.Equal(["first", "second"], SpecRun.RolesOf(typeof(RunnerPlays)));
        var complaint = Assert.Throws<InvalidOperationException>(() => SpecRun.RolesOf(typeof(RunnerTests)));
        Assert.Contains("does not say which nodes take part", complaint.Message);
    }

    private static Task<string?> Play(string name, TimeSpan limit, CancellationToken cancelled = default) =>
        new SpecRun(typeof(RunnerPlays), typeof(RunnerPlays).GetMethod(name)!, limit).Play(cancelled);

    private static string[] Folders() => Directory.GetDirectories(Path.GetTempPath(), "multinode-RunnerPlays-*");

    private static void DeleteLogsOf(string story) => Directory.Delete(
        Regex.Match(story, @"The whole logs are in (\S+)\. Their").Groups[1].Value, recursive: true);
}
