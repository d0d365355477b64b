using System.Buffers.Binary;
using System.Security.Cryptography;
using Akka.Remote.Association;

namespace Akka.Remote.Probing;

/// <summary>
/// What shows on a probe connection that its speaker knows the cluster's secret, and what is taken from one that does not
/// show it. There is no greeting there and no nonce; each frame brings its own proof:
/// <code>
///   seal = first 16 bytes of HMAC-SHA256(secret, label, kind (1), number (8), uid that speaks (8), uid that asked (8))
/// </code>
/// The kind keeps a question from being sent back as its answer, the uids an answer from being that of another life or for
/// another asker. Whoever asks begins to count at a number drawn by lot, so that answers he was given before are none. A
/// question that was recorded can be asked again: it has the answer that this life lives, which is what its recorder heard.
/// </summary>
/// <remarks>It changes nothing, and any thread may ask it.</remarks>
internal sealed class ProbeSeals(AssociationSettings settings)
{
    /// <summary>Nobody can try 2^128, and a frame has room for it.</summary>
    public const int Bytes = 16;

    private static readonly byte[] _label = "iridium probe seal 1"u8.ToArray();

    /// <summary>Whether a peer is asked with a seal and has to answer with one.</summary>
    /// <param name="hasSecret">It offered to prove the secret, and so has proved it.</param>
    public bool IsOwedBy(bool hasSecret) => settings.Secret is not null && (settings.SecretRequired || hasSecret);

    public ProbeFrame Question(long number, long self, bool isSealed)
    {
        ProbeFrame question = new(ProbeFrameKind.Ask, number, self);
        return isSealed ? question with { Seal = Of(question, self) } : question;
    }

    /// <summary>Whether a question may be answered.</summary>
    public bool Admits(in ProbeFrame question) => settings.Secret is null
        || (question.Seal is null ? !settings.SecretRequired : IsRight(question, question.Uid));

    /// <summary>The answer to a question that was admitted: sealed if it was.</summary>
    public ProbeFrame Answer(ProbeFrameKind kind, in ProbeFrame question, long self)
    {
        ProbeFrame answer = new(kind, question.Number, self);
        bool isSealed = settings.Secret is not null && question.Seal is not null;
        return isSealed ? answer with { Seal = Of(answer, question.Uid) } : answer;
    }

    /// <summary>Whether what came is the word of the life that it names, for this one.</summary>
    /// <param name="isSealed">The question was.</param>
    public bool Accepts(in ProbeFrame answer, long self, bool isSealed) => !isSealed || IsRight(answer, self);

    // Takes the same time whatever was shown.
    private bool IsRight(in ProbeFrame frame, long asker) =>
        CryptographicOperations.FixedTimeEquals(Of(frame, asker), frame.Seal);

    // All parts but the label have fixed lengths, so that no two frames have one text.
    private byte[] Of(in ProbeFrame frame, long asker)
    {
        const int parts = 1 + (3 * sizeof(long));
        Span<byte> text = stackalloc byte[_label.Length + parts];
        _label.CopyTo(text);
        Span<byte> rest = text[_label.Length..];
        rest[0] = (byte)frame.Kind;
        BinaryPrimitives.WriteInt64BigEndian(rest[1..], frame.Number);
        BinaryPrimitives.WriteInt64BigEndian(rest[(1 + sizeof(long))..], frame.Uid);
        BinaryPrimitives.WriteInt64BigEndian(rest[(1 + (2 * sizeof(long)))..], asker);
        return settings.Secret!.Mac(text)[..Bytes];
    }
}
