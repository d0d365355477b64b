using Akka.Remote.Probing;

namespace Akka.Remote.Tests.Inside;

/// <summary>
/// What a proof of silence is worth: how likely a peer that lives leaves so many connections unanswered, on a link that
/// loses packets independently of one another. The figures beside <see cref="ProbeSettings"/> are these.
/// </summary>
public class ProbeProofTests
{
    /// <summary>From the heartbeat that nothing follows to the first dial, and to the verdict, in seconds: the cluster's
    /// probe-connection-after and probed-silence.</summary>
    private const double AskedAfter = 0.5, VerdictAfter = 2.3;

    /// <summary>When TCP sends a first packet, and when a packet of an open connection, after the first time.</summary>
    private static readonly double[] _openings = [0, 1, 3], _repeats = [0, 0.2, 0.6, 1.4, 3];

    [Theory]
    [InlineData(0.1, 1e-6)]
    [InlineData(0.2, 1e-2)]
    [InlineData(0.3, 1)]
    public void Who_lives_is_called_silent_so_seldom_in_an_hour(double loss, double most)
    {
        double heartbeats = 3_600 * (1 - Exchanged(loss, AskedAfter));
        Assert.InRange(heartbeats * AllUnanswered(loss, repeats: true), 0, most / 10);
    }

    [Fact]
    public void Even_where_a_first_packet_is_never_repeated() =>
        Assert.InRange(3_600 * (1 - Exchanged(0.1, AskedAfter)) * AllUnanswered(0.1, repeats: false), 0, 1e-6);

    [Fact]
    public void Fewer_connections_would_not_do() =>
        Assert.True(3_600 * (1 - Exchanged(0.1, AskedAfter)) * Math.Pow(Unanswered(0.1, 0.4, repeats: false), 6) > 1e-6);

    private static double AllUnanswered(double loss, bool repeats)
    {
        ProbeSettings settings = ProbeSettings.Default;
        double all = 1;
        for (int dial = 0; dial < settings.Unanswered; dial++)
        {
            double age = VerdictAfter - AskedAfter - dial * settings.Interval / 1000.0;
            Assert.True(age >= settings.Deadline / 1000.0);
            all *= Unanswered(loss, age, repeats);
        }

        return all;
    }

    /// <summary>The chance that a connection has no answer at this age: its first packet and the reply to it must pass,
    /// then a question and its answer.</summary>
    private static double Unanswered(double loss, double age, bool repeats)
    {
        double opens = (1 - loss) * (1 - loss), answered = 0;
        for (int attempt = 0; attempt < (repeats ? _openings.Length : 1); attempt++)
            answered += Math.Pow(1 - opens, attempt) * opens * Exchanged(loss, age - _openings[attempt]);
        return 1 - answered;
    }

    /// <summary>The chance that a packet and one in return pass within a time, each sent again as TCP does.</summary>
    private static double Exchanged(double loss, double within)
    {
        const double travel = 0.005;
        double exchanged = 0;
        for (int there = 0; there < _repeats.Length; there++)
        {
            for (int back = 0; back < _repeats.Length; back++)
            {
                if (_repeats[there] + _repeats[back] + travel > within) continue;
                exchanged += Math.Pow(loss, there) * (1 - loss) * Math.Pow(loss, back) * (1 - loss);
            }
        }

        return exchanged;
    }
}
