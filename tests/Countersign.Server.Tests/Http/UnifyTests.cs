using System.Text.Json.Nodes;
using Countersign.Core.Devices;
using Countersign.Core.Identities;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using PhoneNumber = Countersign.Core.PhoneNumber;

namespace Countersign.Server.Tests.Http;

public abstract class UnifyTests(ServerFixture fixture)
{
    private const string ShortTerm = "2001004018";
    private const string ByCode = "2001009302";
    private const string Someone = "019ab3f0-5c1e-7d2a-9b64-3f8e2c71d05a";

    private TestServer Server => fixture.Server;

    [Theory]
    [InlineData("desktop")]
    [InlineData("mobile")]
    public async Task A_short_term_user_reaches_true_without_a_browser(string type)
    {
        var flow = await Server.BeginUnifyAsync(type, ShortTerm);

        var status = await Server.UnifyStatusAsync(flow.Id);

        Assert.Equal("pending", flow.Reply.Text("success"));
        Assert.Equal(["authToken", "correlationId", "success"], Names(flow.Reply));
        Assert.Equal("true", status.Text("success"));
        Assert.Equal(["success", "phoneNumber", "proveId", "clientRequestId"], Names(status));
    }

    private static IEnumerable<string> Names(Reply reply) => reply.Json!.AsObject().Select(member => member.Key);
}

public sealed class UnifyOnSqlite(OnSqlite fixture) : UnifyTests(fixture), IClassFixture<OnSqlite>;

public sealed class UnifyOnPostgres(OnPostgres fixture) : UnifyTests(fixture), IClassFixture<OnPostgres>;
