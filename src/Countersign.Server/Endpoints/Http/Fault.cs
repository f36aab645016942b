using Countersign.Core.Limits;
using Countersign.Core.Money;
using Countersign.Core.Projects;

namespace Countersign.Server.Endpoints.Http;

/// <summary>A refusal as the relying party or the browser sees it. Add codes; never rename or reuse one.</summary>
internal sealed record Fault(int Status, int Code, string Message)
{
    public static Fault Internal { get; } = new(500, 8000, "internal error, try again later");
    public static Fault Unavailable { get; } = new(503, 8000, "not available at the moment, try again later");
    public static Fault NotAuthorized { get; } = new(401, 8002, "not authorized");
    public static Fault StepNotAllowed { get; } = new(403, 8003, "step not allowed");
    public static Fault NoTestUser { get; } = new(400, 8007, "no test user found matching the phone number");
    public static Fault UnknownCorrelationId { get; } = new(400, 8008, "correlation id is not valid");
    public static Fault OtherProductsTestUser { get; } = new(403, 8009, "test user belongs to another product");
    public static Fault NotFound { get; } = new(404, 8011, "not found");
    public static Fault MethodNotAllowed { get; } = new(405, 8001, "method not allowed");
    public static Fault NotPermitted { get; } = new(403, 8403, "this admin key may not do that");
    public static Fault StillRunning { get; } = new(409, 8409, "a request with this idempotency key is still running");
    public static Fault OtherBody { get; } = new(422, 8422, "this idempotency key was used with another body");
    public static Fault TooManyRequests { get; } = new(429, 8429, "too many requests");

    public static Fault FlowEnded { get; } = new(409, 8411, "the flow has ended and cannot be cancelled any more");

    public static Fault Conflict { get; } = new(409, 8410, "this is there already, or stands in the configuration");

    /// <summary>How long to wait before it makes sense to call again, in seconds; null where that is not known.</summary>
    public long? RetryAfter { get; init; }

    /// <summary>How the flow ended that the refusal is about; null where it is about none.</summary>
    public string? End { get; init; }

    public static Fault Of(Reached reached, DateTimeOffset now) =>
        TooManyRequests with
        {
            Message = $"{TooManyRequests.Message}: " + reached switch
            {
                CapReached => $"the cap '{reached.Rule}' on what texts may cost is reached",
                CapUnpriced => $"no text is sent ('{reached.Rule}'): there is a cap on what texts may cost, and the server has no price "
                    + "to hold them to it; its operator must set one",
                _ => $"the limit '{reached.Rule}' is reached" + (LimitRule.IsOfAllNumbers(reached.Rule) ? "" : " for this phone number"),
            },
            RetryAfter = reached.End is { } end ? Math.Max(1, (long)Math.Ceiling((end - now).TotalSeconds)) : null,
        };

    /// <summary>Several as one: all messages, and the least status, since what is malformed is so whoever calls.</summary>
    public static Fault OfAll(IReadOnlyList<Fault> faults) =>
        faults.MinBy(fault => fault.Status)! with { Message = string.Join("; ", faults.Select(fault => fault.Message)) };

    public static Fault Malformed(string message) => new(400, 8001, message);

    public static Fault Missing(string field) => Malformed($"field '{field}' is missing");

    public static Fault Invalid(string field, string reason) => Malformed($"field '{field}' is invalid: {reason}");

    /// <summary>The code as a project wants it: some integrations know only the older family.</summary>
    public int CodeFor(ErrorCodes family) => (family, Code) switch
    {
        (ErrorCodes.Legacy, 8000) => 1000,
        (ErrorCodes.Legacy, 8001) => 1001,
        (ErrorCodes.Legacy, 8003) => 1003,
        _ => Code,
    };
}
