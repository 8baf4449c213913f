using System.Globalization;

namespace SocketGym.Python.Workers;

/// <summary>A worker below its guardian, told from any later process of its number by when it started.</summary>
internal sealed class GuardedWorker
{
    // Fields of /proc/<id>/stat after the name, which is in parentheses and may hold anything.
    private const int ParentField = 1;
    private const int StartField = 19;

    private readonly int _id;
    private readonly string _start;

    private GuardedWorker(int id, string start)
    {
        _id = id;
        _start = start;
    }

    /// <summary>Finds a worker.</summary>
    /// <param name="id">What it says its process id is, perhaps one in a namespace of its own.</param>
    /// <param name="guardian">The process that was started.</param>
    /// <returns>The worker; null where that process is not its parent.</returns>
    public static GuardedWorker? Find(long id, int guardian)
    {
        var fields = ReadFields(id);
        return fields.Length > StartField && fields[ParentField] == guardian.ToString(CultureInfo.InvariantCulture)
            ? new GuardedWorker((int)id, fields[StartField])
            : null;
    }

    /// <summary>Kills it with everything below it, if it is still there.</summary>
    public void EndTree()
    {
        var fields = ReadFields(_id);
        if (fields.Length > StartField && fields[StartField] == _start)
            ProcessTree.End(_id);
    }

    private static string[] ReadFields(long id)
    {
        try
        {
            var text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
