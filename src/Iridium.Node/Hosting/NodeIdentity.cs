using System.Globalization;
using System.Text;
using Iridium.Actors.Node;
using Iridium.Node.Cli;

namespace Iridium.Node.Hosting;

/// <summary>
/// The id of a node that was given no alias: a UUID kept in <c>.node_id</c>, so that a node keeps its name over
/// restarts. The file is locked while the node runs; another node that shares the directory finds it locked and takes
/// the next one,
/// <c>.node_id-2</c>. So two nodes never have the same id, and each finds its own again.
/// </summary>
public sealed class NodeIdentity : IDisposable
{
    /// <summary>Nodes without alias on one data directory.</summary>
    public const int MostNodes = 64;

    private const int LongestFile = 1024;

    private readonly FileStream _file;

    private NodeIdentity(FileStream file, string id)
    {
        _file = file;
        Id = id;
    }

    public string Id { get; }

    /// <param name="newId">Makes an id for a file that is new.</param>
    /// <exception cref="UserErrorException">The directory cannot be used, or a file in it holds something
    /// else.</exception>
    public static NodeIdentity Claim(string directory, Func<string> newId)
    {
        for (int slot = 1; slot <= MostNodes; slot++)
        {
            string name = slot == 1 ? ".node_id" : string.Create(CultureInfo.InvariantCulture, $".node_id-{slot}");
            string path = Path.Combine(directory, name);
            FileStream file;
            try
            {
                file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                // Another node holds this one.
                continue;
            }
            catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
            {
                throw Unusable(path, refused);
            }
            return Read(file, path, newId);
        }
        throw new UserErrorException(new($"{MostNodes} nodes without alias share the data directory already", directory,
            "give this node a --node-alias or a --data-root-dir of its own", ExitCode.NotStarted));
    }

    public void Dispose() => _file.Dispose();

    private static NodeIdentity Read(FileStream file, string path, Func<string> newId)
    {
        try
        {
            byte[] bytes = new byte[LongestFile];
            int length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            string id = Encoding.UTF8.GetString(bytes, 0, length).Trim();
            if (id.Length == 0)
            {
                id = newId();
                file.Write(Encoding.UTF8.GetBytes(id + "\n"));
                file.Flush(flushToDisk: true);
            }
            if (Alias.IsValid(id)) return new NodeIdentity(file, id);
        }
        catch (IOException failed)
        {
            file.Dispose();
            throw Unusable(path, failed);
        }
        file.Dispose();
        throw new UserErrorException(new("the saved node id is not one", path,
            "delete the file to get a new id, or give --node-alias", ExitCode.NotStarted));
    }

    private static UserErrorException Unusable(string path, Exception cause) => new(
        new($"the node's id cannot be kept: {cause.Message}", path,
            "give --data-root-dir a directory that can be written, or give --node-alias", ExitCode.NotStarted), cause);
}
