using System.Text.Json.Nodes;

namespace Countersign.Server.Tests.Fixtures;

/// <summary>The calls of the unify family.</summary>
internal static class UnifyCalls
{
    /// <summary>A body that unify takes.</summary>
    /// <param name="more">Members that are added or replaced; null takes one away.</param>
    public static string UnifyBody(string type, string? number, JsonObject? more = null)
    {
        var body = new JsonObject { ["possessionType"] = type, ["phoneNumber"] = number, ["clientRequestId"] = "request-1" };
        if (type == "desktop")
        {
            body["finalTargetUrl"] = "https://shop.example/done";
        }
        foreach (var (name, value) in more ?? [])
        {
            body[name] = value?.DeepClone();
        }
        return body.ToJsonString();
    }

    public static Task<Reply> UnifyAsync(
        this TestServer server, string json, Credentials? credentials = null, string? idempotencyKey = null) =>
        server.PostAsync("/v3/unify", json, credentials, idempotencyKey);

    /// <summary>Begins a flow that must begin.</summary>
    public static async Task<Begun> BeginUnifyAsync(
        this TestServer server, string type, string? number, JsonObject? more = null, Credentials? credentials = null)
    {
        var reply = await server.UnifyAsync(UnifyBody(type, number, more), credentials);
        return reply.Status == 200
            ? new Begun(reply.Text("correlationId"), reply.Text("authToken"), reply)
            : throw new InvalidOperationException($"No flow: {reply}");
    }

    public static Task<Reply> UnifyStatusAsync(this TestServer server, string correlationId, Credentials? credentials = null) =>
        server.PostAsync("/v3/unify-status", new JsonObject { ["correlationId"] = correlationId }.ToJsonString(), credentials);

    public static Task<Reply> UnifyBindAsync(
        this TestServer server, string correlationId, string number, Credentials? credentials = null) =>
        server.PostAsync(
            "/v3/unify-bind", new JsonObject { ["correlationId"] = correlationId, ["phoneNumber"] = number }.ToJsonString(), credentials);

    public static Task<Reply> RevokeDeviceAsync(this TestServer server, string deviceId, Credentials? credentials = null) =>
        server.PostAsync(
            "/v3/device/revoke", new JsonObject { ["clientRequestId"] = "request-2", ["deviceId"] = deviceId }.ToJsonString(), credentials);

    /// <summary>Proves a mobile flow by its code, as a browser without a key of its own does.</summary>
    public static async Task ProveByCodeAsync(this TestServer server, Begun flow, string code = "1234")
    {
        var page = server.Browser(flow.AuthToken!);
        await page.Post("mobile/otp/start");
        await page.Enter(code);
    }

    /// <summary>Proves a desktop flow by its link.</summary>
    public static async Task ProveByLinkAsync(this TestServer server, Begun flow, string number)
    {
        await server.Browser(flow.AuthToken!).Post("mobile/instantlink/start");
        await server.ConfirmLinkAsync((await server.LastMessageAsync(number)).Link!);
    }
}
