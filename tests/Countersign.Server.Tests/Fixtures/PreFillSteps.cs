using System.Text.Json.Nodes;

namespace Countersign.Server.Tests.Fixtures;

/// <summary>The calls of a pre-fill flow.</summary>
internal static class PreFillSteps
{
    /// <summary>Passes its own way to validate, then everything succeeds; the challenge comes before complete.</summary>
    public const string Milo = "2001001695";

    /// <summary>As <see cref="Milo"/>, in a flow without a challenge.</summary>
    public const string Martina = "2001004000";

    public static string StartBody(string number, string type = "mobile", JsonObject? more = null)
    {
        var body = new JsonObject { ["flowType"] = type, ["phoneNumber"] = number };
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

    public static JsonObject Name { get; } = new() { ["firstName"] = "Lori", ["lastName"] = "Montgomery" };

    /// <summary>Begins a flow that must begin.</summary>
    public static async Task<Begun> BeginPreFillAsync(
        this TestServer server, string number, string type = "mobile", JsonObject? more = null, Credentials? credentials = null)
    {
        var reply = await server.PostAsync("/v3/start", StartBody(number, type, more), credentials);
        return reply.Status == 200
            ? new Begun(reply.Text("correlationId"), reply.Text("authToken"), reply)
            : throw new InvalidOperationException($"No flow: {reply}");
    }

    /// <summary>Begins a flow and brings it to where validate has answered true.</summary>
    public static async Task<string> ReadyAsync(this TestServer server, string number, JsonObject? more = null, string code = "1234")
    {
        var flow = await server.BeginPreFillAsync(number, more: more);
        await server.ProveAsync(flow, code: code);
        var reply = await server.ValidateAsync(flow.Id);
        return reply.Json?["success"]?.GetValue<bool>() == true ? flow.Id : throw new InvalidOperationException($"Not valid: {reply}");
    }

    /// <summary>As <see cref="ReadyAsync"/>, and past the challenge.</summary>
    public static async Task<string> ReadyToCompleteAsync(this TestServer server, string number)
    {
        var id = await server.ReadyAsync(number);
        await server.ChallengeAsync(id, new() { ["dob"] = "1990-01-01" });
        return id;
    }

    /// <summary>Enters the code, unless the test user needs none.</summary>
    public static async Task ProveAsync(this TestServer server, Begun flow, Credentials? credentials = null, string code = "1234")
    {
        if ((await server.ValidateAsync(flow.Id, credentials)).Json?["success"]?.GetValue<bool>() != true)
        {
            var page = await server.AskForTextAsync(flow);
            await page.Enter(code);
        }
    }

    /// <summary>Goes as far as a text.</summary>
    public static async Task<Page> AskForTextAsync(this TestServer server, Begun flow)
    {
        var page = server.Browser(flow.AuthToken!);
        await page.Post("mobile/instant/error", """{"message":"x"}""");
        await page.Post("mobile/otp/start");
        return page;
    }

    public static Task<Reply> ValidateAsync(this TestServer server, string id, Credentials? credentials = null) =>
        server.PostAsync("/v3/validate", new JsonObject { ["correlationId"] = id }.ToJsonString(), credentials);

    public static Task<Reply> ChallengeAsync(this TestServer server, string id, JsonObject? more = null, Credentials? credentials = null)
    {
        var body = (JsonObject)(more?.DeepClone() ?? new JsonObject());
        body["correlationId"] = id;
        return server.PostAsync("/v3/challenge", body.ToJsonString(), credentials);
    }

    public static Task<Reply> CompleteAsync(
        this TestServer server, string id, JsonObject? individual = null, Credentials? credentials = null) =>
        server.PostAsync(
            "/v3/complete", new JsonObject { ["correlationId"] = id, ["individual"] = (individual ?? Name).DeepClone() }.ToJsonString(),
            credentials);
}
