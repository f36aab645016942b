using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Core.Doctor;

namespace Countersign.Cli.Doctor;

/// <summary>What browsers, phones and back ends see of a server at its public address.</summary>
/// <param name="time">This machine's.</param>
internal sealed class OutsideChecks(HttpClient http, TimeProvider time)
{
    // A Date header has whole seconds, and the answer has taken its way.
    private static readonly TimeSpan _tolerance = TimeSpan.FromSeconds(3);

    /// <param name="origin">The public address.</param>
    /// <param name="keys">Ids of the keys that the server publishes; null where it could not be asked.</param>
    public async Task<IReadOnlyList<Finding>> LookAsync(string origin, IReadOnlyList<string>? keys, CancellationToken cancellationToken)
    {
        var alive = await AskAsync(origin, "/health", cancellationToken);
        if (alive is not { Status: HttpStatusCode.OK, Json: { } health } || StrictJson.TextOf(health, "status") != "healthy")
        {
            var says = alive.Problem ?? $"{origin}/health is answered {(int)alive.Status}, and not by a Countersign server.";
            return
            [
                Checks.PublicAnswers.IsBroken(says),
                .. new[] { Checks.PublicHere, Checks.PublicReady, Checks.PublicAdmin, Checks.ServerClock }
                    .Select(check => check.IsUnknown("The public address does not answer.")),
            ];
        }
        return
        [
            Checks.PublicAnswers.IsFine($"{origin} does."),
            await HereAsync(origin, keys, cancellationToken),
            await ReadyAsync(origin, cancellationToken),
            await AdminAsync(origin, cancellationToken),
            ClockOf(alive),
        ];
    }

    private async Task<Finding> HereAsync(string origin, IReadOnlyList<string>? keys, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(origin, "/.well-known/jwks.json", cancellationToken);
        if (answer.Json?["keys"] is not JsonArray published || published.Count == 0)
        {
            var why = answer.Problem is null ? $"is answered {(int)answer.Status}, without keys" : "is not answered";
            return Checks.PublicHere.IsBroken(
                $"{origin}/.well-known/jwks.json {why}: nobody can check what this server signs.");
        }
        return keys is null ? Checks.PublicHere.IsUnknown("Keys are answered there; whether they are this server's it alone can tell.")
            : published.Any(key => keys.Contains(StrictJson.TextOf(key, "kid"), StringComparer.Ordinal))
                ? Checks.PublicHere.IsFine("It does, and its keys are answered there.")
                : Checks.PublicHere.IsBroken("Another server answers there: its keys are not this one's.");
    }

    private async Task<Finding> ReadyAsync(string origin, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(origin, "/health/ready", cancellationToken);
        return answer.Status == HttpStatusCode.OK
            ? Checks.PublicReady.IsFine("It is.")
            : Checks.PublicReady.IsBroken(answer.Problem ?? $"/health/ready is answered {(int)answer.Status}: calls are refused.");
    }

    private async Task<Finding> AdminAsync(string origin, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(origin, "/admin/server", cancellationToken);
        return answer switch
        {
            { Problem: { } problem } => Checks.PublicAdmin.IsUnknown(problem),
            // In the server's own words: a proxy may ask for a password of its own.
            { Status: HttpStatusCode.Unauthorized or HttpStatusCode.TooManyRequests, Json: { } body } when body["code"] is not null =>
                Checks.PublicAdmin.IsWeak("The admin API can be reached there: whoever has a key may use it from anywhere."),
            { Status: HttpStatusCode.NotFound or HttpStatusCode.Forbidden } => Checks.PublicAdmin.IsFine("It cannot."),
            _ => Checks.PublicAdmin.IsUnknown($"Something else than the server answers there with {(int)answer.Status}."),
        };
    }

    private static Finding ClockOf(Reply reply) =>
        reply.Ahead is not { } ahead ? Checks.ServerClock.IsUnknown("The answer does not say its time.")
        : ahead.Duration() <= _tolerance ? Checks.ServerClock.IsFine("No more than the answer's whole seconds.")
        : Checks.ServerClock.IsWeak(string.Create(
            CultureInfo.InvariantCulture,
            $"The clock of this machine is {ahead.Duration().TotalSeconds:0} seconds {(ahead > TimeSpan.Zero ? "ahead" : "behind")}."));

    private async Task<Reply> AskAsync(string origin, string path, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.GetAsync(new Uri(origin + path), cancellationToken);
            // In the middle of the second that it names.
            var ahead = time.GetUtcNow() - (response.Headers.Date + TimeSpan.FromSeconds(0.5));
            var text = await StrictJson.ReadTextAsync(response.Content, cancellationToken);
            return new Reply(response.StatusCode, Read(text), ahead, Problem: null);
        }
        catch (Exception exception) when (exception is HttpRequestException or HttpIOException)
        {
            return new Reply(default, null, null, $"{origin} does not answer: {exception.GetBaseException().Message}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Reply(default, null, null, $"{origin} does not answer in {http.Timeout.TotalSeconds:0} seconds.");
        }
    }

    private static JsonObject? Read(string text)
    {
        try
        {
            return StrictJson.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <param name="Ahead">How far this machine's clock is ahead of the other's.</param>
    /// <param name="Problem">Why there is no answer.</param>
    private sealed record Reply(HttpStatusCode Status, JsonObject? Json, TimeSpan? Ahead, string? Problem);
}
