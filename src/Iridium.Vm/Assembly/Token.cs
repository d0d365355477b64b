namespace Iridium.Vm.Assembly;

internal enum TokenKind
{
    /// <summary>Letters, digits and underscores: a mnemonic, a name or a number.</summary>
    Word,

    /// <summary><c>name:</c></summary>
    Label,

    /// <summary><c>.name</c></summary>
    Directive,

    /// <summary>A quoted text; <see cref="Token.Text"/> has its escapes resolved.</summary>
    Text,

    /// <summary>One of <c>$ # @ , ( ) + - * / % &amp; | ^ ~ &lt;&lt; &gt;&gt;</c></summary>
    Sign,

    End,
}

/// <summary>A word of the source.</summary>
internal readonly record struct Token(TokenKind Kind, string Text, Span Span)
{
    public bool Is(string sign) => Kind == TokenKind.Sign && Text == sign;

    /// <summary>Whether no blank stands between this and the token before it.</summary>
    public bool Touches(Token previous) => Span.File == previous.Span.File && Span.Start == previous.Span.End;
}
