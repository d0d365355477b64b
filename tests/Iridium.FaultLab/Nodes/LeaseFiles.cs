using System.Globalization;
using System.Runtime.InteropServices;

namespace Iridium.FaultLab.Nodes;

/// <summary>The terms of one lease, a file each, in a folder that all processes see.</summary>
/// <remarks>
/// There is no lock: a process that was stopped with it would keep all others out. A term is begun by making its file,
/// which one can do and the others then cannot; only who has begun it writes it again; and whoever reads it finds it as it
/// was before or after. Files stay, so that no number is used twice.
/// </remarks>
/// <param name="folder">Must be there.</param>
/// <param name="owner">Unique to this process.</param>
internal sealed class LeaseFiles(string folder, string owner)
{
    /// <summary>EEXIST on Linux.</summary>
    private const int FileExists = 17;

    private int _last;

    /// <summary>The term that counts.</summary>
    public LeaseTerm Last()
    {
        while (File.Exists(PathOf(_last + 1))) _last++;
        return _last == 0 ? LeaseTerm.None : LeaseTerm.Parse(_last, File.ReadAllText(PathOf(_last)));
    }

    /// <returns>False: another has begun it.</returns>
    public bool TryBegin(LeaseTerm term)
    {
        // File.Move without overwriting looks first and moves then, and of two at once both succeed.
        string aside = WriteAside(term), path = PathOf(term.Number);
        if (link(aside, path) == 0) return true;
        int error = Marshal.GetLastPInvokeError();
        return error == FileExists ? false
            : throw new IOException($"{path} cannot be made: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    /// <summary>Writes anew a term that this process has begun.</summary>
    public void Write(LeaseTerm term) => File.Move(WriteAside(term), PathOf(term.Number), overwrite: true);

    private string WriteAside(LeaseTerm term)
    {
        string aside = Path.Combine(folder, $"of-{owner.Replace(':', '-')}");
        File.Delete(aside); // It may be a term's file still, by another name.
        File.WriteAllText(aside, term.ToString());
        return aside;
    }

    private string PathOf(int term) => Path.Combine(folder, term.ToString(CultureInfo.InvariantCulture));

    [DllImport("libc", SetLastError = true, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int link(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string existing, [MarshalAs(UnmanagedType.LPUTF8Str)] string another);
}
