using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using SocketGym.Core.Values;

namespace SocketGym.Environments.Tests;

/// <summary>A digest of values with their exact types, as tests/vectors/generate/environment_runs.py feeds it.</summary>
internal sealed class ValueDigest : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public void Feed(params ReadOnlySpan<Value> tuple)
    {
        Feed($"({tuple.Length};");
        foreach (var item in tuple)
            Feed(item);
    }

    public string Finish() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    public void Dispose() => _hash.Dispose();

    private void Feed(Value value)
    {
        switch (value.Kind)
        {
            case ValueKind.None:
                Feed("N");
                break;
            case ValueKind.Bool:
                Feed(value.AsBool() ? "T" : "F");
                break;
            case ValueKind.Int:
                Feed(string.Create(CultureInfo.InvariantCulture, $"i{value.AsInt64()};"));
                break;
            case ValueKind.Float:
                Feed("d");
                Feed(value.AsDouble());
                break;
            case ValueKind.String:
                Feed($"s{Encoding.UTF8.GetByteCount(value.AsString())};{value.AsString()}");
                break;
            case ValueKind.Array:
                var array = value.AsArray();
                Feed($"a{array.DType.Descriptor};{string.Join(',', array.Shape.ToArray())};");
                _hash.AppendData(array.Bytes);
                break;
            case ValueKind.Scalar:
                Feed($"g{value.ScalarType.Descriptor};");
                Span<byte> bytes = stackalloc byte[8];
                value.CopyScalarTo(bytes);
                _hash.AppendData(bytes[..value.ScalarType.ItemSize]);
                break;
            case ValueKind.Tuple:
                Feed(value.AsItems());
                break;
            case ValueKind.Dict:
                Feed($"{{{value.AsDict().Count};");
                foreach (var (key, item) in value.AsDict())
                {
                    Feed(key);
                    Feed(item);
                }
                break;
            default:
                throw new NotSupportedException($"{value} ({value.Kind}) has no digest.");
        }
    }

    private void Feed(double number) => _hash.AppendData(MemoryMarshal.AsBytes(new ReadOnlySpan<double>(in number)));

    private void Feed(string text)
    {
        Span<byte> bytes = stackalloc byte[256];
        _hash.AppendData(bytes[..Encoding.UTF8.GetBytes(text, bytes)]);
    }
}
