using System.Diagnostics;
using System.Text.Json.Nodes;
using Countersign.EndToEnd.Tests.Fixtures;

namespace Countersign.EndToEnd.Tests;

/// <summary>A receipt in the hands of a third party, who has an independent library (npm jose) and the published keys.</summary>
public sealed class ReceiptTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("countersign-receipts-");

    [Fact]
    public async Task A_stranger_checks_a_receipt_and_takes_none_of_which_a_byte_was_changed()
    {
        await using var server = await ServerProcess.StartAsync($"Data Source={Path.Combine(_folder.FullName, "countersign.db")}");
        var flow = await server.VerifyAsync(new
        {
            possessionType = "none", phoneNumber = "2001004011", firstName = "Sheilakathryn", lastName = "Butrimovich",
            clientRequestId = "order-1",
        });
        var answer = await server.GetAsync($"/flows/{flow["correlationId"]}/receipt");
        answer["jwks"] = JsonNode.Parse(
            await server.Http.GetStringAsync("/.well-known/jwks.json", TestContext.Current.CancellationToken));

        var report = await RunAsync(answer);

        Assert.Equal("cs-receipt+sd-jwt", (string?)report["protectedHeader"]!["typ"]);
        Assert.Equal(
            ((string?)flow["correlationId"], "identity.matched", "not-asked"),
            ((string?)report["payload"]!["correlationId"], (string?)report["payload"]!["end"], (string?)report["payload"]!["possession"]));
        Assert.Equal(
            ("+12001004011", "Sheilakathryn", "Butrimovich", "order-1"),
            ((string?)report["opened"]!["phoneNumber"], (string?)report["opened"]!["firstName"], (string?)report["opened"]!["lastName"],
                (string?)report["opened"]!["clientRequestId"]));
        Assert.Equal(((string)answer["receipt"]!).Length, (int)report["changed"]!);
        Assert.Empty(report["taken"]!.AsArray());
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static async Task<JsonObject> RunAsync(JsonObject answer)
    {
        var start = new ProcessStartInfo("node", [Path.Combine(Repository.Root, "tests", "interop", "receipts", "verify.mjs")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var node = Process.Start(start)!;
        var errors = node.StandardError.ReadToEndAsync();
        await node.StandardInput.WriteAsync(answer.ToJsonString());
        node.StandardInput.Close();
        var output = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        Assert.True(node.ExitCode == 0, await errors + output);
        return JsonNode.Parse(output)!.AsObject();
    }
}
