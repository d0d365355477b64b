namespace Iridium.Actors.Protocol;

/// <summary>A message that may cross to another node. The HOCON binds this interface to <c>IridiumSerializer</c>, and
/// <see cref="WireManifest"/> lists every type that bears it.</summary>
public interface IWireMessage;
