using Akka.Actor;

namespace Akka.Interop.Node;

/// <summary>Travels as JSON.</summary>
public sealed record Note(string Text, int Number, long Long, decimal Price, double Ratio, Guid Id, DateTime At,
    List<string> Words, Dictionary<string, int> Counts, IActorRef? Reply, Note? Inner);

/// <summary>Travels as Hyperion writes it.</summary>
public sealed record Graph(string Text, int Number, long Long, decimal Price, double Ratio, Guid Id, DateTime At,
    List<string> Words, Dictionary<string, int> Counts, IActorRef? Reply, Graph? Inner);

/// <summary>Every message that the two engines exchange here, by a name; and what one of them says, as text, so that both
/// ends can be compared.</summary>
internal static class Messages
{
    private static readonly Guid Id = new("6f1c2b9e-5a1d-4a0f-9d3c-0e8f7a6b5c4d");
    private static readonly DateTime At = new(2026, 2, 3, 4, 5, 6, 789, DateTimeKind.Utc);

    public static object Make(string kind, IActorRef self) => kind.Split(':', 2) switch
    {
        ["string", var text] => text,
        ["long string", var size] => new string('x', int.Parse(size)),
        ["int", var number] => int.Parse(number),
        ["long", var number] => long.Parse(number),
        ["bool"] => true,
        ["double"] => 2.5,
        ["bytes", var size] => Enumerable.Range(0, int.Parse(size)).Select(i => (byte)i).ToArray(),
        ["protobuf", var text] => new Google.Protobuf.WellKnownTypes.StringValue { Value = text },
        ["json", var text] => new Note(text, 7, 1L << 40, 2.50m, 0.1, Id, At, ["a", "b"], new() { ["k"] = 3 }, self,
            new Note("inner", 0, 0, 0, 0, Guid.Empty, default, [], [], null, null)),
        ["hyperion", var text] => new Graph(text, 7, 1L << 40, 2.50m, 0.1, Id, At, ["a", "b"], new() { ["k"] = 3 }, self,
            new Graph("inner", 0, 0, 0, 0, Guid.Empty, default, [], [], null, null)),
        ["failure", var text] => new Status.Failure(new InvalidOperationException(text, new ArgumentException("inner", "name"))),
        ["success", var text] => new Status.Success(text),
        ["ref"] => self,
        ["identify", var id] => new Identify(id),
        ["pill"] => PoisonPill.Instance,
        ["kill"] => Kill.Instance,
        _ => throw new ArgumentException($"No message is called {kind}."),
    };

    public static string Say(object? message) => message switch
    {
        null => "null",
        string { Length: > 1000 } text => $"string of {text.Length}",
        string text => $"string {text}",
        byte[] bytes => $"bytes {bytes.Length} {(bytes.Where((b, i) => b != (byte)i).Any() ? "disturbed" : "whole")}",
        Google.Protobuf.WellKnownTypes.StringValue text => $"protobuf {text.Value}",
        Note note => $"json {note.Text} {note.Number} {note.Long} {note.Price} {note.Ratio} {note.Id} {note.At:O} "
            + $"{Say(note.Words, note.Counts, note.Reply)} ({(note.Inner is null ? "" : Say(note.Inner))})",
        Graph graph => $"hyperion {graph.Text} {graph.Number} {graph.Long} {graph.Price} {graph.Ratio} {graph.Id} {graph.At:O} "
            + $"{Say(graph.Words, graph.Counts, graph.Reply)} ({(graph.Inner is null ? "" : Say(graph.Inner))})",
        Status.Failure failure => $"failure {Say(failure.Cause)}",
        Status.Success success => $"success {Say(success.Status)}",
        Exception error => $"{error.GetType().FullName} {error.Message}"
            + (error.InnerException is null ? "" : $" <- {Say(error.InnerException)}"),
        IActorRef actor => $"ref {actor.Path.ToSerializationFormat()}",
        ActorIdentity found => $"identity {found.MessageId} {found.Subject?.Path.ToSerializationFormat() ?? "nobody"}",
        _ => $"{message.GetType().FullName} {message}",
    };

    private static string Say(List<string>? words, Dictionary<string, int>? counts, IActorRef? reply) =>
        $"[{string.Join(' ', words ?? ["none"])}] [{string.Join(' ', counts ?? [])}] "
        + (reply?.Path.ToSerializationFormat() ?? "nobody");
}
