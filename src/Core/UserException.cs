namespace PretrainBench.Core;

/// <summary>An error that the user can act on: what went wrong, where, and what to do. The command line prints the
/// message on standard error without a stack trace and ends with <see cref="ExitCode"/>.</summary>
public sealed class UserException : Exception
{
    /// <summary>Creates an error with the message that the user will read.</summary>
    /// <param name="message">What went wrong, where (file and line, or run), and what to do about it.</param>
    /// <param name="exitCode">How the program ends; see <see cref="ExitCodes"/>.</param>
    /// <param name="inner">The cause, shown only with <c>--verbose</c>.</param>
    public UserException(string message, int exitCode = ExitCodes.Usage, Exception? inner = null)
        : base(message, inner)
        => ExitCode = exitCode;

    /// <summary>The program's exit code; see <see cref="ExitCodes"/>.</summary>
    public int ExitCode { get; }
}
