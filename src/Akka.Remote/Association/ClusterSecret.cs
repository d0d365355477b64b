using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Akka.Configuration;
using Akka.Remote.Wire;

namespace Akka.Remote.Association;

/// <summary>
/// What all nodes of a cluster know and nobody else does, and the proof of knowing it: an HMAC-SHA256 over everything
/// that both sides said. It never leaves this object.
/// <code>
///   dialler  --ASSOCIATE, offers the secret-->  acceptor
///            &lt;--ASSOCIATE, CHALLENGE (nonce)--
///            --PROOF (nonce, mac)-->                        the dialler proves first: who only calls learns nothing
///            &lt;--PROOF (mac)--
/// </code>
/// The nonces make an old proof worthless, the role one that is sent back to its maker, the two greetings (addresses,
/// uids, offers) one that was made for somebody else or for a greeting that was changed under way.
/// </summary>
internal sealed class ClusterSecret
{
    public const int NonceBytes = 32;
    public const int MacBytes = HMACSHA256.HashSizeInBytes;

    /// <summary>A shorter one could be guessed by whoever has recorded a proof, at leisure and without asking
    /// anybody.</summary>
    public const int ShortestBytes = 16;

    /// <summary>Long enough for any key; a file that is longer is not the one that was meant.</summary>
    public const int LongestBytes = 4096;

    private const string None = "off";

    private static readonly byte[] _version = "iridium cluster secret 1"u8.ToArray();

    private readonly byte[] _key;

    private ClusterSecret(string text) => _key = Encoding.UTF8.GetBytes(text);

    /// <summary>Who makes a proof.</summary>
    public enum Role : byte
    {
        Dialler = 1,
        Acceptor = 2,
    }

    /// <summary>The secret that <c>akka.remote.secret</c> gives, or the file that <c>akka.remote.secret-file</c>
    /// names; null when both are off.</summary>
    /// <exception cref="ConfigurationException">It is empty, too short, given twice, or cannot be read. The message
    /// does not contain it.</exception>
    public static ClusterSecret? Read(Config remote)
    {
        string secret = remote.GetString("secret", None) ?? None;
        string file = remote.GetString("secret-file", None) ?? None;
        if (file == None) return secret == None ? null : Checked(secret, "akka.remote.secret");
        if (secret == None) return Checked(FromFile(file).Trim(), $"The file {file} (akka.remote.secret-file)");
        throw new ConfigurationException(
            "akka.remote.secret and akka.remote.secret-file are both given. Set one of them to off.");
    }

    /// <summary>What <paramref name="role"/> has to show to prove that it knows the secret.</summary>
    public byte[] Prove(Role role, SecretTranscript said) => Mac(Text(role, said));

    /// <summary>Whether it has shown it. Takes the same time whatever was shown.</summary>
    public bool Accepts(Role role, SecretTranscript said, ReadOnlySpan<byte> mac) =>
        CryptographicOperations.FixedTimeEquals(Prove(role, said), mac);

    /// <summary>An HMAC over a text that begins with a label of its own kind; texts of proofs begin with a
    /// length.</summary>
    public byte[] Mac(ReadOnlySpan<byte> text) => HMACSHA256.HashData(_key, text);

    /// <summary>Says nothing: whoever prints settings must not print this.</summary>
    public override string ToString() => "(secret)";

    private static ClusterSecret Checked(string text, string where)
    {
        int bytes = Encoding.UTF8.GetByteCount(text);
        if (bytes is >= ShortestBytes and <= LongestBytes) return new ClusterSecret(text);
        string what = bytes == 0 ? "is empty" : $"has {bytes} bytes";
        throw new ConfigurationException(
            $"{where} {what}; a cluster secret has {ShortestBytes} to {LongestBytes}, and should be drawn by lot "
            + "(openssl rand -base64 32).");
    }

    private static string FromFile(string file)
    {
        try
        {
            using FileStream stream = File.OpenRead(file);
            byte[] bytes = new byte[LongestBytes + 1];
            int length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return Encoding.UTF8.GetString(bytes, 0, length);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ConfigurationException($"Cannot read akka.remote.secret-file ({file}): {error.Message}", error);
        }
    }

    // Every part is preceded by its length, so that no two conversations have one text.
    private static ReadOnlySpan<byte> Text(Role role, SecretTranscript said)
    {
        ArrayBufferWriter<byte> text = new();
        Part(_version);
        Part([(byte)role]);
        Part(said.DiallerNonce);
        Part(said.AcceptorNonce);
        Greeting(said.Dialler);
        Greeting(said.Acceptor);
        return text.WrittenSpan;

        void Greeting(Handshake who)
        {
            Part(Encoding.UTF8.GetBytes(who.System));
            Part(Encoding.UTF8.GetBytes(who.Host));
            Part(Encoding.UTF8.GetBytes(who.Protocol));
            Number(who.Port);
            Number(who.Uid);
            Number((uint)who.Offers);
        }

        void Number(long value)
        {
            byte[] eight = new byte[sizeof(long)];
            BinaryPrimitives.WriteInt64BigEndian(eight, value);
            Part(eight);
        }

        void Part(ReadOnlySpan<byte> bytes)
        {
            BinaryPrimitives.WriteInt32BigEndian(text.GetSpan(sizeof(int)), bytes.Length);
            text.Advance(sizeof(int));
            text.Write(bytes);
        }
    }
}

/// <summary>All that two nodes have said before one of them proves something.</summary>
internal sealed record SecretTranscript(
    Handshake Dialler, Handshake Acceptor, byte[] DiallerNonce, byte[] AcceptorNonce);
