namespace Countersign.Client;

/// <summary>The names under which this client reports what it does. No personal data, no id and no URL is ever reported.</summary>
public static class CountersignTelemetry
{
    /// <summary>The activity source to subscribe to: one activity per call, <c>countersign.verify</c> and the like.</summary>
    public const string ActivitySourceName = "Countersign.Client";

    /// <summary>The meter to subscribe to: duration of calls, retries and token requests.</summary>
    public const string MeterName = "Countersign.Client";
}
