namespace SocketGym.Client.Tests;

/// <summary>What a fake server says of a vector: boxes of two floats to see, two actions.</summary>
internal static class FakeVector
{
    /// <summary>A reply to <c>make_vec</c>.</summary>
    public static byte[] Made(byte count, byte actions = 2, string mode = "NextStep") => Pack.Map(
        Pack.Text("num_envs"),
        Pack.Int(count),
        Pack.Text("single_observation_space"),
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
        Pack.Text("single_action_space"),
        Pack.Map(Pack.Text("type"), Pack.Text("Discrete"), Pack.Text("n"), Pack.Int(actions), Pack.Text("start"), Pack.Int(0), Pack.Text("dtype"), Pack.Text("<i8")),
        Pack.Text("metadata"),
        Pack.Map(),
        Pack.Text("render_mode"),
        Pack.Nil,
        Pack.Text("spec"),
        Pack.Nil,
        Pack.Text("autoreset_mode"),
        Pack.Text(mode));

    /// <summary>The result of a step of two environments that returned 1 and 2.</summary>
    public static byte[] Step { get; } = Pack.List(Observations, Rewards, Flags, Flags, Pack.List());

    public static byte[] Observations => Pack.Array("<f4", [2, 2], Pack.Floats(1, 2, 3, 4));

    public static byte[] Rewards => Pack.Array("<f8", [2], [.. BitConverter.GetBytes(1.0), .. BitConverter.GetBytes(2.0)]);

    public static byte[] Flags => Pack.Array("|b1", [2], [0, 0]);

    /// <summary>Answers <c>hello</c> and <c>make_vec</c>, whatever their parameters.</summary>
    public static void Make(FakePeer peer, byte[] made)
    {
        peer.ReadPayload();
        peer.Reply(1, FakePeer.Hello(256 * 1024));
        peer.ReadPayload();
        peer.Reply(2, made);
    }

    /// <summary>The same for two environments.</summary>
    public static void MakeTwo(FakePeer peer) => Make(peer, Made(2));
}
