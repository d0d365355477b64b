using Akka.Configuration;
using Akka.Remote.Association;
using Akka.Remote.Probing;

namespace Akka.Remote.Tests.Inside;

/// <summary>Which questions and answers count, with a cluster secret and without.</summary>
public class ProbeSealTests
{
    private const long Asker = 11, Asked = 22;

    private static readonly ProbeSeals _none = new(AssociationSettings.Default);
    private static readonly ProbeSeals _strict = Seals("one secret of the cluster");
    private static readonly ProbeSeals _lenient = Seals("one secret of the cluster", required: false);
    private static readonly ProbeSeals _other = Seals("another secret altogether");

    private static ProbeFrame Sealed { get; } = _strict.Question(5, Asker, isSealed: true);

    private static ProbeFrame Bare { get; } = new(ProbeFrameKind.Ask, 5, Asker);

    [Fact]
    public void A_question_needs_the_seal_where_the_secret_is_required_and_a_right_one_where_it_is_not()
    {
        Assert.True(_strict.Admits(Sealed));
        Assert.False(_strict.Admits(Bare));
        Assert.False(_other.Admits(Sealed));
        Assert.True(_lenient.Admits(Sealed));
        Assert.True(_lenient.Admits(Bare));
        Assert.False(_lenient.Admits(Sealed with { Seal = new byte[ProbeSeals.Bytes] }));
        Assert.True(_none.Admits(Sealed));
        Assert.True(_none.Admits(Bare));
    }

    [Fact]
    public void Nothing_in_a_sealed_question_can_be_changed()
    {
        byte[] seal = Sealed.Seal!;
        Assert.Equal(ProbeSeals.Bytes, seal.Length);
        Assert.False(_strict.Admits(Sealed with { Number = 6 }));
        Assert.False(_strict.Admits(Sealed with { Uid = Asker + 1 }));
        Assert.False(_strict.Admits(Sealed with { Seal = seal[1..] }));
        Assert.False(_strict.Admits(Sealed with { Seal = [] }));
        for (int bit = 0; bit < seal.Length * 8; bit++)
        {
            byte[] changed = [.. seal];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(_strict.Admits(Sealed with { Seal = changed }));
        }
    }

    [Fact]
    public void An_answer_counts_from_the_life_it_names_for_the_one_that_asked_and_no_question_is_one()
    {
        ProbeFrame answer = _strict.Answer(ProbeFrameKind.Answer, Sealed, Asked);
        Assert.Equal((ProbeFrameKind.Answer, 5L, Asked), (answer.Kind, answer.Number, answer.Uid));
        Assert.True(_strict.Accepts(answer, Asker, isSealed: true));
        Assert.False(_strict.Accepts(answer, Asker + 1, isSealed: true));
        foreach (ProbeFrame wrong in new[]
        {
            answer with { Kind = ProbeFrameKind.Refusal },
            answer with { Number = 6 },
            answer with { Uid = Asked + 1 },
            answer with { Seal = null },
            Sealed with { Kind = ProbeFrameKind.Answer },
            Sealed with { Kind = ProbeFrameKind.Answer, Uid = Asked },
            Sealed with { Kind = ProbeFrameKind.Refusal },
            _other.Answer(ProbeFrameKind.Answer, _other.Question(5, Asker, isSealed: true), Asked),
        })
        {
            Assert.False(_strict.Accepts(wrong, Asker, isSealed: true));
        }
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void Where_the_secret_is_not_required_who_has_none_is_asked_and_answered_without(bool hasSecret, bool isSealed)
    {
        Assert.Equal(isSealed, _lenient.IsOwedBy(hasSecret));
        ProbeFrame question = _lenient.Question(5, Asker, isSealed);
        Assert.Equal(isSealed, question.Seal is not null);
        ProbeFrame answer = (hasSecret ? _strict : _none).Answer(ProbeFrameKind.Answer, question, Asked);
        Assert.True(_lenient.Accepts(answer, Asker, isSealed));
        Assert.Equal(isSealed, _lenient.Answer(ProbeFrameKind.Answer, question, Asked).Seal is not null);
    }

    [Fact]
    public void Without_a_secret_nobody_owes_a_seal_and_none_is_made()
    {
        Assert.True(_strict.IsOwedBy(hasSecret: false));
        Assert.False(_none.IsOwedBy(hasSecret: true));
        Assert.Null(_none.Answer(ProbeFrameKind.Answer, Sealed, Asked).Seal);
    }

    private static ProbeSeals Seals(string secret, bool required = true) => new(AssociationSettings.Default with
    {
        Secret = ClusterSecret.Read(ConfigurationFactory.ParseString($"secret = \"{secret}\"")),
        SecretRequired = required,
    });
}
