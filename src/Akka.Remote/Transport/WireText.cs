using System.Globalization;
using System.Runtime.Serialization;
using System.Text;
using Akka.Remote.Serialization.Proto;
using Google.Protobuf;

namespace Akka.Remote.Transport;

/// <summary>
/// A message's content in a few words, for <see cref="WireLog"/>. What travels is only looked at: nothing is made of it
/// that a user has defined, and what cannot be read is named as it is. Of the user's messages only serializer, manifest
/// and the number of bytes are told.
/// </summary>
internal sealed class WireText(Akka.Serialization.Serialization? serializers)
{
    private const int LongestText = 80;
    private const int LongestMessage = 600;

    /// <summary>Messages in messages deeper than this are not looked into.</summary>
    private const int Deepest = 8;

    private const int Json = 1;
    private const int ClusterMessages = 5;
    private const int Selection = 6;
    private const int PubSub = 9;
    private const int Singleton = 14;
    private const int Misc = 16;
    private const int Primitives = 17;
    private const int SystemMessages = 22;

    /// <returns>Who wrote it, as <c>5:HB</c>, and what it says if that can be told.</returns>
    public string Of(int serializer, string manifest, ReadOnlySpan<byte> body) => Of(serializer, manifest, body, 0);

    /// <summary>Without what would end the line or steer a terminal, and cut if it is long.</summary>
    public static string Clean(string text, int longest)
    {
        if (text.Length <= longest && !text.Any(IsUnprintable)) return text;
        var clean = new StringBuilder();
        foreach (char each in text.AsSpan(0, Math.Min(text.Length, longest)))
        {
            if (IsUnprintable(each)) clean.Append(CultureInfo.InvariantCulture, $"\\u{(int)each:x4}");
            else clean.Append(each);
        }

        return text.Length <= longest ? clean.ToString() : clean.Append('…').ToString();
    }

    // The two are line ends to some who read the file.
    private static bool IsUnprintable(char each) => char.IsControl(each) || each is '\u2028' or '\u2029';

    private string Of(int serializer, string manifest, ReadOnlySpan<byte> body, int depth)
    {
        string name = $"{serializer}:{manifest}";
        try
        {
            if (serializer == Selection) return Select(body, depth);
            string content = Content(serializer, manifest, body, depth);
            return content.Length == 0 ? name : $"{name} {Clean(content, LongestMessage)}";
        }
        catch (Exception error) when (error is SerializationException or InvalidProtocolBufferException)
        {
            return $"{name} (malformed)";
        }
    }

    private string Content(int serializer, string manifest, ReadOnlySpan<byte> body, int depth) => serializer switch
    {
        Json => Clean(Encoding.UTF8.GetString(body[..Math.Min(body.Length, LongestText * 4)]), LongestText),
        Primitives => Made(serializer, manifest, body) is { } value
            ? value is string text ? $"\"{Clean(text, LongestText)}\"" : value.ToString()!
            : "",
        ClusterMessages or Singleton => Made(serializer, manifest, body)?.ToString() ?? "",
        // The others carry users' messages.
        PubSub when manifest is "A" or "B" => Made(serializer, manifest, body)?.ToString() ?? "",
        Misc => MiscContent(manifest, body, depth),
        SystemMessages => SystemContent(manifest, body),
        _ => "",
    };

    // Rooms above this one register theirs when they start; until then their messages have a name only. A number may
    // also have been given to a serializer of the user's.
    private object? Made(int serializer, string manifest, ReadOnlySpan<byte> body)
    {
        bool isOurs = serializers?.FindSerializerById(serializer)?.GetType().Namespace?.StartsWith(
            "Akka.", StringComparison.Ordinal) == true;
        return isOurs ? serializers!.Deserialize(body.ToArray(), serializer, manifest) : null;
    }

    private string Select(ReadOnlySpan<byte> body, int depth)
    {
        WireSelection selection = WireSelection.Parser.ParseFrom(body);
        string path = string.Join('/', selection.Pattern.Select(each => each.Matcher.Length > 0 ? each.Matcher : ".."));
        return $"[{Clean(path, LongestMessage)}] {Payload(selection.Payload, depth)}";
    }

    private string Payload(WirePayload? payload, int depth) => payload is null or { SerializerId: 0 } ? "null"
        : depth >= Deepest ? "…"
        : Of(payload.SerializerId, payload.Manifest.ToStringUtf8(), payload.Message.Span, depth + 1);

    private string MiscContent(string manifest, ReadOnlySpan<byte> body, int depth)
    {
        switch (manifest)
        {
            case "ID": return $"Identify {Payload(WireIdentify.Parser.ParseFrom(body).MessageId, depth)}";
            case "AID":
                WireActorIdentity identity = WireActorIdentity.Parser.ParseFrom(body);
                string who = identity.Path.Length == 0 ? "nobody" : identity.Path;
                return $"ActorIdentity {Payload(identity.CorrelationId, depth)} is {who}";
            case "AR": return WireActorRef.Parser.ParseFrom(body).Path;
            case "PP": return "PoisonPill";
            case "K": return "Kill";
            case "RWHB": return "Heartbeat";
            case "RWHR": return $"HeartbeatRsp uid {WireHeartbeatResponse.Parser.ParseFrom(body).Uid}";
            case "STS": return $"Success {Payload(WireStatusSuccess.Parser.ParseFrom(body).Status, depth)}";
            case "STF": return $"Failure {Cause(WireStatusFailure.Parser.ParseFrom(body).Cause)}";
            default: return "";
        }
    }

    private static string SystemContent(string manifest, ReadOnlySpan<byte> body)
    {
        switch (manifest)
        {
            case "Akka.Dispatch.SysMsg.Watch, Akka" or "Akka.Dispatch.SysMsg.Unwatch, Akka":
                WireDeathWatch watch = WireDeathWatch.Parser.ParseFrom(body);
                return $"{watch.Watchee?.Path} by {watch.Watcher?.Path}";
            case "Akka.Dispatch.SysMsg.DeathWatchNotification, Akka":
                WireDeathWatchNotification death = WireDeathWatchNotification.Parser.ParseFrom(body);
                string how = death.AddressTerminated ? "dead with its node"
                    : death.ExistenceConfirmed ? "dead"
                    : "dead or never was";
                return $"{death.Actor?.Path} is {how}";
            case "Akka.Dispatch.SysMsg.Supervise, Akka": return $"{WireSupervise.Parser.ParseFrom(body).Child?.Path}";
            case "Akka.Dispatch.SysMsg.Failed, Akka":
                WireFailed failed = WireFailed.Parser.ParseFrom(body);
                return $"{failed.Child?.Path} with {Cause(failed.Cause)}";
            case "Akka.Dispatch.SysMsg.Recreate, Akka" or "Akka.Dispatch.SysMsg.Resume, Akka"
                or "Akka.Dispatch.SysMsg.Create, Akka":
                return Cause(WireCause.Parser.ParseFrom(body).Cause);
            default: return "";
        }
    }

    private static string Cause(WireException? cause) => string.IsNullOrEmpty(cause?.TypeName)
        ? "no cause"
        : $"{cause.TypeName}: {Clean(cause.Message, LongestText)}";
}
