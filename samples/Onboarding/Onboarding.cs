using System.Text.Json.Serialization;
using Countersign.Client;

internal static class Onboarding
{
    public const string SessionCookie = "onboarding";

    // The contract keeps a flow for 15 minutes.
    public static readonly TimeSpan FlowLife = TimeSpan.FromMinutes(15);
}

/// <summary>What the form sends. A class, because a record would print the person.</summary>
internal sealed class Person
{
    public required string PhoneNumber { get; init; }

    public required string FirstName { get; init; }

    public required string LastName { get; init; }

    public required string FlowType { get; init; }
}

/// <summary>Holds a credential of one flow; a class for the same reason.</summary>
internal sealed class Started(string authToken)
{
    public string AuthToken { get; } = authToken;
}

internal sealed record Finished(string Outcome);

internal sealed record Refusal(string Error);

internal sealed record PageConfig(Uri SdkUrl);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Person))]
[JsonSerializable(typeof(Started))]
[JsonSerializable(typeof(Finished))]
[JsonSerializable(typeof(Refusal))]
[JsonSerializable(typeof(PageConfig))]
internal sealed partial class OnboardingJson : JsonSerializerContext;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Error, "A verification could not be started")]
    public static partial void VerifyFailed(ILogger logger, Exception exception);

    [LoggerMessage(2, LogLevel.Error, "The result of {CorrelationId} could not be read")]
    public static partial void StatusFailed(ILogger logger, Exception exception, string correlationId);

    [LoggerMessage(3, LogLevel.Information, "Told: {Type} of {CorrelationId}, {Sequence}, {End}")]
    public static partial void Told(ILogger logger, string type, string? correlationId, long? sequence, string? end);

    [LoggerMessage(4, LogLevel.Warning, "A delivery to the webhook was refused: {Fault}")]
    public static partial void WebhookRefused(ILogger logger, WebhookFault fault);
}
