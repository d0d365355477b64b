namespace Iridium.Simulation.Foreign;

/// <summary>
/// Judges the judge: what the foreign node reads and writes, against a conversation recorded between two real Akka.NET
/// nodes (<c>leave.frames</c>: the second of three nodes joins, is moved Up and leaves; `>` is what it sent, `&lt;`
/// what it heard from the first).
/// </summary>
public sealed class ForeignMindTests
{
    private static readonly Place First = new("Cap", "127.0.0.1", 8081);
    private static readonly Being Second = new(new Place("Cap", "127.0.0.1", 8082), 699005117);

    private static List<(bool Sent, byte[] Body)> Recorded()
    {
        string file = Path.Combine(AppContext.BaseDirectory, "Foreign", "leave.frames");
        return [.. File.ReadLines(file).Select(line => (line[0] == '>', Convert.FromHexString(line[2..])))];
    }

    [Fact]
    public void Reads_every_recorded_frame_and_writes_it_back_to_the_byte()
    {
        foreach ((_, byte[] body) in Recorded()) Assert.Equal(body, ProtoMessage.Parse(body).ToBytes());
    }

    [Fact]
    public void Shakes_hands_as_the_real_node_did()
    {
        Assert.Equal(Convert.ToHexString(Recorded()[0].Body), Convert.ToHexString(Frames.Handshake(Second)));
    }

    [Fact]
    public void Asks_to_join_as_the_real_node_did()
    {
        byte[] recorded = Recorded().Where(frame => frame.Sent).ElementAt(1).Body;
        string sender = ProtoMessage.Parse(recorded).Message(1).Message(2).Message(4).Text(1);
        byte[] ours = Frames.Envelope($"{First}/", Frames.Selection(
            Frames.Payload(5, "Akka.Cluster.InternalClusterAction+InitJoin, Akka.Cluster", new ProtoMessage()),
            "system", "cluster", "core", "daemon"), sender);
        // The real one leaves an empty body out.
        Assert.Equal(Unordered(ProtoMessage.Parse(recorded)), Unordered(ProtoMessage.Parse(ours)));
    }

    [Fact]
    public void Lives_through_the_recorded_conversation()
    {
        var mind = new ForeignMind(Second);
        List<MemberStatus?> statuses = [];
        List<byte[]> answers = [];
        foreach ((bool sent, byte[] body) in Recorded())
        {
            ProtoMessage frame = ProtoMessage.Parse(body);
            if (sent || frame.Has(2) || !frame.Message(1).Has(2)) continue;
            mind.OnEnvelope(frame.Message(1).Message(2));
            answers.AddRange(mind.TakeOutgoing().Select(outgoing => outgoing.Frame));
            MemberStatus? status = mind.StatusOf(Second.Place);
            if (statuses.Count == 0 || statuses[^1] != status) statuses.Add(status);
        }
        Assert.Equal(1, mind.WelcomesHeard);
        Assert.Equal(1, mind.InitJoinAcksHeard);
        Assert.True(mind.HeartbeatsAnswered > 0);
        Assert.True(mind.HeartbeatResponsesHeard > 0);
        Assert.Equal([null, MemberStatus.Joining, MemberStatus.Up, MemberStatus.Exiting], statuses);
        Assert.NotEmpty(answers);
    }

    [Fact]
    public void Answers_a_recorded_heartbeat_as_the_real_node_did()
    {
        List<(bool Sent, byte[] Body)> frames = Recorded();
        int asked = frames.FindIndex(frame => !frame.Sent && PayloadOf(frame.Body) is { } payload
            && payload.Int(2) == 6 && ProtoMessage.Parse(payload.Bytes(1)).Message(1).Text(3) == "HB");
        ProtoMessage answered = PayloadOf(frames.Skip(asked).First(
            frame => frame.Sent && PayloadOf(frame.Body)?.Text(3) == "HBR").Body)!;
        var mind = new ForeignMind(Second);
        mind.OnEnvelope(ProtoMessage.Parse(frames[asked].Body).Message(1).Message(2));
        byte[] answer = Assert.Single(mind.TakeOutgoing()).Frame;
        Assert.Equal(Convert.ToHexString(answered.Bytes(1)), Convert.ToHexString(PayloadOf(answer)!.Bytes(1)));
    }

    [Fact]
    public void Knows_the_clock_name_that_real_nodes_give_a_member()
    {
        var being = new Being(First, 202570171);
        Assert.Equal("F1077B79AB18C3C3672C5E48F0FC913F", being.ClockName);
    }

    private static ProtoMessage? PayloadOf(byte[] body)
    {
        ProtoMessage frame = ProtoMessage.Parse(body);
        return frame.Has(1) && frame.Message(1).Has(2) ? frame.Message(1).Message(2).Message(2) : null;
    }

    private static string[] Unordered(ProtoMessage frame)
    {
        ProtoMessage envelope = frame.Message(1).Message(2);
        ProtoMessage selection = ProtoMessage.Parse(envelope.Message(2).Bytes(1));
        return
        [
            envelope.Message(1).Text(1), envelope.Message(4).Text(1), $"{envelope.Number(5):X}",
            $"{envelope.Message(2).Int(2)}", $"{selection.Message(1).Int(2)}", selection.Message(1).Text(3),
            string.Join("/", selection.Messages(2).Select(element => $"{element.Int(1)}:{element.Text(2)}")),
        ];
    }
}
