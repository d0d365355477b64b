namespace Iridium.Actors.Vm;

/// <summary>A point in time on both clocks: the one that only counts up, for waiting, and the one on the wall, for
/// showing.</summary>
internal readonly record struct Moment(TimeSpan Monotonic, DateTimeOffset Wall);
