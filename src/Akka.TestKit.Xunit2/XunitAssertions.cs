using Xunit;
using Xunit.Sdk;

namespace Akka.TestKit.Xunit2;

/// <summary>Tells xunit that an expectation failed.</summary>
public sealed class XunitAssertions : ITestKitAssertions
{
    internal static readonly XunitAssertions Instance = new();

    public void Fail(string format = "", params object[] args) => throw new XunitException(Text(format, args));

    public void AssertTrue(bool condition, string format = "", params object[] args)
    {
        if (!condition) Fail(format, args);
    }

    public void AssertFalse(bool condition, string format = "", params object[] args)
    {
        if (condition) Fail(format, args);
    }

    public void AssertEqual<T>(T expected, T actual, string format = "", params object[] args)
    {
        if (AreEqual(expected, actual)) return;
        Fail(format, args);
    }

    public void AssertEqual<T>(
        T expected, T actual, Func<T, T, bool> comparer, string format = "", params object[] args)
    {
        if (!comparer(expected, actual)) Fail(format, args);
    }

    // xunit's own idea of equality compares collections by their elements, which is what messages want.
    private static bool AreEqual<T>(T expected, T actual)
    {
        try
        {
            Assert.Equal(expected, actual);
            return true;
        }
        catch (EqualException)
        {
            return false;
        }
    }

    private static string Text(string format, object[] args) => args.Length == 0 ? format : string.Format(format, args);
}
