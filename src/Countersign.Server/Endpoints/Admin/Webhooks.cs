using System.Diagnostics;
using Countersign.Core;
using Countersign.Core.Events;
using Countersign.Core.Projects;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>GET /admin/projects/{id}/webhooks: where the project's events are sent.</summary>
internal sealed class ListWebhooks(IWebhookStore webhooks, IProjectStore projects, TimeProvider time) : IEndpoint
{
    public RequestDelegate Endpoint => AdminEndpoint.OfPath(async call =>
    {
        if (await projects.FindProjectAsync(call.ProjectId, call.Aborted) is not { } project)
        {
            return Answer.Of(ProjectFaults.Unknown(call.Path("id")));
        }
        var listed = new List<WebhookResponse>();
        foreach (var webhook in await webhooks.ListAsync(project.Id, call.Aborted))
        {
            listed.Add(WebhookResponse.Of(webhook, await webhooks.CountAsync(webhook.Id, call.Aborted), time.GetUtcNow()));
        }
        return Answer.Ok(new WebhookListResponse(listed), AdminJson.Answers.WebhookListResponse);
    });
}

/// <summary>POST /admin/projects/{id}/webhooks: a new one. Its secret is in this answer and nowhere else.</summary>
internal sealed class CreateWebhook(
    WebhookChanges changes, IProjectStore projects, WebhookAnswers answers, IWebhookSender sender) : IEndpoint
{
    public RequestDelegate Endpoint => AdminEndpoint.Of(
        body => new NewWebhook(
            WebhookMembers.ReadUrl(body, sender, isRequired: true), body.Read(WebhookMembers.Types)),
        HandleAsync);

    private async Task<Answer> HandleAsync(AdminCall<NewWebhook> call) =>
        await projects.FindProjectAsync(call.ProjectId, call.Aborted) is { } project
            ? answers.WithSecret(
                call, await changes.CreateAsync(project.Id, call.Request.Url!, call.Request.Types, call.Aborted), "created",
                StatusCodes.Status201Created)
            : Answer.Of(ProjectFaults.Unknown(call.Path("id")));

    private sealed record NewWebhook(Uri? Url, IReadOnlyList<string> Types)
    {
        public override string ToString() => nameof(NewWebhook);
    }
}

/// <summary>GET /admin/projects/{id}/webhooks/{webhookId}: one, with what it did not get.</summary>
internal sealed class ShowWebhook(IWebhookStore webhooks, WebhookAnswers answers, TimeProvider time) : IEndpoint
{
    private const int MaxDead = 20;

    public RequestDelegate Endpoint => AdminEndpoint.OfPath(async call =>
    {
        if (await answers.FindAsync(call) is not { } webhook)
        {
            return WebhookAnswers.Unknown(call);
        }
        var shown = WebhookResponse.Of(webhook, await webhooks.CountAsync(webhook.Id, call.Aborted), time.GetUtcNow()) with
        {
            GivenUp = [.. (await webhooks.ListDeadAsync(webhook.Id, MaxDead, call.Aborted)).Select(GivenUpResponse.Of)],
        };
        return Answer.Ok(shown, AdminJson.Answers.WebhookResponse);
    });
}

/// <summary>PATCH /admin/projects/{id}/webhooks/{webhookId}: what is left out stays.</summary>
internal sealed class ChangeWebhook(WebhookChanges changes, WebhookAnswers answers, IWebhookSender sender) : IEndpoint
{
    public RequestDelegate Endpoint => AdminEndpoint.Of(
        body => new Change(
            WebhookMembers.ReadUrl(body, sender, isRequired: false),
            body.IsGiven(WebhookMembers.Types) ? body.Read(WebhookMembers.Types) : null, body.Read(WebhookMembers.IsOn)),
        HandleAsync);

    private async Task<Answer> HandleAsync(AdminCall<Change> call)
    {
        var (url, types, isOn) = call.Request;
        return answers.Done(
            call,
            await changes.ChangeAsync(
                call.ProjectId, WebhookAnswers.IdOf(call),
                webhook => webhook with { Url = url ?? webhook.Url, Types = types ?? webhook.Types, IsOn = isOn ?? webhook.IsOn },
                call.Aborted),
            "changed");
    }

    private sealed record Change(Uri? Url, IReadOnlyList<string>? Types, bool? IsOn)
    {
        public override string ToString() => nameof(Change);
    }
}

/// <summary>POST /admin/projects/{id}/webhooks/{webhookId}/rotate: a new secret; the one before signs for a while yet.</summary>
internal sealed class RotateWebhook(WebhookChanges changes, WebhookAnswers answers) : IEndpoint
{
    public RequestDelegate Endpoint => AdminEndpoint.Of(
        body => body.Read(WebhookMembers.ExpireOldAfterSeconds), HandleAsync, isBodyRequired: false);

    private async Task<Answer> HandleAsync(AdminCall<int> call) => answers.WithSecret(
        call,
        await changes.RotateAsync(call.ProjectId, WebhookAnswers.IdOf(call), TimeSpan.FromSeconds(call.Request), call.Aborted),
        "given another secret", StatusCodes.Status200OK);
}

/// <summary>DELETE /admin/projects/{id}/webhooks/{webhookId}: with what was still to be sent to it.</summary>
internal sealed class DeleteWebhook(IWebhookStore webhooks, WebhookAnswers answers) : IEndpoint
{
    public RequestDelegate Endpoint => AdminEndpoint.OfPath(async call =>
    {
        // Without looking at it: one that cannot be read can be deleted too.
        var id = WebhookAnswers.IdOf(call);
        if (!await webhooks.RemoveAsync(call.ProjectId, id, call.Aborted))
        {
            return WebhookAnswers.Unknown(call);
        }
        answers.Tell(call, id, "deleted");
        return Answer.NoContent;
    });
}

