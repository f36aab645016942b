using System.Diagnostics;
using System.Text.Json.Nodes;
using Countersign.EndToEnd.Tests.Fixtures;

namespace Countersign.EndToEnd.Tests;

/// <summary>The published TypeScript server SDK (npm @prove-identity/prove-api 0.9.6), unmodified, in Node.</summary>
public sealed class PublishedServerSdkTests(PostgresServer postgres, Chromium chromium)
{
    [Fact]
    public async Task It_gets_its_token_and_runs_every_flow_it_knows()
    {
        await using var stage = await Stage.SetAsync(Store.Sqlite, postgres, chromium);

        var report = await RunAsync(stage.Server);

        Assert.Equal("Bearer", report["token"]!["tokenType"]!.GetValue<string>());
        Assert.Equal(3600, report["token"]!["expiresIn"]!.GetValue<int>());
        Assert.Equal(("pending", "pending", "pending"), Results(report["verify"]!["mobile"]!));
        Assert.Equal(("pending", "pending", "pending"), Results(report["verify"]!["desktop"]!));
        Assert.Equal(("true", "not_applicable", "success"), Results(report["verify"]!["none"]!));
        Assert.Equal(("pending", "pending", "pending"), Results(report["verifyStatus"]!));
        Assert.Equal((400, 8007), Error(report, "unknownNumber"));
        Assert.Equal((401, 8002), Error(report, "wrongCredentials"));
        Assert.Equal((400, 8001), Error(report, "malformedCorrelationId"));
        Assert.Equal((400, 8008), Error(report, "unknownCorrelationId"));
        Assert.Equal((400, 8001), Error(report, "missingTargetUrl"));

        Assert.True(report["preFill"]!["complete"]!["success"]!.GetValue<bool>());
        Assert.True(report["identity"]!["complete"]!["success"]!.GetValue<bool>());
        Assert.Equal("true", report["unify"]!["status"]!["success"]!.GetValue<string>());
        Assert.Equal("possession_required", report["unify"]!["required"]!["success"]!.GetValue<string>());
        Assert.Equal("true", report["unify"]!["bind"]!["success"]!.GetValue<string>());
        Assert.Equal((401, 8002), Error(report, "notAuthorizedStart"));
        Assert.Equal((400, 8007), Error(report, "unknownNumberStart"));
        Assert.Equal((403, 8009), Error(report, "otherProductStart"));
        Assert.Equal((400, 8001), Error(report, "missingFlowType"));
        Assert.Equal((403, 8003), Error(report, "challengeBeforeValidate"));
        Assert.Equal((400, 8008), Error(report, "otherProductsFlow"));
        Assert.Equal((403, 8009), Error(report, "otherProductUnify"));
        Assert.Equal((403, 8003), Error(report, "bindOutOfOrder"));
        Assert.Equal((400, 8001), Error(report, "incompleteIndividual"));
    }

    private static (string Success, string Possession, string Verify) Results(JsonNode answer) =>
        (answer["success"]!.GetValue<string>(), answer["possessionResult"]!.GetValue<string>(), answer["verifyResult"]!.GetValue<string>());

    private static (int Status, int Code) Error(JsonObject report, string name) =>
        (report["errors"]![name]!["status"]!.GetValue<int>(), report["errors"]![name]!["code"]!.GetValue<int>());

    private static async Task<JsonObject> RunAsync(ServerProcess server)
    {
        var start = new ProcessStartInfo(
            "node", [Path.Combine(Repository.Root, "tests", "interop", "server-sdk", "run.mjs"), server.Http.BaseAddress!.ToString()])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["COUNTERSIGN_CLIENT_ID"] = ServerProcess.ClientId;
        start.Environment["COUNTERSIGN_CLIENT_SECRET"] = ServerProcess.ClientSecret;
        using var node = Process.Start(start)!;
        var errors = node.StandardError.ReadToEndAsync();
        var output = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        Assert.True(node.ExitCode == 0, await errors + output);
        return JsonNode.Parse(output)!.AsObject();
    }
}
