using System.Net;
using System.Net.Sockets;
using SocketGym.Protocol.Framing;

namespace SocketGym.Protocol.Tests;

public sealed class ServerAddressTests
{
    [Theory]
    [InlineData("tcp://127.0.0.1:65432", "tcp://127.0.0.1:65432")]
    [InlineData("127.0.0.1:0", "tcp://127.0.0.1:0")]
    [InlineData("gpu-box.lab:5000", "tcp://gpu-box.lab:5000")]
    [InlineData("localhost", "tcp://localhost:65432")]
    [InlineData("tcp://[::1]", "tcp://[::1]:65432")]
    [InlineData("[fe80::1]:80", "tcp://[fe80::1]:80")]
    [InlineData("unix:/run/gym.sock", "unix:/run/gym.sock")]
    [InlineData("unix:///run/gym.sock", "unix:/run/gym.sock")]
    [InlineData("unix:gym.sock", "unix:gym.sock")]
    public void Every_form_is_read_and_written_in_one_way(string text, string written)
    {
        var address = ServerAddress.Parse(text);
        Assert.Equal(written, address.ToString());
        Assert.Equal(address, ServerAddress.Parse(written));
    }

    [Theory]
    [InlineData("")]
    [InlineData("tcp://")]
    [InlineData(":65432")]
    [InlineData("host:")]
    [InlineData("host:port")]
    [InlineData("host:65536")]
    [InlineData("host:-1")]
    [InlineData("::1:65432")]
    [InlineData("[::1")]
    [InlineData("[]:1")]
    [InlineData("[127.0.0.1]:1")]
    [InlineData("[::1]x:1")]
    [InlineData("http://host:1")]
    [InlineData("tcp://host:1/path")]
    [InlineData("a host:1")]
    [InlineData("unix:")]
    public void What_is_no_address_is_refused_with_the_text(string text)
    {
        var error = Assert.Throws<FormatException>(() => ServerAddress.Parse(text));
        Assert.StartsWith($"'{text}' is no address", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_too_long_for_a_socket_is_refused() =>
        Assert.Throws<FormatException>(() => ServerAddress.Parse("unix:/" + new string('x', 200)));

    [Fact]
    public void The_end_point_has_the_kind_of_the_address()
    {
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 80), ServerAddress.Parse("127.0.0.1:80").EndPoint);
        Assert.Equal(new IPEndPoint(IPAddress.IPv6Loopback, 80), ServerAddress.Parse("[::1]:80").EndPoint);
        Assert.Equal(new DnsEndPoint("host", 80), ServerAddress.Parse("host:80").EndPoint);
        Assert.Equal(new UnixDomainSocketEndPoint("/run/gym.sock"), ServerAddress.Parse("unix:/run/gym.sock").EndPoint);
    }
}
