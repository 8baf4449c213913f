using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace SocketGym.Protocol.Sharing;

/// <summary>Memory without a file that another process of this machine can map by its name under <c>/proc</c>; only pages that were written take room.</summary>
/// <remarks>
/// The system frees it when no process maps it any more, however they ended. Its length is sealed: no process can shorten it under another. Spans
/// and pieces of it must not be used after it was closed: a piece that is used then throws. For one thread at a time, but for closing.
/// </remarks>
public sealed unsafe class SharedMemory : MemoryManager<byte>
{
    private const string NamePrefix = "socketgym-";
    private const string LinkPrefix = "/memfd:" + NamePrefix;
    private const int NonceBytes = 16;
    private const int LengthSeals = MemoryCalls.SealShrink | MemoryCalls.SealGrow | MemoryCalls.SealSeal;

    private readonly int _length;
    private int _descriptor;
    private nint _start;

    private SharedMemory(int length, int descriptor, nint start)
    {
        _length = length;
        _descriptor = descriptor;
        _start = start;
    }

    /// <summary>The descriptor in this process; -1 once it was closed.</summary>
    public int Descriptor => _descriptor;

    /// <summary>What <c>/proc/PID/fd/DESCRIPTOR</c> links to; it has 128 random bits, so that nothing else can be taken for it. Empty once the descriptor was closed.</summary>
    public string Identity => LinkOf(PathOf("self", _descriptor)) ?? "";

    /// <summary>Whether a connection stays on this machine, as far as its addresses show, so that memory may be shared.</summary>
    /// <param name="peer">The other end's address; null for one that has none.</param>
    /// <returns>True for a Unix socket and a loopback address.</returns>
    public static bool MayReach(EndPoint? peer) => peer switch
    {
        UnixDomainSocketEndPoint => true,
        IPEndPoint remote => IPAddress.IsLoopback(remote.Address.IsIPv4MappedToIPv6 ? remote.Address.MapToIPv4() : remote.Address),
        _ => false,
    };

    /// <summary>Makes memory of zeros.</summary>
    /// <param name="length">Its bytes.</param>
    /// <returns>The memory; null where the system has none of the kind, or no more of it.</returns>
    public static SharedMemory? TryMake(int length)
    {
        if (!OperatingSystem.IsLinux() || !BitConverter.IsLittleEndian)
            return null;
        var descriptor = -1;
        try
        {
            descriptor = MemoryCalls.Create(NamePrefix + RandomNumberGenerator.GetHexString(2 * NonceBytes, lowercase: true), MemoryCalls.CloseOnExec | MemoryCalls.AllowSealing);
            if (descriptor < 0)
                return null;
            if (MemoryCalls.Truncate(descriptor, length) == 0 && MemoryCalls.Control(descriptor, MemoryCalls.AddSeals, LengthSeals) == 0 && TryMap(descriptor, length) is { } memory)
                return memory;
        }
        catch (EntryPointNotFoundException)
        {
            // A C library older than the call.
        }
        if (descriptor >= 0)
            _ = MemoryCalls.Close(descriptor);
        return null;
    }

    /// <summary>Maps memory that another process made, and keeps no descriptor of it.</summary>
    /// <param name="process">That process's id.</param>
    /// <param name="descriptor">Its <see cref="Descriptor"/> there.</param>
    /// <param name="identity">Its <see cref="Identity"/> there.</param>
    /// <param name="length">Its bytes.</param>
    /// <returns>The memory; null where it cannot be had: another user's, another container's, another system's, or not what it is said to be.</returns>
    public static SharedMemory? TryOpen(int process, int descriptor, string identity, int length)
    {
        ArgumentNullException.ThrowIfNull(identity);
        var path = PathOf(process.ToString(CultureInfo.InvariantCulture), descriptor);
        // Looked at before it is opened, because opening some other process's file could have effects, and after, because the descriptor may stand for another one by then.
        if (!OperatingSystem.IsLinux() || !BitConverter.IsLittleEndian || length <= 0 || !identity.StartsWith(LinkPrefix, StringComparison.Ordinal) || LinkOf(path) != identity)
            return null;
        var file = MemoryCalls.Open(path, MemoryCalls.OpenReadWriteCloseOnExec);
        if (file < 0)
            return null;
        var isTheOne = LinkOf(PathOf("self", file)) == identity
            && (MemoryCalls.Control(file, MemoryCalls.GetSeals, 0) & LengthSeals) == LengthSeals
            && MemoryCalls.Seek(file, 0, MemoryCalls.SeekEnd) == length;
        var memory = isTheOne ? TryMap(file, length) : null;
        if (memory is null)
            _ = MemoryCalls.Close(file);
        else
            memory.CloseDescriptor();
        return memory;
    }

    /// <summary>Closes the descriptor, once the other process has mapped the memory; a second call does nothing.</summary>
    public void CloseDescriptor()
    {
        var descriptor = Interlocked.Exchange(ref _descriptor, -1);
        if (descriptor >= 0)
            _ = MemoryCalls.Close(descriptor);
    }

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The memory was closed.</exception>
    public override Span<byte> GetSpan()
    {
        ObjectDisposedException.ThrowIf(_start == 0, this);
        return new Span<byte>((void*)_start, _length);
    }

    /// <summary>A word that the other process reads and writes, too.</summary>
    /// <param name="offset">Where it is, a multiple of 4 within the memory.</param>
    /// <returns>The word; to be read and written as volatile.</returns>
    /// <exception cref="ObjectDisposedException">The memory was closed.</exception>
    public ref uint Word(int offset)
    {
        ObjectDisposedException.ThrowIf(_start == 0, this);
        return ref *(uint*)(_start + offset);
    }

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0) => new(Unsafe.AsPointer(ref GetSpan()[elementIndex]));

    /// <inheritdoc/>
    public override void Unpin()
    {
    }

    /// <summary>Gives the memory back; a second call does nothing.</summary>
    public void Close() => ((IDisposable)this).Dispose();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        CloseDescriptor();
        // Exactly once, whoever else closes it: by the second time something else may be mapped there.
        var start = Interlocked.Exchange(ref _start, 0);
        if (start != 0)
            _ = MemoryCalls.Unmap((void*)start, (nuint)_length);
    }

    private static SharedMemory? TryMap(int descriptor, int length)
    {
        var start = MemoryCalls.Map(null, (nuint)length, MemoryCalls.ProtRead | MemoryCalls.ProtWrite, MemoryCalls.MapShared, descriptor, 0);
        return start == MemoryCalls.MapFailed ? null : new SharedMemory(length, descriptor, start);
    }

    private static string PathOf(string process, int descriptor) => string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/fd/{descriptor}");

    private static string? LinkOf(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