/// <summary>POST /admin/projects/{id}/webhooks/{webhookId}/test: sends a test event and says what came of it.</summary>
internal sealed class TestWebhook(IWebhookSender sender, WebhookAnswers answers, TimeProvider time) : IEndpoint
{
    public RequestDelegate Endpoint => AdminEndpoint.OfPath(async call =>
    {
        if (await answers.FindAsync(call) is not { } webhook)
        {
            return WebhookAnswers.Unknown(call);
        }
        var now = time.GetUtcNow();
        var test = new Announcement { Id = Guid.CreateVersion7(now), Type = AnnouncementType.Test, At = now, Project = webhook.Project };
        var outcome = await sender.SendAsync(
            webhook, EventJson.IdOf(test), EventJson.Write(test, sequence: null, clientRequestId: null), call.Aborted);
        return Answer.Ok(
            new WebhookTestResponse(EventJson.IdOf(test), outcome.IsTaken, outcome.Code), AdminJson.Answers.WebhookTestResponse);
    });
}

/// <summary>POST /admin/projects/{id}/webhooks/{webhookId}/replay: events that are kept are sent again.</summary>
internal sealed class ReplayWebhook(IWebhookStore webhooks, WebhookAnswers answers, TimeProvider time) : IEndpoint
{
    public RequestDelegate Endpoint => AdminEndpoint.Of(
        body =>
        {
            var id = body.Read(WebhookMembers.Event);
            var (since, until) = body.ReadSpan(WebhookMembers.Since, WebhookMembers.Until, absentTo: time.GetUtcNow());
            return new Replay(id, since, until, body.Read(WebhookMembers.Dead));
        },
        HandleAsync);

    private async Task<Answer> HandleAsync(AdminCall<Replay> call)
    {
        var now = time.GetUtcNow();
        ReplayedEvents? which = call.Request switch
        {
            { Event: { } id, Since: null, Until: null, IsDead: false } => new ReplayedEvents.One(id),
            { Event: null, Since: { } since, Until: var until, IsDead: false } => new ReplayedEvents.Between(since, until ?? now),
            { Event: null, Since: null, Until: null, IsDead: true } => new ReplayedEvents.Dead(),
            _ => null,
        };
        if (which is null)
        {
            return Answer.Of(Fault.Malformed("say which events: 'event', 'since' (with 'until' or without) or 'dead', one of the three"));
        }
        if (await answers.FindAsync(call) is not { } webhook)
        {
            return WebhookAnswers.Unknown(call);
        }
        var count = await webhooks.ReplayAsync(webhook, which, now, CancellationToken.None);
        if (count == 0 && which is ReplayedEvents.One)
        {
            return Answer.Of(Fault.Invalid(WebhookMembers.Event, "the project has no event with this id, or not any more"));
        }
        answers.Tell(call, webhook.Id, "made to send again");
        return Answer.Ok(new WebhookReplayResponse(count), AdminJson.Answers.WebhookReplayResponse);
    }

    private sealed record Replay(Guid? Event, DateTimeOffset? Since, DateTimeOffset? Until, bool IsDead);
}

/// <summary>What calls about one webhook are answered.</summary>
internal sealed class WebhookAnswers(IWebhookStore webhooks, ILogger<Webhook> logger)
{
    public const string PathName = "webhookId";

    /// <summary>The one in the path; what can be no id names none.</summary>
    public static WebhookId IdOf<TRequest>(AdminCall<TRequest> call) =>
        WebhookId.TryParse(call.Path(PathName), out var id) ? id : default;

    public static Answer Unknown<TRequest>(AdminCall<TRequest> call) => Answer.Of(Fault.NotFound with
    {
        Message = WebhookId.TryParse(call.Path(PathName), out var id)
            ? $"there is no webhook '{id}' in this project" : "there is no such webhook",
    });

    /// <summary>Null where there is none, or it is not in the path's project.</summary>
    public async Task<Webhook?> FindAsync<TRequest>(AdminCall<TRequest> call) =>
        await webhooks.FindAsync(IdOf(call), call.Aborted) is { } found && found.Project == call.ProjectId ? found : null;

    /// <param name="done">What was done, for the log.</param>
    /// <param name="status">Of an answer with a secret.</param>
    public Answer WithSecret<TRequest>(AdminCall<TRequest> call, WebhookChange change, string done, int status)
    {
        if (change is not WebhookChange.Done { Webhook: var webhook })
        {
            return Refuse(call, change);
        }
        Tell(call, webhook.Id, done);
        return Answer.Ok(
            new WebhookSecretResponse(webhook.Id.ToString(), webhook.Secret.Reveal(), webhook.Former?.EndsAt),
            AdminJson.Answers.WebhookSecretResponse) with
        {
            Status = status,
        };
    }

    public Answer Done<TRequest>(AdminCall<TRequest> call, WebhookChange change, string done)
    {
        if (change is not WebhookChange.Done { Webhook: var webhook })
        {
            return Refuse(call, change);
        }
        Tell(call, webhook.Id, done);
        return Answer.NoContent;
    }

    public void Tell<TRequest>(AdminCall<TRequest> call, WebhookId id, string done) =>
        Log.WebhookChanged(logger, id, call.ProjectId, done, call.Caller.Name);

    private static Answer Refuse<TRequest>(AdminCall<TRequest> call, WebhookChange change) => change switch
    {
        WebhookChange.NoSuchWebhook => Unknown(call),
        WebhookChange.TooMany => Answer.Of(Fault.Conflict with
        {
            Message = $"a project may have {Webhook.MaxPerProject} webhooks, and this one has as many: delete one, or change it",
        }),
        _ => throw new UnreachableException(),
    };
}
