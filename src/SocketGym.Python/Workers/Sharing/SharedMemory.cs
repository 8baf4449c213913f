using System.Buffers;
using System.Globalization;
using SocketGym.Core.Values;

namespace SocketGym.Python.Workers.Sharing;

/// <summary>Memory without a file that another process can map by its name under <c>/proc</c>; only pages that were written take room.</summary>
/// <remarks>The system frees it when no process maps it any more, however they ended. Spans and pieces of it must not be used after <see cref="Close"/>: those taken then throw.</remarks>
internal sealed unsafe class SharedMemory : MemoryManager<byte>
{
    private readonly int _length;
    private readonly int _descriptor;
    private byte* _start;
    private bool _isDescriptorClosed;

    private SharedMemory(int length, int descriptor, byte* start)
    {
        _length = length;
        _descriptor = descriptor;
        _start = start;
    }

    /// <summary>Makes memory of zeros.</summary>
    /// <param name="length">Its bytes.</param>
    /// <returns>The memory; null where the system has none of the kind, or no more of it.</returns>
    public static SharedMemory? TryMake(int length)
    {
        if (!OperatingSystem.IsLinux() || !BitConverter.IsLittleEndian)
            return null;
        // A name of its own, by which a worker knows it for this one.
        var name = string.Create(CultureInfo.InvariantCulture, $"socketgym-{Random.Shared.NextInt64():x}");
        var descriptor = -1;
        try
        {
            descriptor = LibC.MemFdCreate(name, LibC.MemFdCloseOnExec);
            if (descriptor < 0)
                return null;
            if (LibC.FTruncate(descriptor, length) == 0)
            {
                var start = LibC.MMap(null, (nuint)length, LibC.ProtRead | LibC.ProtWrite, LibC.MapShared, descriptor, 0);
                if (start != LibC.MapFailed)
                    return new SharedMemory(length, descriptor, (byte*)start);
            }
        }
        catch (EntryPointNotFoundException)
        {
            // A C library older than the call.
        }
        if (descriptor >= 0)
            _ = LibC.Close(descriptor);
        return null;
    }

    /// <summary>The descriptor, and what <c>/proc</c> says it is (python/worker's <c>sharing.py</c>).</summary>
    public (Value Descriptor, Value Identity) Name
    {
        get
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{_descriptor}");
            return (_descriptor, new FileInfo(path).LinkTarget ?? "");
        }
    }

    /// <summary>Closes the descriptor, once the other process has mapped the memory.</summary>
    public void CloseDescriptor()
    {
        if (_isDescriptorClosed)
            return;
        _isDescriptorClosed = true;
        _ = LibC.Close(_descriptor);
    }

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The memory was closed.</exception>
    public override Span<byte> GetSpan()
    {
        ObjectDisposedException.ThrowIf(_start is null, this);
        return new Span<byte>(_start, _length);
    }

    /// <summary>A word that the other process reads and writes, too.</summary>
    /// <param name="offset">Where it is.</param>
    /// <exception cref="ObjectDisposedException">The memory was closed.</exception>
    public ref uint Word(int offset)
    {
        ObjectDisposedException.ThrowIf(_start is null, this);
        return ref *(uint*)(_start + offset);
    }

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0) => new((byte*)Unsafe(elementIndex));

    /// <inheritdoc/>
    public override void Unpin()
    {
    }

    /// <summary>Gives the memory back.</summary>
    public void Close() => ((IDisposable)this).Dispose();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        CloseDescriptor();
        if (_start is null)
            return;
        _ = LibC.MUnmap(_start, (nuint)_length);
        _start = null;
    }

    private void* Unsafe(int index) => System.Runtime.CompilerServices.Unsafe.AsPointer(ref GetSpan()[index]);
}
