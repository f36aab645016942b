using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.Projects;
using Countersign.Server.Hosting;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Whole;

/// <summary>With records of its own.</summary>
public sealed class LiveSdkAnswers : SdkAnswers
{
    private protected override Setting Its { get; } = new(
        Person: "+12025550142", Stranger: "+12025550143", Bare: "+12025550143", Jones: "+12025550143", Family: "+12025550142",
        Firm: "+12025550142", Nobody: "+12025550144", Unlike: ["+12025550144"], BirthDate: "1980-05-06");

    // Records are searched in no watch list and know no businesses.
    public override IReadOnlyList<string> Unseen => ["V3CompleteResponse kyc"];

    public override IReadOnlyList<string> NeverFilled => ["V3VerifyResponse in one call businesses"];

    protected override async Task<TestServer> StartAsync()
    {
        var server = await TestServer.StartAsync(settings: TestServer.Live);
        await server.AddProjectAsync("shop");
        await server.AddProjectAsync("bank");
        var begun = await server.AdminAsync(
            HttpMethod.Post,
            "/admin/records/imports",
            """{"source":"crm","format":"csv","columns":"""
                + """["phone","given_name","family_name","birthdate","ssn","email","street","city","region","postal_code"],"""
                + """ "projects":["shop","bank"]}""");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/admin/records/imports/{begun.Json!["id"]}/lines?firstLine=1")
        {
            Content = new StringContent(
                $"""
                {Its.Person},Lori,Montgomery,{Its.BirthDate},{Setting.Ssn},lori@example.com,1 Example Street,Springfield,IL,62701
                {Its.Family},Edmund,Harrow,1982-07-08,,,,,,
                {Its.Stranger},Peter,Jones,1970-01-02,,,,,,

                """),
        };
        request.Headers.Authorization = new("Bearer", TestServer.AdminKey);
        Assert.Equal(200, (await server.SendAsync(request)).Status);
        await server.AdminAsync(HttpMethod.Post, $"/admin/records/imports/{begun.Json!["id"]}/commit");
        await server.Services.GetRequiredService<RecordUpkeep>().CatchUpAsync(default);
        return server;
    }

    protected override string CodeOf(TestServer server) => server.Gateway.Submissions[^1].Text.Proof.Reveal();
}
