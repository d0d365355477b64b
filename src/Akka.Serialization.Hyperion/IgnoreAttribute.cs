namespace Hyperion;

/// <summary>A field that Hyperion neither writes nor reads.</summary>
[AttributeUsage(AttributeTargets.Field)]
public sealed class IgnoreAttribute : Attribute;
