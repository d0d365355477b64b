using Akka.Actor;

namespace Akka.Remote.Transport;

/// <summary>Which messages overtake the users': those whose delay would make a healthy node look dead.</summary>
internal static class Priority
{
    /// <summary>The actors of membership and of death watch.</summary>
    public static bool Concerns(ActorPath path) =>
        path.Depth >= 2 && path.ParentOf(1).Name == "system" && IsControl(path.ParentOf(2).Name);

    /// <summary>A selection, sent to the root of the peer's tree, that leads to one of them.</summary>
    public static bool Concerns(object message) =>
        message is ActorSelectionMessage { Elements: [SelectChildName { Name: "system" }, SelectChildName second, ..] }
        && IsControl(second.Name);

    private static bool IsControl(string name) => name is "cluster" or "remote-watcher";
}
