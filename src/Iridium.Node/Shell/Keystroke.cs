using System.Text;

namespace Iridium.Node.Shell;

/// <summary>What a key means to the line being typed.</summary>
public enum Key
{
    Character,
    Enter,
    Tab,
    Backspace,
    Delete,
    Left,
    Right,
    WordLeft,
    WordRight,
    Home,
    End,
    Up,
    Down,
    DeleteToEnd,
    DeleteToStart,
    DeleteWord,
    PutBack,
    Interrupt,
    EndOfInput,
    ClearScreen,
    Ignored,
}

/// <summary>One key pressed; the rune matters for <see cref="Key.Character"/> only.</summary>
public readonly record struct Keystroke(Key Key, Rune Rune = default)
{
    public static Keystroke Of(char character) => new(Key.Character, new Rune(character));

    public static IEnumerable<Keystroke> Typing(string text) =>
        text.EnumerateRunes().Select(rune => new Keystroke(Key.Character, rune));
}
