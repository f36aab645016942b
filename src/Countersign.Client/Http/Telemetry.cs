using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Countersign.Client.Http;

/// <summary>What the client reports: operations, outcomes and status codes. Never an id, a URL or anything of a person.</summary>
internal static class Telemetry
{
    public static readonly string Version = typeof(Telemetry).Assembly.GetName().Version?.ToString(3) ?? "0";

    private const string OperationTag = "countersign.operation";
    private const string StatusTag = "http.response.status_code";
    private const string ErrorTag = "error.type";

    private static readonly ActivitySource _source = new(CountersignTelemetry.ActivitySourceName, Version);
    private static readonly Meter _meter = new(CountersignTelemetry.MeterName, Version);

    private static readonly Histogram<double> _requestDuration =
        _meter.CreateHistogram<double>(
            "countersign.client.request.duration", "s", "Time of one HTTP request, each retry counted by itself.");

    private static readonly Counter<long> _retries =
        _meter.CreateCounter<long>("countersign.client.retries", "{retry}", "Requests that were sent again.");

    private static readonly Counter<long> _tokenFetches =
        _meter.CreateCounter<long>("countersign.client.token.fetches", "{fetch}", "Access tokens asked for.");

    public static Activity? Start(Operation operation) => _source.StartActivity($"countersign.{operation.Name}", ActivityKind.Client);

    public static void SetOutcome(Activity? activity, string outcome) => activity?.SetTag("countersign.outcome", outcome);

    public static void SetFailure(Activity? activity, CountersignException failure)
    {
        activity?.SetStatus(ActivityStatusCode.Error);
        activity?.SetTag(ErrorTag, ErrorType(failure));
        if (failure.Code is { } code)
        {
            activity?.SetTag("countersign.error_code", code);
        }
    }

    public static void RecordRequest(Operation operation, TimeSpan duration, CountersignException? failure)
    {
        var tags = new TagList { { OperationTag, operation.Name } };
        if (failure is null)
        {
            tags.Add(StatusTag, 200);
        }
        else
        {
            tags.Add(ErrorTag, ErrorType(failure));
            if (failure.StatusCode is { } status)
            {
                tags.Add(StatusTag, (int)status);
            }
        }

        _requestDuration.Record(duration.TotalSeconds, tags);
    }

    public static void RecordRetry(Operation operation) => _retries.Add(1, new KeyValuePair<string, object?>(OperationTag, operation.Name));

    public static void RecordTokenFetch() => _tokenFetches.Add(1);

    private static string ErrorType(CountersignException failure) => failure.StatusCode is { } status
        ? ((int)status).ToString(System.Globalization.CultureInfo.InvariantCulture)
        : "no_answer";
}
