using SocketGym.Core.Errors;

namespace SocketGym.Hosting.Sessions;

/// <summary>An exception that an environment's own code threw, as the error that the client gets.</summary>
internal static class EnvironmentFault
{
    /// <summary>Describes the exception.</summary>
    /// <param name="exception">What the environment threw; not a <see cref="SocketGymException"/>, which says by itself what it is.</param>
    public static SocketGymException Of(Exception exception) =>
        new(ErrorCode.EnvironmentFault, $"{exception.GetType().Name}: {exception.Message}", exception)
        {
            RemoteType = exception.GetType().FullName,
            RemoteTraceback = exception.StackTrace,
        };
}
