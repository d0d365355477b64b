using System.Text;

namespace Iridium.Node.Shell;

/// <summary>UTF-8 lines from a stream, none longer than a limit: whoever sends more is not listened to.</summary>
public sealed class BoundedLineReader(Stream stream, int lineBytes) : IDisposable
{
    private readonly byte[] _buffer = new byte[4096];
    private readonly MemoryStream _line = new();
    private int _at;
    private int _count;

    /// <returns>Null at the end of the stream; what stands there without a line end is dropped.</returns>
    /// <exception cref="IOException">The line is over the limit, or the stream broke.</exception>
    public async ValueTask<string?> ReadLine(CancellationToken cancelled)
    {
        _line.SetLength(0);
        while (true)
        {
            if (_at == _count)
            {
                _at = 0;
                _count = await stream.ReadAsync(_buffer, cancelled);
                if (_count == 0) return null;
            }
            int end = _buffer.AsSpan(_at, _count - _at).IndexOf((byte)'\n');
            int length = end < 0 ? _count - _at : end;
            if (_line.Length + length > lineBytes) throw new IOException($"a line is longer than {lineBytes} bytes");
            _line.Write(_buffer, _at, length);
            _at += length + (end < 0 ? 0 : 1);
            if (end >= 0) return Encoding.UTF8.GetString(_line.GetBuffer(), 0, (int)_line.Length).TrimEnd('\r');
        }
    }

    public void Dispose() => _line.Dispose();
}
