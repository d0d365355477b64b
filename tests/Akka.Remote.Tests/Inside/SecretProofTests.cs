using System.Security.Cryptography;
using Akka.Configuration;
using Akka.Remote.Association;
using Akka.Remote.Wire;

namespace Akka.Remote.Tests.Inside;

/// <summary>Proving the cluster's secret, as pure states that are handed one another's frames.</summary>
public class SecretProofTests
{
    private const int Attacks = 10_000;

    private static readonly Handshake _here = new("S", "here", 1, "tcp", 11, Offers.ClusterSecret);
    private static readonly Handshake _there = new("S", "there", 2, "tcp", 22, Offers.ClusterSecret);
    private static readonly ClusterSecret _secret = Secret("one secret of the cluster");
    private static readonly ClusterSecret _other = Secret("another secret altogether");

    [Fact]
    public void Two_who_know_the_secret_are_open_after_one_more_round_and_the_dialler_proves_first()
    {
        Side dialler = Side.Dialler(_secret), acceptor = Side.Acceptor(_secret);
        Assert.Equal("Associate", acceptor.Take(dialler.Open()));
        Assert.Equal(["Associate", "Challenge"], acceptor.Said);
        foreach (byte[] frame in acceptor.TakeFrames()) dialler.Take(frame);
        Assert.Equal(["Proof"], dialler.Said);
        Assert.Equal((false, false), (dialler.IsOpen, acceptor.IsOpen));
        acceptor.Take(dialler.TakeFrames().Single());
        Assert.True(acceptor.IsOpen);
        dialler.Take(acceptor.TakeFrames().Single());
        Assert.True(dialler.IsOpen);
        Assert.Equal((22, 11), (dialler.EstablishedWith, acceptor.EstablishedWith));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Who_has_another_secret_is_refused_and_both_sides_know_why(bool diallerIsWrong)
    {
        Side dialler = Side.Dialler(diallerIsWrong ? _other : _secret);
        Side acceptor = Side.Acceptor(diallerIsWrong ? _secret : _other);
        Talk(dialler, acceptor);
        Assert.Equal((AssociationEnd.WrongSecret, AssociationEnd.WrongSecret), (dialler.Why, acceptor.Why));
        Assert.Contains("S@here:1 has another cluster secret", acceptor.Detail, StringComparison.Ordinal);
        Assert.Contains("does not accept this node's proof", dialler.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("altogether", acceptor.Detail + dialler.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Who_has_none_is_refused_by_who_has_one_and_both_sides_know_why(bool diallerHasNone)
    {
        Side dialler = Side.Dialler(diallerHasNone ? null : _secret);
        Side acceptor = Side.Acceptor(diallerHasNone ? _secret : null);
        Talk(dialler, acceptor);
        Assert.Equal((AssociationEnd.NoSecret, AssociationEnd.NoSecret), (dialler.Why, acceptor.Why));
        string strict = diallerHasNone ? acceptor.Detail : dialler.Detail;
        Assert.Contains("has no cluster secret (akka.remote.secret)", strict, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Where_it_is_not_required_who_has_none_is_let_in_but_a_wrong_one_is_not(bool diallerHasIt)
    {
        Side dialler = Side.Dialler(diallerHasIt ? _secret : null, required: false);
        Side acceptor = Side.Acceptor(diallerHasIt ? null : _secret, required: false);
        Talk(dialler, acceptor);
        Assert.Equal((true, true), (dialler.IsOpen, acceptor.IsOpen));
        Side wrong = Side.Dialler(_other, required: false), right = Side.Acceptor(_secret, required: false);
        Talk(wrong, right);
        Assert.Equal((false, false), (wrong.IsOpen, right.IsOpen));
    }

    [Fact]
    public void A_conversation_that_was_recorded_opens_nothing_again()
    {
        Side dialler = Side.Dialler(_secret), acceptor = Side.Acceptor(_secret);
        Talk(dialler, acceptor);
        Assert.True(dialler.IsOpen && acceptor.IsOpen);
        for (int attack = 0; attack < Attacks; attack++)
        {
            Side victim = attack % 2 == 0 ? Side.Acceptor(_secret) : Side.Dialler(_secret);
            victim.Open();
            foreach (byte[] frame in attack % 2 == 0 ? dialler.Sent : acceptor.Sent) victim.Take(frame);
            Assert.Equal((false, AssociationEnd.WrongSecret), (victim.IsOpen, victim.Why));
        }
    }

    [Fact]
    public void What_a_side_said_itself_opens_nothing_when_it_comes_back()
    {
        for (int attack = 0; attack < Attacks; attack++)
        {
            // The attacker dials the victim and is dialled by it, has it answer its own challenges, and swaps roles.
            Side called = Side.Acceptor(_secret), calling = Side.Dialler(_secret, _there);
            calling.Open();
            called.Take(Frame(new Control(ControlCommand.Associate, _here)));
            calling.Take(Frame(new Control(ControlCommand.Associate, _here)));
            byte[] challenge = called.Sent[^1];
            calling.Take(challenge);
            byte[] proof = calling.Sent[^1];
            called.Take(proof);
            calling.Take(proof);
            Assert.Equal((false, false), (called.IsOpen, calling.IsOpen));
            Assert.Equal(AssociationPhase.Ended, called.Phase);
            Assert.Equal(AssociationPhase.Ended, calling.Phase);
        }
    }

    [Fact]
    public void A_mirror_is_refused_at_its_greeting_or_at_its_challenge()
    {
        Side victim = Side.Dialler(_secret);
        victim.Take(victim.Open());
        Assert.Equal(AssociationEnd.ProtocolError, victim.Why);
        Side called = Side.Acceptor(_secret);
        called.Take(Frame(new Control(ControlCommand.Associate, _here)));
        Control echo = Read(called.Sent[^1]);
        called.Take(Frame(new Control(ControlCommand.Proof, Nonce: echo.Nonce, Mac: new byte[32])));
        Assert.Equal(AssociationEnd.ProtocolError, called.Why);
    }

    [Fact]
    public void A_conversation_that_was_cut_or_changed_anywhere_opens_nothing()
    {
        Random chance = new(11);
        for (int attack = 0; attack < Attacks; attack++)
        {
            Side dialler = Side.Dialler(_secret), acceptor = Side.Acceptor(_secret);
            acceptor.Take(dialler.Open());
            foreach (byte[] frame in acceptor.TakeFrames()) dialler.Take(frame);
            byte[] proof = dialler.TakeFrames().Single();
            // The MAC is the last 32 bytes.
            byte[] changed = attack % 2 == 0 ? proof[..chance.Next(4, proof.Length)] : (byte[])proof.Clone();
            if (attack % 2 == 1) changed[^(1 + chance.Next(32))] ^= (byte)(1 << chance.Next(8));
            acceptor.Take(changed);
            Assert.False(acceptor.IsOpen, $"attack {attack}: {Convert.ToHexString(changed)}");
        }
    }

    [Fact]
    public void A_greeting_that_was_changed_under_way_opens_nothing()
    {
        Handshake[] changed =
        [
            _here with { Uid = 12 }, _here with { Port = 3 }, _here with { Host = "her" }, _here with { System = "SS" },
            _here with { Protocol = "tcq" }, _here with { Offers = Offers.ClusterSecret | Offers.ProbeConnection },
        ];
        foreach (Handshake greeting in changed)
        {
            Side dialler = Side.Dialler(_secret), acceptor = Side.Acceptor(_secret);
            dialler.Open();
            acceptor.Take(Frame(new Control(ControlCommand.Associate, greeting)));
            foreach (byte[] frame in acceptor.TakeFrames()) dialler.Take(frame);
            acceptor.Take(dialler.Sent[^1]);
            Assert.Equal((false, AssociationEnd.WrongSecret), (acceptor.IsOpen, acceptor.Why));
        }
    }

    [Fact]
    public void Nothing_but_the_control_that_is_due_is_taken_before_it_is_open()
    {
        foreach (ControlCommand command in Enum.GetValues<ControlCommand>())
        {
            Control control = new(
                command, command == ControlCommand.Associate ? _there : null, new byte[32], new byte[32]);
            Side dialler = Side.Dialler(_secret), acceptor = Side.Acceptor(_secret);
            acceptor.Take(dialler.Open());
            dialler.Take(acceptor.Sent[0]);
            bool isDue = command == ControlCommand.Challenge;
            dialler.Give(control);
            Assert.Equal(isDue ? AssociationPhase.Proving : AssociationPhase.Ended, dialler.Phase);
            acceptor.Give(control);
            Assert.Equal(AssociationPhase.Ended, acceptor.Phase);
        }
    }

    [Fact]
    public void Who_has_a_secret_beats_no_heart_before_it_is_open_and_gives_up_in_time()
    {
        Side acceptor = Side.Acceptor(_secret);
        acceptor.Take(Frame(new Control(ControlCommand.Associate, _here)));
        Side dialler = Side.Dialler(_secret);
        dialler.Open();
        foreach (Side side in new[] { acceptor, dialler })
        {
            side.TakeFrames();
            side.Tick(14_999);
            Assert.Empty(side.TakeFrames());
            side.Tick(15_000);
            Assert.Equal(AssociationEnd.HandshakeTimeout, side.Why);
        }
    }

    [Theory]
    [InlineData("secret = \"\"", "akka.remote.secret is empty")]
    [InlineData("secret = fifteen-letters", "has 15 bytes")]
    [InlineData("secret-file = /no/such/file", "Cannot read akka.remote.secret-file (/no/such/file)")]
    [InlineData("secret = sixteen--letters, secret-file = x", "both given")]
    public void A_secret_that_is_none_is_refused_and_not_printed(string config, string complaint)
    {
        Exception error = Assert.Throws<ConfigurationException>(
            () => ClusterSecret.Read(ConfigurationFactory.ParseString(config)));
        Assert.Contains(complaint, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("letters", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_secret_of_a_file_is_its_text_without_the_white_space_around()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "  one secret of the cluster\r\n");
            ClusterSecret read = ClusterSecret.Read(ConfigurationFactory.ParseString($"secret-file = \"{file}\""))!;
            Side dialler = Side.Dialler(read), acceptor = Side.Acceptor(_secret);
            Talk(dialler, acceptor);
            Assert.True(dialler.IsOpen);
            File.WriteAllText(file, " \n");
            Assert.Throws<ConfigurationException>(
                () => ClusterSecret.Read(ConfigurationFactory.ParseString($"secret-file = \"{file}\"")));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Printing_settings_prints_no_secret()
    {
        AssociationSettings settings = AssociationSettings.Default with { Secret = _secret };
        Assert.DoesNotContain("cluster", settings.ToString(), StringComparison.Ordinal);
        Assert.Contains("(secret)", settings.ToString(), StringComparison.Ordinal);
    }

    private static ClusterSecret Secret(string text) =>
        ClusterSecret.Read(ConfigurationFactory.ParseString($"secret = \"{text}\""))!;

    private static byte[] Frame(Control control) => ControlCodec.Frame(control, bigEndian: false);

    private static Control Read(byte[] frame)
    {
        Assert.True(ControlCodec.TryRead(frame.AsSpan(4), out _, out Control control));
        return control;
    }

    private static void Talk(Side dialler, Side acceptor)
    {
        acceptor.Take(dialler.Open());
        while (dialler.HasMore || acceptor.HasMore)
        {
            foreach (byte[] frame in dialler.TakeFrames()) acceptor.Take(frame);
            foreach (byte[] frame in acceptor.TakeFrames()) dialler.Take(frame);
        }
    }

    /// <summary>One end: what it is given as frames, what it says as frames.</summary>
    private sealed class Side
    {
        private AssociationState _state;
        private int _taken;

        private Side(AssociationState state) => _state = state;

        public List<byte[]> Sent { get; } = [];

        public IEnumerable<string> Said => Sent.Skip(_taken).Select(frame => Read(frame).Command.ToString());

        public bool HasMore => _taken < Sent.Count;

        public AssociationPhase Phase => _state.Phase;

        public bool IsOpen => _state.Phase == AssociationPhase.Open;

        public long? EstablishedWith { get; private set; }

        public AssociationEnd? Why { get; private set; }

        public string Detail { get; private set; } = "";

        public static Side Dialler(ClusterSecret? secret, Handshake? self = null, bool required = true) => new(
            AssociationState.Dialling(Greeting(self ?? _here, secret), Settings(secret, required), 0, Nonce()));

        public static Side Acceptor(ClusterSecret? secret, bool required = true) => new(
            AssociationState.Accepted(Greeting(_there, secret), Settings(secret, required), 0, Nonce()));

        public byte[] Open()
        {
            Next(new AssociationInput.Opened(), 0);
            return TakeFrames().LastOrDefault() ?? [];
        }

        /// <summary>Gives it a frame as a link does: what is no control ends it.</summary>
        public string Take(byte[] frame)
        {
            if (ControlCodec.TryRead(frame.AsSpan(4), out _, out Control control)
                && control.Command != ControlCommand.None)
            {
                Give(control);
                return control.Command.ToString();
            }
            Next(new AssociationInput.Violation("no control"), 0);
            return "";
        }

        public void Give(Control control) => Next(new AssociationInput.Received(control), 0);

        public void Tick(long now) => Next(new AssociationInput.Tick(Heard: false), now);

        public byte[][] TakeFrames()
        {
            byte[][] frames = [.. Sent.Skip(_taken)];
            _taken = Sent.Count;
            return frames;
        }

        private static Handshake Greeting(Handshake who, ClusterSecret? secret) =>
            who with { Offers = secret is null ? Offers.None : Offers.ClusterSecret };

        private static AssociationSettings Settings(ClusterSecret? secret, bool required) =>
            AssociationSettings.Default with { Secret = secret, SecretRequired = required };

        private static byte[] Nonce() => RandomNumberGenerator.GetBytes(ClusterSecret.NonceBytes);

        private void Next(AssociationInput input, long now)
        {
            (_state, var effects) = _state.Next(input, now);
            foreach (AssociationEffect effect in effects)
            {
                if (effect is AssociationEffect.Send send) Sent.Add(Frame(send.Control));
                if (effect is AssociationEffect.Established established) EstablishedWith = established.Peer.Uid;
                if (effect is AssociationEffect.Ended ended) (Why, Detail) = (ended.Why, ended.Detail);
            }
        }
    }
}
