using System.Text.Json.Serialization;

namespace Countersign.Client;

/// <summary>
/// How a person did in a test for persons (a captcha) that you gave. Passed, the flow's texts are not stopped for looking like pumping.
/// </summary>
public sealed record ChallengeOutcome
{
    /// <summary>The test's own id, as whoever gave it names it. It counts once for your project.</summary>
    /// <value>1 to 256 characters.</value>
    public required string Id { get; init; }

    /// <summary>Whether the person has passed.</summary>
    [JsonPropertyName("passed")]
    public required bool IsPassed { get; init; }

    /// <summary>Whether it was passed.</summary>
    public override string ToString() => $"{nameof(ChallengeOutcome)} {{ IsPassed = {IsPassed} }}";
}
