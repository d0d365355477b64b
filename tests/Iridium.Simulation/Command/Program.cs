namespace Iridium.Simulation.Command;

/// <summary>The command beside the tests: runs seeds, and shows what happens in one.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        Console.Error.WriteLine("usage: dotnet run --project tests/Iridium.Simulation -- --seed <n> [--trace]");
        return arguments.Length == 0 ? 0 : 2;
    }
}
