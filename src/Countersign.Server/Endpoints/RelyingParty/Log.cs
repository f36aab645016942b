using Countersign.Core;

namespace Countersign.Server.Endpoints.RelyingParty;

/// <summary>What is logged of the calls of relying parties.</summary>
internal static partial class Log
{
    [LoggerMessage(1102, LogLevel.Information, "Token refused for a client")]
    public static partial void TokenRefused(ILogger logger);

    [LoggerMessage(1104, LogLevel.Information, "Client refused at {Path}")]
    public static partial void ClientRefused(ILogger logger, string path);

    [LoggerMessage(1105, LogLevel.Information, "API client {Client} revoked one of its access tokens")]
    public static partial void TokenRevoked(ILogger logger, ClientId client);

    [LoggerMessage(1106, LogLevel.Information, "An assertion of API client {Client} was refused: {Reason}")]
    public static partial void AssertionRefused(ILogger logger, ClientId client, string reason);

    [LoggerMessage(1130, LogLevel.Information, "One-call verification {Id}: {Type}, {Reason}")]
    public static partial void OneCallAnswered(ILogger logger, CorrelationId id, VerificationType type, string reason);

    [LoggerMessage(
        1132, LogLevel.Warning,
        FlowEventCode.PermissionMissing
            + ": API client {Client} of project {Project} may not ask {Type} by one-call verify (setting OneCall)")]
    public static partial void OneCallNotPermitted(ILogger logger, ClientId client, ProjectId project, VerificationType type);

    /// <summary>Data of a person was given out.</summary>
    /// <param name="type">What was asked; of a call that has no such word, the call.</param>
    /// <param name="members">How many members of records the answer has.</param>
    [LoggerMessage(1133, LogLevel.Information, "Disclosed to API client {Client} of project {Project}: {Type}, {Members} members")]
    public static partial void Disclosed(ILogger logger, ClientId client, ProjectId project, string type, int members);

    [LoggerMessage(1131, LogLevel.Information, "Batch of verifications {Id}: {Answered} answered, {Refused} refused")]
    public static partial void BatchAnswered(ILogger logger, CorrelationId id, int answered, int refused);
}
