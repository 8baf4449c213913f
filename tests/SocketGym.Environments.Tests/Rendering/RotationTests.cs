using System.Runtime.InteropServices;
using SocketGym.Core.Tests;
using SocketGym.Environments.Rendering;

namespace SocketGym.Environments.Tests.Rendering;

public sealed class RotationTests
{
    [Fact]
    public void A_rotated_vector_has_the_bits_of_pygame()
    {
        foreach (var vector in Vectors.Read("environments/rotations.json"))
        {
            var numbers = MemoryMarshal.Cast<byte, double>(vector.Bytes("numbers"));
            var (x, y) = Rotation.FromRadians(numbers[0]).Apply(numbers[1], numbers[2]);
            Assert.True(
                BitConverter.DoubleToInt64Bits(x) == BitConverter.DoubleToInt64Bits(numbers[3])
                && BitConverter.DoubleToInt64Bits(y) == BitConverter.DoubleToInt64Bits(numbers[4]),
                $"({numbers[1]:R}, {numbers[2]:R}) by {numbers[0]:R} became ({x:R}, {y:R})");
        }
    }

    [Fact]
    public void No_rotation_leaves_a_vector_as_it_is() => Assert.Equal((1.5, -2.5), Rotation.None.Apply(1.5, -2.5));
}
