using System.Buffers;
using System.Text.Json;
using Countersign.Core;
using Countersign.Core.Events;
using Countersign.Core.Projects;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.RelyingParty.Events;

/// <summary>GET /events: what has happened in the caller's project, a page at a time.</summary>
internal sealed class ListEvents(RequestRate rate, IEventLog log, TimeProvider time) : IEndpoint
{
    public RequestDelegate Endpoint => async context => await (await AnswerAsync(context)).WriteAsync(context);

    private async Task<Answer> AnswerAsync(HttpContext context)
    {
        var caller = context.Features.Get<Caller>()!;
        var family = caller.Project.Settings.ErrorCodes;
        if (!rate.TryTake(context, caller.ClientId))
        {
            return Problem.Of(Fault.TooManyRequests, family);
        }

        if (!RequestBody.OfQuery(context.Request.Query).Is(out var query, out var fault))
        {
            return Problem.Of(fault, family);
        }
        using (query)
        {
            query.CloseQuery(context);
            var request = new EventListRequest(
                query.Read(EventMembers.After), query.Read(EventMembers.Flow), query.Read(EventMembers.Limit));
            return query.Fault is { } bad
                ? Problem.Of(bad, family)
                : await ListAsync(caller.Project, request, context.RequestAborted);
        }
    }

    private async Task<Answer> ListAsync(Project project, EventListRequest request, CancellationToken cancellationToken)
    {
        // Who has just had an answer finds in the list what it has made true.
        await log.PublishAsync(time.GetUtcNow(), cancellationToken);
        var after = 0L;
        if (request.After is { } last)
        {
            if (await log.FindPlaceAsync(project.Id, last, cancellationToken) is not { } place)
            {
                return Problem.Of(
                    Fault.Invalid(EventMembers.After, "your project has no event with this id, or not any more: leave it out to begin "
                        + "with the oldest that is kept"),
                    project.Settings.ErrorCodes);
            }
            after = place;
        }

        var page = await log.ListAsync(project.Id, after, request.Flow, request.Limit, cancellationToken);
        return new Answer(StatusCodes.Status200OK, Write(page, next: page.Last ?? request.After));
    }

    private static byte[] Write(EventPage page, Guid? next)
    {
        var buffer = new ArrayBufferWriter<byte>(512 * (page.Events.Count + 1));
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray("events");
            foreach (var one in page.Events)
            {
                EventJson.Write(json, one);
            }
            json.WriteEndArray();
            json.WriteBoolean("hasMore", page.HasMore);
            if (next is { } last)
            {
                json.WriteString("next", EventJson.IdOf(last));
            }
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }
}

internal sealed record EventListRequest(Guid? After, CorrelationId? Flow, int Limit);
