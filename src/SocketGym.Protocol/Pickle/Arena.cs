namespace SocketGym.Protocol.Pickle;

/// <summary>A growing array that is used again and again; elements are reached by reference.</summary>
/// <remarks>It keeps up to <see cref="MaxKept"/> elements between uses, so that one large message does not hold memory for good.</remarks>
internal sealed class Arena<T>
    where T : unmanaged
{
    private const int MaxKept = 16 * 1024;
    private T[] _items = new T[64];

    public int Count { get; private set; }

    public ref T this[int index] => ref _items[index];

    public int Add(T item)
    {
        if (Count == _items.Length)
            Array.Resize(ref _items, checked(_items.Length * 2));
        _items[Count] = item;
        return Count++;
    }

    public T Pop() => _items[--Count];

    public ReadOnlySpan<T> From(int start) => _items.AsSpan(start, Count - start);

    public void Truncate(int count) => Count = count;

    public void Clear()
    {
        Count = 0;
        if (_items.Length > MaxKept)
            _items = new T[64];
    }
}
