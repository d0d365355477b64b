using System.Runtime.CompilerServices;

namespace Iridium.Actors.Tests;

/// <summary>Texts that are kept beside the tests. With UPDATE_GOLDEN=1 they are written anew; then read the
/// difference.</summary>
internal static class Golden
{
    public static void Expect(string actual, string name, [CallerFilePath] string caller = "")
    {
        string path = Path.Combine(Path.GetDirectoryName(caller)!, name);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
            return;
        }
        Assert.True(File.Exists(path), $"There is no {name}. UPDATE_GOLDEN=1 writes it.");
        Assert.Equal(File.ReadAllText(path), actual);
    }
}
