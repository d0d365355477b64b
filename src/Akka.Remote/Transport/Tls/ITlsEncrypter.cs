namespace Akka.Remote.Transport.Tls;

/// <summary>What a <see cref="TlsOutbound"/> gives its batches to: the encryption, and the connection below it.</summary>
internal interface ITlsEncrypter
{
    /// <summary>The line below is slow.</summary>
    bool IsSlow { get; }

    /// <exception cref="IOException">Nothing can be encrypted any more.</exception>
    /// <exception cref="InvalidOperationException">As <see cref="IOException"/>.</exception>
    void Encrypt(ReadOnlySpan<byte> bytes);

    /// <summary>Something urgent comes next, or waits for what is below.</summary>
    void Hurry();

    /// <summary>Nothing can be encrypted any more.</summary>
    void Failed();

    /// <summary>The last of it is with the connection below.</summary>
    void Finished();
}
