using Akka.Actor;

namespace Akka.TestKit.TestActors;

/// <summary>
/// Tells everything to the kit's <see cref="TestKitBase.TestActor"/>, and to whoever sent it unless that is the same actor.
/// </summary>
public class EchoActor : UntypedActor
{
    private readonly IActorRef _testActor;
    private readonly bool _echoBackToSenderAsWell;

    /// <param name="testkit">Whose test actor is told.</param>
    /// <param name="echoBackToSenderAsWell">False: only that one is.</param>
    public EchoActor(TestKitBase testkit, bool echoBackToSenderAsWell = true)
    {
        _testActor = testkit.TestActor;
        _echoBackToSenderAsWell = echoBackToSenderAsWell;
    }

    /// <inheritdoc cref="EchoActor(TestKitBase, bool)"/>
    public static Props Props(TestKitBase testkit, bool echoBackToSenderAsWell = true) =>
        Actor.Props.Create(() => new EchoActor(testkit, echoBackToSenderAsWell));

    protected override void OnReceive(object message)
    {
        if (_echoBackToSenderAsWell && !Sender.Equals(_testActor)) Sender.Forward(message);
        _testActor.Forward(message);
    }
}
