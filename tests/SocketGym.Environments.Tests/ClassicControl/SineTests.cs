using SocketGym.Core.Seeding;

namespace SocketGym.Environments.Tests.ClassicControl;

public sealed class SineTests
{
    [Theory]
    [InlineData(0.25)]
    [InlineData(4)]
    [InlineData(1e6)]
    public void Sine_and_cosine_together_are_to_the_last_bit_those_alone(double most)
    {
        var random = Generator.FromSeed(1);
        for (var draw = 0; draw < 200_000; draw++)
        {
            var angle = random.Uniform(-most, most);
            Assert.Equal((Math.Sin(angle), Math.Cos(angle)), Math.SinCos(angle));
        }
    }
}
