using System.Reflection;
using System.Runtime.InteropServices;
using Iridium.Vm.Execution;

namespace Iridium.Vm.Jit;

/// <summary>What compiled code touches of a machine.</summary>
internal static class MachineMembers
{
    public static readonly FieldInfo Index = Field(nameof(Machine.Index));
    public static readonly FieldInfo Flag = Field(nameof(Machine.Flag));
    public static readonly FieldInfo Depth = Field(nameof(Machine.Depth));
    public static readonly FieldInfo FrameBase = Field(nameof(Machine.FrameBase));
    public static readonly FieldInfo Counter = Field(nameof(Machine.Counter));
    public static readonly FieldInfo Remainder = Field(nameof(Machine.RemainderValue));
    public static readonly FieldInfo HeapLength = Field(nameof(Machine.HeapLength));
    public static readonly FieldInfo HeapArray = Field(nameof(Machine.HeapArray));
    public static readonly FieldInfo StackArray = Field(nameof(Machine.StackArray));

    public static readonly MethodInfo HeapTop = Method(nameof(GetHeapTop));
    public static readonly MethodInfo Data = Method(nameof(GetData));
    public static readonly MethodInfo FirstByte = First(typeof(byte));
    public static readonly MethodInfo FirstSlot = First(typeof(int));
    public static readonly MethodInfo Abs = typeof(Math).GetMethod(nameof(Math.Abs), [typeof(double)])!;
    public static readonly MethodInfo Sqrt = typeof(Math).GetMethod(nameof(Math.Sqrt), [typeof(double)])!;
    public static readonly MethodInfo Floor = typeof(Math).GetMethod(nameof(Math.Floor), [typeof(double)])!;

    /// <summary>
    /// The address of the last i32 of the heap that has its memory already; negative if there is none.
    /// </summary>
    internal static long GetHeapTop(Machine machine) => machine.HeapTop - sizeof(int);

    internal static byte[] GetData(Machine machine) => machine.Image.ReadOnlyBytes;

    private static FieldInfo Field(string name) =>
        typeof(Machine).GetField(name, BindingFlags.Instance | BindingFlags.NonPublic)!;

    private static MethodInfo Method(string name) =>
        typeof(MachineMembers).GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic)!;

    private static MethodInfo First(Type element) =>
        typeof(MemoryMarshal).GetMethods()
            .Single(method => method.Name == nameof(MemoryMarshal.GetArrayDataReference) && method.IsGenericMethod)
            .MakeGenericMethod(element);
}
