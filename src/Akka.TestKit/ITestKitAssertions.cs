namespace Akka.TestKit;

/// <summary>How a test framework is told that an expectation failed.</summary>
public interface ITestKitAssertions
{
    /// <summary>Fails the test with this message; does not return normally.</summary>
    void Fail(string format = "", params object[] args);

    void AssertTrue(bool condition, string format = "", params object[] args);

    void AssertFalse(bool condition, string format = "", params object[] args);

    void AssertEqual<T>(T expected, T actual, string format = "", params object[] args);

    void AssertEqual<T>(T expected, T actual, Func<T, T, bool> comparer, string format = "", params object[] args);
}
