namespace Akka.Cluster.Tools.Singleton;

/// <summary>
/// What singleton managers say to each other: the serializer with id 14 writes these. They have no content.
/// </summary>
internal interface IClusterSingletonMessage;

/// <summary>From who becomes the oldest to who was: stop yours, I take over.</summary>
internal sealed record HandOverToMe : IClusterSingletonMessage
{
    public static readonly HandOverToMe Instance = new();
}

/// <summary>I am stopping it.</summary>
internal sealed record HandOverInProgress : IClusterSingletonMessage
{
    public static readonly HandOverInProgress Instance = new();
}

/// <summary>It is stopped, or there was none.</summary>
internal sealed record HandOverDone : IClusterSingletonMessage
{
    public static readonly HandOverDone Instance = new();
}

/// <summary>From who was the oldest to who becomes it: ask me to hand over.</summary>
internal sealed record TakeOverFromMe : IClusterSingletonMessage
{
    public static readonly TakeOverFromMe Instance = new();
}
