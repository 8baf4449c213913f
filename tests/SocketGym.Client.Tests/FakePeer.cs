using System.Buffers.Binary;
using System.Net.Sockets;

namespace SocketGym.Client.Tests;

/// <summary>The server's end of one connection, as a script uses it.</summary>
internal sealed class FakePeer(Socket socket)
{
    /// <summary>A reply to <c>make</c>: a box of two floats to see, two actions.</summary>
    public static byte[] CartPoleMade { get; } = Made(Pack.Nil);

    /// <summary>The same with a spec, or with another number of actions.</summary>
    public static byte[] Made(byte[] spec, byte actions = 2) => Pack.Map(
        Pack.Text("observation_space"),
        Pack.Map(
            Pack.Text("type"),
            Pack.Text("Box"),
            Pack.Text("low"),
            Pack.Array("<f4", [2], Pack.Floats(-1, -2)),
            Pack.Text("high"),
            Pack.Array("<f4", [2], Pack.Floats(1, 2)),
            Pack.Text("bounded_below"),
            Pack.Array("|b1", [2], [1, 1]),
            Pack.Text("bounded_above"),
            Pack.Array("|b1", [2], [1, 1])),
        Pack.Text("action_space"),
        Pack.Map(Pack.Text("type"), Pack.Text("Discrete"), Pack.Text("n"), Pack.Int(actions), Pack.Text("start"), Pack.Int(0), Pack.Text("dtype"), Pack.Text("<i8")),
        Pack.Text("metadata"),
        Pack.Map(Pack.Text("render_fps"), Pack.Int(50)),
        Pack.Text("render_mode"),
        Pack.Text("rgb_array"),
        Pack.Text("spec"),
        spec);

    /// <summary>Requires that the next frame is exactly this payload.</summary>
    public void Expect(byte[] payload) => Assert.Equal(Convert.ToHexString(payload), Convert.ToHexString(ReadPayload()));

    public void Reply(uint id, byte[] result) => Send(Pack.Frame(Pack.Reply(id, result)));

    public void Send(byte[] bytes) => socket.Send(bytes);

    /// <summary>Answers <c>hello</c> and <c>make</c>, whatever their parameters.</summary>
    public void Make(uint maxFrameBytes = 256 * 1024)
    {
        ReadPayload();
        Reply(1, Hello(maxFrameBytes));
        ReadPayload();
        Reply(2, CartPoleMade);
    }

    /// <summary>Answers <c>hello</c> with an offer of memory, and agrees on it: from here on the script uses what this returns.</summary>
    /// <param name="tellIdentity">Is told which memory it is.</param>
    public SharedPeer Share(Action<string>? tellIdentity = null) => SharedPeer.Share(this, socket, tellIdentity);

    public static byte[] Hello(uint maxFrameBytes) => Pack.Map(
        Pack.Text("protocol"),
        Pack.Int(1),
        Pack.Text("server"),
        Pack.Text("fake"),
        Pack.Text("codecs"),
        Pack.List(Pack.Text("msgpack")),
        Pack.Text("max_frame_bytes"),
        [0xCE, (byte)(maxFrameBytes >> 24), (byte)(maxFrameBytes >> 16), (byte)(maxFrameBytes >> 8), (byte)maxFrameBytes]);

    public byte[] ReadPayload()
    {
        var header = Read(4);
        return Read(BinaryPrimitives.ReadInt32BigEndian(header));
    }

    /// <summary>Waits until the client has ended its side, and requires that it sent nothing more.</summary>
    public void ExpectEnd()
    {
        try
        {
            Assert.Equal(0, socket.Receive(new byte[1]));
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.ConnectionReset)
        {
            // An end too: the client closed with bytes unread.
        }
    }

    /// <summary>Closes with a reset rather than an ordinary end.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }

    private byte[] Read(int count)
    {
        var bytes = new byte[count];
        for (var received = 0; received < count;)
        {
            var more = socket.Receive(bytes.AsSpan(received));
            Assert.NotEqual(0, more);
            received += more;
        }
        return bytes;
    }
}
