namespace Akka.TestKit;

/// <summary>How messages look in complaints.</summary>
internal static class Texts
{
    private const int MaxMessages = 20;
    private const int MaxLength = 500;

    public static string Of(object? message) => message switch
    {
        null => "null",
        string text => $"<{Short(text)}> (System.String)",
        _ => $"<{Short(message.ToString() ?? "")}> ({message.GetType()})",
    };

    public static string List(IEnumerable<object?> messages)
    {
        string[] all = [.. messages.Select(Of)];
        string shown = string.Join(", ", all.Take(MaxMessages));
        return all.Length > MaxMessages ? $"[{shown}, … {all.Length - MaxMessages} more]" : $"[{shown}]";
    }

    private static string Short(string text) => text.Length <= MaxLength ? text : text[..MaxLength] + "…";
}
