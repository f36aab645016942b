using System.Text.Json.Nodes;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.Time.Testing;
using Countersign.Server.Timeline;

namespace Countersign.Server.Tests.Whole.Camara;

/// <summary>A flow of a page that is about to prove its phone by the network.</summary>
public sealed class Check(OperatorStage stage, Page page, string id)
{
    public const string OtpFollows = """{"next":"mobile/otp","error":{"code":10001,"message":"the network did not confirm the number"}}""";
    public const string Done = """{"next":"done"}""";

    public string Id => id;
    public Page Page => page;

    /// <summary>Begins, and returns the address that the browser is to open; null when it gets none.</summary>
    public async Task<string?> StartAsync(string way = "fetch", string? returnUrl = null)
    {
        var answer = await page.Post(
            "mobile/instant/start", new JsonObject { ["implementation"] = way, ["returnUrl"] = returnUrl }.ToJsonString());
        return (string?)answer["data"]?["redirectUrl"];
    }

    public async Task<string> FinishAsync(string? vfp) =>
        (await page.Post("mobile/instant/finish", new JsonObject { ["vfp"] = vfp ?? "" }.ToJsonString())).ToJsonString();

    /// <summary>The whole check on a phone.</summary>
    public async Task<string> RunAsync(string address = SimulatedNetwork.RightSim)
    {
        using var phone = stage.Phone(address);
        var returned = await phone.OpenAsync((await StartAsync())!);
        return await FinishAsync(returned.Text("vfp"));
    }

    public async Task<string> PossessionAsync() => (await stage.StatusAsync(id)).Text("possessionResult");

    /// <summary>The last line of the flow's timeline.</summary>
    public async Task<string> LastAsync() => (await stage.TimelineAsync(id))[^1];
}
