using System.Text;

namespace Iridium.Node.Shell;

/// <summary>Bytes of a connection to lines of text. It steps over the negotiation that telnet clients send (RFC
/// 854).</summary>
public sealed class LineDecoder(int lineBytes)
{
    public enum Result
    {
        More,
        Line,
        Interrupt,
        EndOfInput,
        TooLong,
    }

    private const byte CtrlC = 3;
    private const byte CtrlD = 4;
    private const byte TelnetEscape = 255;
    private const byte TelnetInterrupt = 244;
    private const byte TelnetSubnegotiation = 250;
    private const byte TelnetSubnegotiationEnd = 240;

    private readonly MemoryStream _line = new();
    private Telnet _telnet;

    private enum Telnet
    {
        Text,
        Escaped,
        Option,
        Subnegotiation,
        SubnegotiationEscaped,
    }

    public Result Take(byte next, out string line)
    {
        line = "";
        if (_telnet != Telnet.Text) return TakeTelnet(next);
        switch (next)
        {
            case TelnetEscape:
                _telnet = Telnet.Escaped;
                return Result.More;
            case (byte)'\n':
                line = Encoding.UTF8.GetString(_line.GetBuffer(), 0, (int)_line.Length);
                _line.SetLength(0);
                return Result.Line;
            case (byte)'\r' or 0:
                return Result.More;
            case CtrlC:
                _line.SetLength(0);
                return Result.Interrupt;
            case CtrlD when _line.Length == 0:
                return Result.EndOfInput;
        }
        if (_line.Length >= lineBytes) return Result.TooLong;
        _line.WriteByte(next);
        return Result.More;
    }

    private Result TakeTelnet(byte next)
    {
        (_telnet, Result result) = (_telnet, next) switch
        {
            (Telnet.Escaped, TelnetInterrupt) => (Telnet.Text, Result.Interrupt),
            (Telnet.Escaped, TelnetSubnegotiation) => (Telnet.Subnegotiation, Result.More),
            // WILL, WONT, DO and DONT have one more byte; the other commands none.
            (Telnet.Escaped, > TelnetSubnegotiation and < TelnetEscape) => (Telnet.Option, Result.More),
            (Telnet.Subnegotiation, TelnetEscape) => (Telnet.SubnegotiationEscaped, Result.More),
            (Telnet.Subnegotiation, _) => (Telnet.Subnegotiation, Result.More),
            (Telnet.SubnegotiationEscaped, not TelnetSubnegotiationEnd) => (Telnet.Subnegotiation, Result.More),
            _ => (Telnet.Text, Result.More),
        };
        return result;
    }
}
