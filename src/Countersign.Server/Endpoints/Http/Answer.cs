using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Countersign.Core.Projects;

namespace Countersign.Server.Endpoints.Http;

/// <summary>What an endpoint wants said: a status and a JSON body.</summary>
internal readonly record struct Answer(int Status, ReadOnlyMemory<byte> Body)
{
    /// <summary>Done, and nothing to say.</summary>
    public static Answer NoContent { get; } = new(StatusCodes.Status204NoContent, default);

    /// <summary>The same where a standard wants a 200.</summary>
    public static Answer Empty { get; } = new(StatusCodes.Status200OK, default);

    /// <inheritdoc cref="Fault.RetryAfter"/>
    public long? RetryAfter { get; init; }

    /// <summary>The body is one of <see cref="Problem"/>.</summary>
    public bool IsProblem { get; init; }

    public static Answer Ok<T>(T value, JsonTypeInfo<T> type) =>
        new(StatusCodes.Status200OK, JsonSerializer.SerializeToUtf8Bytes(value, type));

    public static Answer Of(Fault fault, ErrorCodes family = ErrorCodes.Standard) =>
        new(fault.Status,
            JsonSerializer.SerializeToUtf8Bytes(new ErrorBody(fault.CodeFor(family), fault.Message), HttpJson.Answers.ErrorBody))
        {
            RetryAfter = fault.RetryAfter,
        };

    public async Task WriteAsync(HttpContext context)
    {
        context.Response.StatusCode = Status;
        if (RetryAfter is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }
        if (Body.IsEmpty)
        {
            return;
        }
        context.Response.ContentType = IsProblem ? Problem.ContentType : "application/json";
        context.Response.ContentLength = Body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(Body, context.RequestAborted);
        }
    }
}
