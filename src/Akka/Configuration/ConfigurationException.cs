using Akka.Actor;

namespace Akka.Configuration;

/// <summary>A setting is missing, malformed or contradicts another one. The message names it and, where known, the
/// place in the text that gave its value.</summary>
public class ConfigurationException : AkkaException
{
    public ConfigurationException(string message) : base(message)
    {
    }

    public ConfigurationException(string message, Exception? cause) : base(message, cause)
    {
    }
}

/// <summary>A text is not HOCON. The message begins with the place of the first offence, as <c>name:line:column</c>,
/// or
/// <c>line 3, column 7</c> where the text has no name.</summary>
public sealed class HoconParserException : ConfigurationException
{
    internal HoconParserException(string problem, Hocon.HoconOrigin origin) : base($"{origin}: {problem}")
    {
        Line = origin.Line;
        Column = origin.Column;
    }

    /// <summary>Counted from 1.</summary>
    public int Line { get; }

    /// <summary>Counted from 1, in UTF-16 code units.</summary>
    public int Column { get; }
}
