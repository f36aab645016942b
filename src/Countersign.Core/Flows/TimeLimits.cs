using Countersign.Core.Flows;

namespace Countersign.Core.Flows;

internal static class TimeLimits
{
    /// <summary>No challenge outlives its flow.</summary>
    public static DateTimeOffset Within(Flow flow, DateTimeOffset deadline) => deadline < flow.ExpiresAt ? deadline : flow.ExpiresAt;
}
