namespace Akka.Tests.Specs.Actor;

/// <summary>A thread that no actor and no test kit has ever been on: the kit makes its test actor the one that
/// "runs".</summary>
internal static class OutsideOfActors
{
    public static Exception? Catch(Func<object> action)
    {
        Exception? caught = null;
        Thread thread = new(() => caught = Record.Exception(action));
        thread.Start();
        thread.Join();
        return caught;
    }
}
