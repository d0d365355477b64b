using System.Text;

namespace Akka.Serialization.Hyperion.Graph;

/// <summary>
/// Which of our fields the fields of a message are. Hyperion reads its own fields in its own order whatever the message
/// lists, so that both ends must have the same; here fields are found by their names, those that nobody has are
/// skipped, and those that do not come keep their defaults.
/// </summary>
internal static class FieldOrder
{
    /// <summary>Null if the message has the fields that we have, or lists none.</summary>
    public static int[]? Read(ByteSource source, Shape shape)
    {
        if (source.TrySkip(shape.FieldList)) return null;
        var names = new string[source.Byte()];
        for (int i = 0; i < names.Length; i++) names[i] = Encoding.UTF8.GetString(source.Name());
        return names.Length == 0 || shape.Layout != Layout.Fields ? null : Match(names, shape.Fields);
    }

    private static int[] Match(string[] names, InstanceField[] fields)
    {
        // A name that is listed n times is found n times, in turn.
        var taken = new bool[fields.Length];
        var order = new int[names.Length];
        for (int i = 0; i < names.Length; i++)
        {
            string name = names[i];
            order[i] = Array.FindIndex(fields, field => field.Name == name && !taken[Array.IndexOf(fields, field)]);
            if (order[i] >= 0) taken[order[i]] = true;
        }

        return order;
    }
}
