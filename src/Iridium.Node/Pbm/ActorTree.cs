using Akka.Actor;

namespace Iridium.Node.Pbm;

/// <summary>Walks a node's actors, parents before their children, siblings by name.</summary>
public static class ActorTree
{
    /// <param name="start">A path below the root, such as <c>/user/node</c>.</param>
    /// <param name="depth">Levels to go down; 0 is the start alone.</param>
    public static IEnumerable<PbmReply.Actor> Of(IActorRef root, string start, int depth)
    {
        string[] names = start.Split('/', StringSplitOptions.RemoveEmptyEntries);
        IActorRef? at = root;
        foreach (string name in names)
        {
            at = ChildrenOf(at).FirstOrDefault(child => child.Path.Name == name);
            if (at is null) return [];
        }
        return Below(at, "/" + string.Join('/', names), 0, depth);
    }

    private static IEnumerable<PbmReply.Actor> Below(IActorRef actor, string path, int level, int depth)
    {
        yield return new PbmReply.Actor(path, level);
        if (level == depth) yield break;
        string prefix = path == "/" ? path : path + "/";
        foreach (IActorRef child in ChildrenOf(actor).OrderBy(child => child.Path.Name, StringComparer.Ordinal))
        {
            foreach (PbmReply.Actor below in Below(child, prefix + child.Path.Name, level + 1, depth)) yield return below;
        }
    }

    private static IEnumerable<IActorRef> ChildrenOf(IActorRef actor) =>
        actor is ActorRefWithCell cell ? cell.Children : [];
}
