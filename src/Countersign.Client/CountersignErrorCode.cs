namespace Countersign.Client;

/// <summary>The codes that <see cref="CountersignException.Code"/> may hold. Servers may add further ones.</summary>
/// <remarks>A server set to legacy codes answers 1000, 1001 and 1003 for 8000, 8001 and 8003.</remarks>
public static class CountersignErrorCode
{
    /// <summary>The server failed. HTTP 500.</summary>
    public const int Internal = 8000;

    /// <summary>A field is missing or invalid; the message names each. HTTP 400.</summary>
    public const int InvalidRequest = 8001;

    /// <summary>The credentials are wrong. HTTP 401.</summary>
    public const int NotAuthorized = 8002;

    /// <summary>The flow does not allow this call now. HTTP 403.</summary>
    public const int StepNotAllowed = 8003;

    /// <summary>The sandbox has no test user with this number. HTTP 400.</summary>
    public const int TestUserNotFound = 8007;

    /// <summary>No flow of this project has this correlation id, or its 15 minutes have passed. HTTP 400.</summary>
    public const int UnknownCorrelationId = 8008;

    /// <summary>The test user belongs to another product. HTTP 403.</summary>
    public const int TestUserOfOtherProduct = 8009;

    /// <summary>Your project has no such identity, device or flow, or the server no such path. HTTP 404.</summary>
    public const int NotFound = 8011;

    /// <summary>A call with the same idempotency key, or on the flow to be cancelled, is still running. HTTP 409.</summary>
    public const int IdempotencyKeyInUse = 8409;

    /// <summary>The flow has ended, and cannot be cancelled any more. HTTP 409.</summary>
    public const int FlowEnded = 8411;

    /// <summary>The idempotency key was used for another request. HTTP 422.</summary>
    public const int IdempotencyKeyReused = 8422;

    /// <summary>Too many requests; <see cref="CountersignException.RetryAfter"/> says when to come back. HTTP 429.</summary>
    public const int TooManyRequests = 8429;
}
