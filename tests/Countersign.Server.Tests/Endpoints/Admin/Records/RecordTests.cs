using System.Net.Http.Headers;
using System.Text;
using Countersign.Core.Projects;
using Countersign.Server.Hosting;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Endpoints.Admin.Records;

/// <summary>Records over the admin API, and what a flow in Live makes of them.</summary>
public sealed class RecordTests : IAsyncLifetime
{
    private const string Number = "+12025550142";
    private const string Begin =
        """{"source":"crm","format":"csv","columns":["phone","given_name","family_name","birthdate"],"firstLine":2}""";

    private TestServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(
            settings: new Dictionary<string, string?>(TestServer.Live) { ["Countersign:Countries:0"] = "US" });
        await _server.AddProjectAsync("shop");
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_file_comes_in_pieces_and_every_bad_line_is_named_without_what_stands_in_it()
    {
        var begun = await _server.AdminAsync(HttpMethod.Post, "/admin/records/imports", Begin);
        var taken = await SendAsync(1, 2, $"{Number},Lori,Montgomery,1980-05-06\n{Number},Peter,Marker,06.05.1980\n");
        var more = await SendAsync(1, 4, "+12025550143,Anna,Smith,\n");
        var ended = await _server.AdminAsync(HttpMethod.Post, "/admin/records/imports/1/commit");

        Assert.Equal((200, "open"), (begun.Status, begun.Text("state")));
        Assert.Equal(
            """[{"line":3,"field":"birthdate","problem":"must be a date, YYYY-MM-DD"}]""", taken.Json!["problems"]!.ToJsonString());
        Assert.Equal((4, 5), ((int)taken.Json["nextLine"]!, (int)more.Json!["nextLine"]!));
        Assert.Equal("done", ended.Text("state"));
        Assert.Equal("""{"records":3,"added":2,"changed":0,"unchanged":0,"repeated":0,"bad":1}""", ended.Json!["totals"]!.ToJsonString());
        Assert.DoesNotContain(_server.Logs.All, line =>
            line.Text.Contains("Marker", StringComparison.Ordinal) || line.Text.Contains("5550142", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"format":"jsonl"}""", "field 'source' is missing")]
    [InlineData("""{"source":"CRM","format":"jsonl"}""", "field 'source' is invalid: must be 1 to 64 of a-z0-9._-")]
    [InlineData("""{"source":"crm","format":"xml"}""", "field 'format' is invalid: must be csv or jsonl")]
    [InlineData("""{"source":"crm","format":"csv"}""", "field 'columns' is missing")]
    [InlineData("""{"source":"crm","format":"csv","columns":["phone","given_name"]}""", "field 'columns' is invalid: needs family_name")]
    [InlineData(
        """{"source":"crm","format":"jsonl","country":"XX"}""", "field 'country' is invalid: is no country whose numbering plan is known")]
    public async Task An_import_that_cannot_work_is_refused_in_a_sentence(string body, string message)
    {
        var reply = await _server.AdminAsync(HttpMethod.Post, "/admin/records/imports", body);

        Assert.Equal((400, message), (reply.Status, reply.Message));
    }

    [Fact]
    public async Task What_is_out_of_order_is_refused()
    {
        await _server.AdminAsync(HttpMethod.Post, "/admin/records/imports", Begin);

        Assert.Equal(409, (await _server.AdminAsync(HttpMethod.Post, "/admin/records/imports", Begin)).Status);
        Assert.Equal("line 2 is to come next", (await SendAsync(1, 7, $"{Number},Lori,Montgomery,\n")).Message);
        Assert.Equal(404, (await SendAsync(99, 1, "x")).Status);
        Assert.Equal(404, (await _server.AdminAsync(HttpMethod.Post, "/admin/records/imports/x/commit")).Status);
        Assert.Equal(400, (await SendAsync(1, 2, new string('x', 1024 * 1024 + 1))).Status);
        Assert.Equal(400, (await SendAsync(1, 2, string.Concat(Enumerable.Repeat("a,b,c,d\n", 2001)))).Status);
        Assert.Equal(200, (await _server.AdminAsync(HttpMethod.Delete, "/admin/records/imports/1")).Status);
        Assert.Equal(409, (await SendAsync(1, 2, $"{Number},Lori,Montgomery,\n")).Status);
    }

    [Fact]
    public async Task Numbers_of_a_country_are_read_as_people_write_them()
    {
        await _server.AdminAsync(
            HttpMethod.Post, "/admin/records/imports",
            """{"source":"crm","format":"csv","columns":["phone","given_name","family_name"],"country":"GB"}""");

        var taken = await SendAsync(1, 1, "07400 123456,Lori,Montgomery\n+1 (202) 555-0142,Peter,Smith\nnone,Anna,Smith\n");
        var erased = await _server.AdminAsync(HttpMethod.Post, "/admin/records/remove", """{"phoneNumber":"+447400123456"}""");

        Assert.Equal("""[{"line":3,"field":"phone","problem":"is not a telephone number"}]""", taken.Json!["problems"]!.ToJsonString());
        Assert.Equal("""{"removed":1,"isDone":true}""", erased.Body);
    }

    [Fact]
    public async Task A_piece_that_begins_with_a_byte_order_mark_is_read()
    {
        var project = await ImportAsync($"\uFEFF{Number},Lori,Montgomery,1980-05-06\n");

        Assert.Equal("true", (await _server.BeginAsync("none", Number, credentials: project)).Reply.Text("success"));
    }

    [Theory]
    [InlineData("Lori", "Montgomery", "true")]
    [InlineData("LORI", "Montgomery", "true")]
    [InlineData("Peter", "Jones", "true")]
    [InlineData("Lori", "Jones", "false")]
    [InlineData("Lori", "Smith", "false")]
    public async Task A_flow_is_matched_with_the_best_of_the_persons_behind_its_number(string given, string family, string success)
    {
        var project = await ImportAsync($"{Number},Peter,Jones,\n{Number},Lori,Montgomery,1980-05-06\n");

        var flow = await _server.BeginAsync("none", Number, new() { ["firstName"] = given, ["lastName"] = family }, project);

        Assert.Equal(success, flow.Reply.Text("success"));
    }

    [Fact]
    public async Task Without_a_record_nobody_is_matched()
    {
        var project = await ImportAsync("+12025550143,Lori,Montgomery,\n");

        var flow = await _server.BeginAsync("none", Number, credentials: project);

        Assert.Equal("false", flow.Reply.Text("success"));
        Assert.Contains("9014", flow.Reply.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Records_are_listed_and_a_source_is_erased()
    {
        await ImportAsync($"{Number},Lori,Montgomery,\n+12025550143,Anna,Smith,\n");

        var sources = await _server.AdminAsync(HttpMethod.Get, "/admin/records/sources");
        var removed = await _server.AdminAsync(HttpMethod.Post, "/admin/records/remove", """{"source":"crm"}""");
        var again = await _server.AdminAsync(HttpMethod.Post, "/admin/records/remove", """{"source":"crm"}""");
        var unknown = await _server.AdminAsync(HttpMethod.Post, "/admin/records/remove", """{"source":"nope"}""");
        var neither = await _server.AdminAsync(HttpMethod.Post, "/admin/records/remove", "{}");

        Assert.Equal(("crm", 2), ((string)sources.Json!["sources"]![0]!["name"]!, (int)sources.Json["sources"]![0]!["records"]!));
        Assert.Equal("""{"removed":2,"isDone":true}""", removed.Body);
        Assert.Equal("""{"removed":0,"isDone":true}""", again.Body);
        Assert.Equal((404, "there is no source 'nope'"), (unknown.Status, unknown.Message));
        Assert.Equal(400, neither.Status);
    }

    private async Task<Credentials> ImportAsync(string lines)
    {
        await _server.AdminAsync(HttpMethod.Post, "/admin/records/imports", Begin);
        Assert.Equal(200, (await SendAsync(1, 2, lines)).Status);
        await _server.AdminAsync(HttpMethod.Post, "/admin/records/imports/1/commit");
        await _server.Services.GetRequiredService<RecordUpkeep>().CatchUpAsync(default);
        return await _server.AddProjectAsync("shop", new ProjectSettings());
    }

    private async Task<Reply> SendAsync(int import, int firstLine, string lines)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/admin/records/imports/{import}/lines?firstLine={firstLine}")
        {
            Content = new StringContent(lines, Encoding.UTF8, "text/csv"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", TestServer.AdminKey);
        return await _server.SendAsync(request);
    }
}
