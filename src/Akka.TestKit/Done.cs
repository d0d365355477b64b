namespace Akka.TestKit;

/// <summary>The test actor's answer to an order of its kit.</summary>
internal sealed class Done
{
    public static readonly Done Instance = new();
}
