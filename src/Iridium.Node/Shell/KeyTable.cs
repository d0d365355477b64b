using System.Text;

namespace Iridium.Node.Shell;

/// <summary>What each key of a console means, as in readline.</summary>
public static class KeyTable
{
    public static Key Of(ConsoleKeyInfo info)
    {
        bool control = info.Modifiers.HasFlag(ConsoleModifiers.Control);
        bool alt = info.Modifiers.HasFlag(ConsoleModifiers.Alt);
        return info.Key switch
        {
            ConsoleKey.Enter => Key.Enter,
            ConsoleKey.Tab => Key.Tab,
            ConsoleKey.Backspace => control || alt ? Key.DeleteWord : Key.Backspace,
            ConsoleKey.Delete => Key.Delete,
            ConsoleKey.LeftArrow => control || alt ? Key.WordLeft : Key.Left,
            ConsoleKey.RightArrow => control || alt ? Key.WordRight : Key.Right,
            ConsoleKey.UpArrow => Key.Up,
            ConsoleKey.DownArrow => Key.Down,
            ConsoleKey.Home => Key.Home,
            ConsoleKey.End => Key.End,
            _ when alt => OfAlt(info.Key),
            // A control character says which letter was held, whatever the console makes of the key.
            _ when info.KeyChar is > '\0' and < ' ' => OfControl(info.KeyChar),
            _ when info.KeyChar == '\x7f' => Key.Backspace,
            _ when info.KeyChar >= ' ' => Key.Character,
            _ => Key.Ignored,
        };
    }

    private static Key OfAlt(ConsoleKey key) => key switch
    {
        ConsoleKey.B => Key.WordLeft,
        ConsoleKey.F => Key.WordRight,
        _ => Key.Ignored,
    };

    private static Key OfControl(char character) => (char)(character + 'A' - 1) switch
    {
        'A' => Key.Home,
        'B' => Key.Left,
        'C' => Key.Interrupt,
        'D' => Key.EndOfInput,
        'E' => Key.End,
        'F' => Key.Right,
        'H' => Key.Backspace,
        'I' => Key.Tab,
        'J' or 'M' => Key.Enter,
        'K' => Key.DeleteToEnd,
        'L' => Key.ClearScreen,
        'N' => Key.Down,
        'P' => Key.Up,
        'U' => Key.DeleteToStart,
        'W' => Key.DeleteWord,
        'Y' => Key.PutBack,
        _ => Key.Ignored,
    };
}

/// <summary>Joins the UTF-16 halves that a console delivers one by one.</summary>
public struct RuneJoiner
{
    private char _high;

    /// <summary>False while a second half is awaited; a half without its partner is dropped.</summary>
    public bool TryJoin(char character, out Rune rune)
    {
        char high = _high;
        _high = '\0';
        if (char.IsHighSurrogate(character))
        {
            _high = character;
            rune = default;
            return false;
        }
        return char.IsLowSurrogate(character)
            ? Rune.TryCreate(high, character, out rune)
            : Rune.TryCreate(character, out rune);
    }
}
