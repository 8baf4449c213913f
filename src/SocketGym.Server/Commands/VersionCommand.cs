using System.CommandLine;
using System.Runtime.InteropServices;
using SocketGym.Hosting;

namespace SocketGym.Server.Commands;

/// <summary><c>socketgym version</c>: the versions that a report of a fault needs.</summary>
internal static class VersionCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var command = new Command("version", "Prints the versions of SocketGym, its protocol and .NET.");
        command.SetAction(_ => Console.WriteLine($"socketgym {SocketGymServer.Version}, protocol 1, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}"));
        return command;
    }
}
