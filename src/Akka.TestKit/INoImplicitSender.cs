namespace Akka.TestKit;

/// <summary>Marks a kit whose test actor is not the sender of what the test sends without naming one.</summary>
public interface INoImplicitSender;
