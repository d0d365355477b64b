using Akka.Actor;

namespace Akka.Coordination;

/// <summary>A lease could not be taken, kept or given back.</summary>
public class LeaseException(string message, Exception? innerEx = null) : AkkaException(message, innerEx);

/// <summary>Whoever keeps the leases did not answer in time.</summary>
public class LeaseTimeoutException(string message, Exception? innerEx = null) : LeaseException(message, innerEx);
