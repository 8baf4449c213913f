using System.Net.Sockets;

namespace SocketGym.Server.Commands;

/// <summary>What ends a command before it has done anything: said in one line, without a stack trace.</summary>
internal static class CommandFailure
{
    /// <summary>Whether an error is the user's to correct rather than a fault of the program.</summary>
    public static bool IsExpected(Exception error) => error is FormatException or IOException or UnauthorizedAccessException or SocketException or ArgumentException;

    /// <summary>Prints the error.</summary>
    /// <returns>The command's exit status.</returns>
    public static int Report(Exception error)
    {
        Console.Error.WriteLine(error is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse }
            ? "socketgym: the address is in use. Is a server running already? Choose another port with --port."
            : $"socketgym: {error.Message}");
        return 1;
    }
}
