using System.Collections;
using Akka.Remote.Tests.Inside;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Akka.Cluster.Tests.Inside;

/// <summary>Messages as somebody who means harm or has a fault would send them: bytes changed at random, and messages
/// that are whole but say what cannot be.</summary>
internal static class Disturbed
{
    private static readonly long[] Numbers = [0, 1, 2, 3, 7, -1, int.MinValue, int.MaxValue, long.MinValue, long.MaxValue];

    public static byte[] Bytes(byte[] original, Random chance) =>
        DisturbedBytes.Of(original, changes: chance.Next(1, 4), chance);

    /// <summary>Changes one field somewhere in the message: a number, a text, a list, or that it is there at
    /// all.</summary>
    public static void Field(IMessage message, Random chance)
    {
        IList<FieldDescriptor> fields = message.Descriptor.Fields.InDeclarationOrder();
        if (fields.Count == 0) return;
        FieldDescriptor field = fields[chance.Next(fields.Count)];
        object? value = field.Accessor.GetValue(message);
        switch (value)
        {
            case IMessage inner when chance.Next(8) > 0: Field(inner, chance); break;
            case IDictionary: break;
            case IList { Count: > 0 } list: Element(list, field, chance); break;
            case IList list when field.FieldType == FieldType.Int32: list.Add(Number(field, chance)); break;
            case IList: break;
            case string text: field.Accessor.SetValue(message, Text(text, chance)); break;
            case int or uint or long or bool or Enum: field.Accessor.SetValue(message, Number(field, chance)); break;
            default: field.Accessor.Clear(message); break;
        }
    }

    private static void Element(IList list, FieldDescriptor field, Random chance)
    {
        int at = chance.Next(list.Count);
        switch (list[at])
        {
            case IMessage message when chance.Next(4) > 0: Field(message, chance); break;
            case string text when chance.Next(2) > 0: list[at] = Text(text, chance); break;
            case int when chance.Next(2) > 0: list[at] = Number(field, chance); break;
            default:
                if (chance.Next(2) == 0) list.RemoveAt(at);
                else list.Add(list[at]);
                break;
        }
    }

    private static string Text(string text, Random chance) => chance.Next(4) switch
    {
        0 => "",
        1 => text + "x",
        2 => "\r\n" + text,
        _ => text.Length > 1 ? text[1..] : "1.2.3",
    };

    private static object Number(FieldDescriptor field, Random chance)
    {
        long number = chance.Next(3) == 0 ? chance.Next(10) : Numbers[chance.Next(Numbers.Length)];
        return field.FieldType switch
        {
            FieldType.Bool => number > 0,
            FieldType.UInt32 => (uint)number,
            FieldType.Int64 or FieldType.SInt64 => number,
            FieldType.Enum => (int)number,
            _ => (int)number,
        };
    }
}
