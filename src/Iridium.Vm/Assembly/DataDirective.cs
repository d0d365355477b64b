namespace Iridium.Vm.Assembly;

/// <summary>The directives that make bytes.</summary>
internal static class DataDirective
{
    public static readonly string[] Names = [".asciiz", ".ascii", ".integer", ".byte", ".float", ".space"];

    /// <summary>Those and the ones that steer the assembler.</summary>
    public static readonly string[] AllNames = [.. Names, ".data", ".code", ".equ", ".version", ".include", ".macro",
        ".endmacro"];

    /// <summary>What each needs, for the error.</summary>
    public static string Example(string name) => name switch
    {
        ".asciiz" or ".ascii" => $"{name} 'text'",
        ".space" => $"{name} #64",
        ".float" => $"{name} #0.5",
        _ => $"{name} #12",
    };
}
