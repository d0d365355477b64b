using System.Reflection;
using System.Runtime.CompilerServices;

namespace Akka.Tests.Inside.Api;

/// <summary>Compares what an assembly shows to others with the text that was approved, which lies beside the test:
/// <c>NAME.approved.txt</c>. <c>UPDATE_GOLDEN=1</c> writes it; then read the difference.</summary>
internal static class Approval
{
    private const int Shown = 10;

    public static void Check(Assembly assembly, [CallerFilePath] string test = "")
    {
        string name = assembly.GetName().Name!;
        string now = Surface.Of(assembly);
        string approved = Path.Combine(Path.GetDirectoryName(test)!, name + ".approved.txt");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1") File.WriteAllText(approved, now);
        Assert.True(File.Exists(approved), $"There is no {approved}. UPDATE_GOLDEN=1 writes it.");
        string[] before = File.ReadAllLines(approved);
        string[] after = now.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] gone = [.. before.Except(after).Take(Shown)];
        string[] come = [.. after.Except(before).Take(Shown)];
        Assert.True(before.SequenceEqual(after),
            $"The public surface of {name} has changed; if it is meant, UPDATE_GOLDEN=1 and this test write it anew."
            + $"\nGone:\n{string.Join('\n', gone)}\nCome:\n{string.Join('\n', come)}");
    }
}
