using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Countersign.Client.Tests.Support;

namespace Countersign.Client.Tests.Http;

[Collection(nameof(TelemetryTests))]
[CollectionDefinition(nameof(TelemetryTests), DisableParallelization = true)]
public sealed class TelemetryTests
{
    [Fact]
    public async Task A_call_is_one_activity_with_its_outcome_and_nothing_personal()
    {
        var activities = new ConcurrentQueue<Activity>();
        using var listener = Listen(activities);
        using var client = Some.Client(new StubServer());

        await client.VerifyAsync(Some.VerifyRequest, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(["countersign.token", "countersign.verify"], activities.Select(activity => activity.OperationName));
        Assert.Equal("pending", activities.Last().GetTagItem("countersign.outcome"));
        Assert.All(activities.SelectMany(activity => activity.TagObjects), AssertHarmless);
    }

    [Fact]
    public async Task A_failed_call_is_an_activity_with_its_code()
    {
        var activities = new ConcurrentQueue<Activity>();
        using var listener = Listen(activities);
        using var client = Some.Client(
            new StubServer().On(StubServer.VerifyStatus, () => StubServer.Error(400, 8008, "invalid correlation id")));

        await Assert.ThrowsAsync<CountersignException>(
            () => client.GetStatusAsync(Some.CorrelationId, TestContext.Current.CancellationToken));

        var activity = activities.Last();
        Assert.Equal(ActivityStatusCode.Error, activity.Status);
        Assert.Equal("400", activity.GetTagItem("error.type"));
        Assert.Equal(8008, activity.GetTagItem("countersign.error_code"));
        Assert.All(activity.TagObjects, AssertHarmless);
    }

    [Fact]
    public async Task Calls_behind_a_property_are_activities_too_and_a_number_in_a_path_is_not_told()
    {
        var activities = new ConcurrentQueue<Activity>();
        using var listener = Listen(activities);
        var server = new StubServer()
            .On("/v3/validate", () => StubServer.Json(200, Fixture.Read("validate-response.json")))
            .On("/v3/identity/%2B12001004011/lookup", () => StubServer.Json(200, Fixture.Read("lookup-response.json")));
        using var client = Some.Client(server);

        await client.PreFill.ValidateAsync(Some.CorrelationId, TestContext.Current.CancellationToken);
        await client.Identities.LookUpAsync(Some.PhoneNumber, TestContext.Current.CancellationToken);

        Assert.Equal(
            ["countersign.token", "countersign.validate", "countersign.identity_lookup"],
            activities.Select(activity => activity.OperationName));
        Assert.Equal(["true", null], activities.Skip(1).Select(activity => activity.GetTagItem("countersign.outcome")));
        Assert.All(activities.SelectMany(activity => activity.TagObjects), AssertHarmless);
    }

    [Fact]
    public async Task Requests_retries_and_token_fetches_are_counted()
    {
        var measurements = new ConcurrentQueue<(string Name, string Tags)>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, self) => Enable(instrument, self) };
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => measurements.Enqueue((instrument.Name, Print(tags))));
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => measurements.Enqueue((instrument.Name, Print(tags))));
        listener.Start();
        var server = new StubServer().On(
            StubServer.VerifyStatus,
            () => StubServer.Error(503, 8000, "later"),
            StubServer.Unreachable,
            () => StubServer.Json(200, Fixture.Read("verify-status-true.json")));
        using var client = Some.Client(server);

        await client.GetStatusAsync(Some.CorrelationId, TestContext.Current.CancellationToken);

        Assert.Equal(
            [
                ("countersign.client.token.fetches", ""),
                ("countersign.client.request.duration", "countersign.operation=token http.response.status_code=200"),
                ("countersign.client.request.duration", "countersign.operation=verify_status error.type=503 http.response.status_code=503"),
                ("countersign.client.retries", "countersign.operation=verify_status"),
                ("countersign.client.request.duration", "countersign.operation=verify_status error.type=no_answer"),
                ("countersign.client.retries", "countersign.operation=verify_status"),
                ("countersign.client.request.duration", "countersign.operation=verify_status http.response.status_code=200"),
            ],
            measurements);
    }

    private static ActivityListener Listen(ConcurrentQueue<Activity> activities)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == CountersignTelemetry.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activities.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private static void Enable(Instrument instrument, MeterListener listener)
    {
        if (instrument.Meter.Name == CountersignTelemetry.MeterName)
        {
            listener.EnableMeasurementEvents(instrument);
        }
    }

    private static string Print(ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"));

    private static void AssertHarmless(KeyValuePair<string, object?> tag)
    {
        var text = $"{tag.Value}";
        foreach (var hidden in new[] { "2001004011", Some.FirstName, Some.LastName, Some.CorrelationId, "http", "token-" })
        {
            Assert.DoesNotContain(hidden, text, StringComparison.Ordinal);
        }
    }
}
