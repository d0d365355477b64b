namespace Akka.Util;

/// <summary>A value that may be absent.</summary>
public readonly struct Option<T>(T value) : IEquatable<Option<T>>
{
    public static readonly Option<T> None;

    private readonly T _value = value;

    public bool HasValue { get; } = value is not null;

    public bool IsEmpty => !HasValue;

    /// <exception cref="InvalidOperationException">The option is empty.</exception>
    public T Value => HasValue
        ? _value : throw new InvalidOperationException("The option is empty; ask HasValue first.");

    public static Option<T> Create(T value) => new(value);

    public T GetOrElse(T fallback) => HasValue ? _value : fallback;

    public Option<TOut> Select<TOut>(Func<T, TOut> selector) =>
        HasValue ? new Option<TOut>(selector(_value)) : Option<TOut>.None;

    public void OnSuccess(Action<T> action)
    {
        if (HasValue) action(_value);
    }

    public static implicit operator Option<T>(T value) => new(value);

    public bool Equals(Option<T> other) =>
        HasValue == other.HasValue && (!HasValue || EqualityComparer<T>.Default.Equals(_value, other._value));

    public override bool Equals(object? obj) => obj is Option<T> other && Equals(other);

    public override int GetHashCode() => HasValue ? EqualityComparer<T>.Default.GetHashCode(_value!) : 0;

    public static bool operator ==(Option<T> left, Option<T> right) => left.Equals(right);

    public static bool operator !=(Option<T> left, Option<T> right) => !left.Equals(right);

    public override string ToString() => HasValue ? $"Some<{_value}>" : "None";
}
