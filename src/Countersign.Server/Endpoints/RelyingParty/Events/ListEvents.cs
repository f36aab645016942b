using System.Buffers;
using System.Text.Json;
using Countersign.Core;
using Countersign.Core.Events;
using Countersign.Core.Projects;
using Countersign.Server.Endpoints.Http;

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
            if (await log.FindAsync(project.Id, last, cancellationToken) is not { } known)
            {
                return Problem.Of(
                    Fault.Invalid(EventMembers.After, "your project has no event with this id, or not any more: leave it out to begin "
                        + "with the oldest that is kept"),
                    project.Settings.ErrorCodes);
            }
            after = known.Position;
        }

        // One more than asked for says whether there is another page.
        var found = await log.ListAsync(project.Id, after, request.Flow, request.Limit + 1, cancellationToken);
        var page = found.Take(request.Limit).ToList();
        var next = page.Count > 0 ? EventJson.IdOf(page[^1].Announcement) : request.After is { } same ? EventJson.IdOf(same) : null;
        return new Answer(StatusCodes.Status200OK, Write(page, next, hasMore: found.Count > page.Count));
    }

    private static byte[] Write(List<PublishedEvent> page, string? next, bool hasMore)
    {
        var buffer = new ArrayBufferWriter<byte>(512 * (page.Count + 1));
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray("events");
            foreach (var one in page)
            {
                EventJson.Write(json, one.Announcement, one.Sequence);
            }
            json.WriteEndArray();
            json.WriteBoolean("hasMore", hasMore);
            if (next is not null)
            {
                json.WriteString("next", next);
            }
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }
}

internal sealed record EventListRequest(Guid? After, CorrelationId? Flow, int Limit);
