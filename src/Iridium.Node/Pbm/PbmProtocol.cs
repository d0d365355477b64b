using System.Text.Json.Serialization;

namespace Iridium.Node.Pbm;

/// <summary>
/// The conversation with a node's command endpoint: UTF-8 lines of JSON over TCP. The client sends one
/// <see cref="PbmRequest"/>; the node answers with any number of <see cref="PbmReply"/> lines, of which
/// <see cref="PbmReply.End"/> or <see cref="PbmReply.Refused"/> is the last, and closes. A connection that closes
/// before was broken.
/// </summary>
public static class PbmProtocol
{
    /// <summary>Changes when an old client would misread a new node's answer; new kinds of reply alone do not
    /// count.</summary>
    public const int Number = 1;

    /// <summary>A request is a command and an address or two.</summary>
    public const int RequestBytes = 16 * 1024;

    /// <summary>A reply line is one member or one actor.</summary>
    public const int ReplyBytes = 256 * 1024;
}

/// <param name="Command">A name of <see cref="PbmCommands"/>, such as <c>cluster show</c>.</param>
/// <param name="Arguments">By the argument's name.</param>
public sealed record PbmRequest(int Protocol, string Command, Dictionary<string, string> Arguments);

/// <summary>One line of an answer.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Member), "member")]
[JsonDerivedType(typeof(Count), "count")]
[JsonDerivedType(typeof(Status), "status")]
[JsonDerivedType(typeof(LedBy), "leader")]
[JsonDerivedType(typeof(Change), "change")]
[JsonDerivedType(typeof(Actor), "actor")]
[JsonDerivedType(typeof(Done), "done")]
[JsonDerivedType(typeof(Refused), "refused")]
[JsonDerivedType(typeof(End), "end")]
public abstract record PbmReply
{
    private PbmReply()
    {
    }

    /// <param name="State">Akka's member status in small letters.</param>
    public sealed record Member(string Address, string[] Roles, string State, bool Reachable, string Version) : PbmReply;

    public sealed record Count(int Nodes) : PbmReply;

    /// <param name="State">Akka's member status in small letters, or <c>none</c> before a cluster was joined.</param>
    public sealed record Status(
        string Address, string[] Roles, string State, string Version, string? Leader, int Members,
        int Unreachable) : PbmReply;

    /// <param name="Address">Null while no member leads.</param>
    public sealed record LedBy(string? Address) : PbmReply;

    /// <summary>Something happened to a member.</summary>
    public sealed record Change(DateTimeOffset At, string What, string Address, string[] Roles) : PbmReply;

    public sealed record Actor(string Path, int Depth) : PbmReply;

    public sealed record Done(string Text) : PbmReply;

    public sealed record Refused(string What, string Next) : PbmReply;

    public sealed record End : PbmReply;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PbmRequest))]
[JsonSerializable(typeof(PbmReply))]
internal sealed partial class PbmJson : JsonSerializerContext;
