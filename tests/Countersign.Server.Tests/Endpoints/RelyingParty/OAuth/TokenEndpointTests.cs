using System.Net.Http.Headers;
using System.Text;
using Countersign.Core;
using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.Endpoints.RelyingParty.OAuth;

public abstract class TokenEndpointTests(ServerFixture fixture)
{
    private const string Form = "application/x-www-form-urlencoded";
    private const string Good = "grant_type=client_credentials&client_id=test-client&client_secret=test-secret";
    private const string GoodJson = """{"grant_type":"client_credentials","client_id":"test-client","client_secret":"test-secret"}""";

    private TestServer Server => fixture.Server;

    [Theory]
    [InlineData(Form, Good)]
    [InlineData("application/x-www-form-urlencoded; charset=utf-8", Good)]
    [InlineData("application/x-www-form-urlencoded;charset=ISO-8859-1", Good)]
    [InlineData("Application/X-WWW-Form-Urlencoded", Good)]
    [InlineData(Form, "client_secret=test%2Dsecret&client%5Fid=test-client&grant_type=client_credentials&scope=verify&unknown=")]
    [InlineData("application/json", GoodJson)]
    [InlineData("application/json; charset=utf-8", GoodJson)]
    public async Task Credentials_are_taken_in_a_form_and_in_json(string contentType, string body)
    {
        var reply = await PostAsync(contentType, body);

        Assert.Equal(200, reply.Status);
        Assert.Equal(["access_token", "token_type", "expires_in"], reply.Json!.AsObject().Select(member => member.Key));
        Assert.Equal("Bearer", reply.Text("token_type"));
        Assert.Equal("3600", reply.Json["expires_in"]!.ToJsonString());
        Assert.Equal(("no-store", "no-cache", "application/json"),
            (reply.Header("Cache-Control"), reply.Header("Pragma"), reply.Header("Content-Type")));
    }

    [Theory]
    [InlineData("Basic", "test-client:test-secret")]
    [InlineData("basic", "test-client:test-secret")]
    [InlineData("Basic", "test%2Dclient:test%2dsecret")]
    public async Task Credentials_are_taken_by_http_basic(string scheme, string pair)
    {
        Assert.Equal(200, (await PostAsync(Form, "grant_type=client_credentials", Basic(pair, scheme))).Status);
        Assert.Equal(200, (await PostAsync("application/json", """{"grant_type":"client_credentials"}""", Basic(pair, scheme))).Status);
        Assert.Equal(200, (await PostAsync(Form, Good, Basic(pair, scheme))).Status);
    }

    [Theory]
    [InlineData("Bearer abc")]
    [InlineData("Digest username=x")]
    [InlineData("Basically nothing")]
    public async Task Another_scheme_is_none_of_this_endpoints_business(string authorization)
    {
        Assert.Equal(200, (await PostAsync(Form, Good, authorization)).Status);
    }

    [Theory]
    [InlineData(Form, "", null, "400 8001 field 'client_id' is missing; field 'client_secret' is missing; field 'grant_type' is missing",
        "invalid_request")]
    [InlineData(null, "", null, "400 8001 body is missing", "invalid_request")]
    [InlineData(null, Good, null, "400 8001 content type must be application/x-www-form-urlencoded or application/json", "invalid_request")]
    [InlineData(
        "text/plain", Good, null, "400 8001 content type must be application/x-www-form-urlencoded or application/json", "invalid_request")]
    [InlineData("application/json", "{", null, "400 8001 body is not valid JSON, or nested too deeply", "invalid_request")]
    [InlineData("application/json", "{}", null,
        "400 8001 field 'client_id' is missing; field 'client_secret' is missing; field 'grant_type' is missing", "invalid_request")]
    [InlineData("application/json", """{"client_id":1,"client_secret":[],"grant_type":true}""", null,
        "400 8001 field 'client_id' is invalid: must be text; field 'client_secret' is invalid: must be text; field 'grant_type' is "
            + "invalid: must be text", "invalid_request")]
    [InlineData("application/json", """{"client_id":"a","client_id":"test-client"}""", null,
        "400 8001 field 'client_id' is invalid: given twice", "invalid_request")]
    [InlineData(Form, "a=b", null, "400 8001 field 'client_id' is missing; field 'client_secret' is missing; field 'grant_type' is missing",
        "invalid_request")]
    [InlineData(Form, "client_id=test-client&client_secret=test-secret", null, "400 8001 field 'grant_type' is missing", "invalid_request")]
    [InlineData(Form, "client_id=test-client&client_secret=&grant_type=client_credentials", null,
        "400 8001 field 'client_secret' is missing", "invalid_request")]
    [InlineData(Form, "client_id=test-client&client_secret=test-secret&grant_type=password", null,
        "400 8001 field 'grant_type' is invalid: must be client_credentials", "unsupported_grant_type")]
    [InlineData(Form, "client_id=test-client&client_secret=test-secret&grant_type=refresh_token", null,
        "400 8001 field 'grant_type' is invalid: must be client_credentials", "unsupported_grant_type")]
    [InlineData(Form, Good + "&client_id=test-client", null, "400 8001 a field is given twice", "invalid_request")]
    [InlineData(
        Form, Good, "test-client:other", "400 8001 credentials in the Authorization header and in the body differ", "invalid_request")]
    [InlineData(Form, "grant_type=client_credentials&client_id=other", "test-client:test-secret",
        "400 8001 credentials in the Authorization header and in the body differ", "invalid_request")]
    [InlineData(
        Form, "grant_type=client_credentials", "no colon", "400 8001 the Authorization header is not valid HTTP Basic", "invalid_request")]
    [InlineData(
        Form, "grant_type=client_credentials&client_id=test-client&client_secret=wrong", null, "401 8002 not authorized", "invalid_client")]
    [InlineData(Form, "grant_type=client_credentials&client_id=nobody&client_secret=test-secret", null, "401 8002 not authorized",
        "invalid_client")]
    [InlineData(Form, "grant_type=client_credentials&client_id=TEST-CLIENT&client_secret=test-secret", null, "401 8002 not authorized",
        "invalid_client")]
    [InlineData(
        Form, "grant_type=client_credentials&client_id=nobody&client_secret=%00", null, "401 8002 not authorized", "invalid_client")]
    [InlineData(
        Form, "grant_type=client_credentials&client_id=no%00body&client_secret=x", null, "401 8002 not authorized", "invalid_client")]
    [InlineData("application/json", """{"grant_type":"client_credentials","client_id":"no\u0000body","client_secret":"x"}""", null,
        "401 8002 not authorized", "invalid_client")]
    public async Task A_refusal_says_why_in_the_houses_words_and_in_rfc_6749s(
        string? contentType, string body, string? pair, string expected, string error)
    {
        var reply = await PostAsync(contentType, body, pair is null ? null : Basic(pair));

        Assert.Equal(expected, reply.Fault);
        Assert.Equal(error, reply.Text("error"));
        Assert.Equal(reply.Message, reply.Text("error_description"));
        Assert.Equal("no-store", reply.Header("Cache-Control"));
        Assert.Equal("application/json", reply.Header("Content-Type"));
    }

    [Fact]
    [Trait("attack", "A01")]
    public async Task Credentials_in_the_query_are_not_read()
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post, "/token?" + Good) { Content = new StringContent("a=b", new MediaTypeHeaderValue(Form)) };

        var reply = await Server.SendAsync(request);

        Assert.Equal("400 8001 field 'client_id' is missing; field 'client_secret' is missing; field 'grant_type' is missing", reply.Fault);
    }

    [Fact]
    [Trait("attack", "A01")]
    public async Task An_unknown_client_and_a_wrong_secret_get_the_same_bytes()
    {
        var unknown = await PostAsync(Form, "grant_type=client_credentials&client_id=nobody&client_secret=wrong");
        var wrong = await PostAsync(Form, "grant_type=client_credentials&client_id=test-client&client_secret=wrong");

        Assert.Equal(unknown.Body, wrong.Body);
        Assert.Equal(unknown.Headers.Keys.Order(), wrong.Headers.Keys.Order());
    }

    [Fact]
    public async Task Who_used_http_basic_is_told_that_it_was_refused()
    {
        var reply = await PostAsync(Form, "grant_type=client_credentials", Basic("test-client:wrong"));

        Assert.Equal((401, "Basic realm=\"countersign\""), (reply.Status, reply.Header("WWW-Authenticate")));
    }

    [Theory]
    [InlineData(4096, 401)]
    [InlineData(4097, 400)]
    [InlineData(60_000, 400)]
    public async Task A_body_has_at_most_4096_bytes(int bytes, int status)
    {
        var reply = await PostAsync(Form, "grant_type=client_credentials&client_id=nobody&client_secret=".PadRight(bytes, 'x'));

        Assert.Equal(status, reply.Status);
    }

    [Fact]
    public async Task Any_text_can_be_a_credential()
    {
        const string id = "shop & söhne+1=%";
        const string secret = "p@ss: wörd + & = 100% ~";
        await using var server = await fixture.StartAsync(new Dictionary<string, string?>
        {
            ["Countersign:Sandbox:ClientId"] = id,
            ["Countersign:Sandbox:ClientSecret"] = secret,
        });

        var inForm = await server.GetTokenAsync(new Credentials(id, secret));
        var byBasic = await PostAsync(
            Form, "grant_type=client_credentials", Basic($"{Uri.EscapeDataString(id)}:{Uri.EscapeDataString(secret)}"), server);

        Assert.NotEmpty(inForm);
        Assert.Equal(200, byBasic.Status);
    }

    [Fact]
    public async Task An_empty_form_field_counts_as_absent_beside_basic_credentials()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/token")
        {
            Content = new FormUrlEncodedContent([new("client_id", ""), new("client_secret", ""), new("grant_type", "client_credentials")]),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Credentials.Sandbox.Id}:{Credentials.Sandbox.Secret}")));

        var reply = await fixture.Server.SendAsync(request);

        Assert.Equal(200, reply.Status);
    }

    private static string Basic(string pair, string scheme = "Basic") => $"{scheme} {Convert.ToBase64String(Encoding.UTF8.GetBytes(pair))}";

    private async Task<Reply> PostAsync(string? contentType, string body, string? authorization = null, TestServer? server = null)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post, "/token") { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        if (contentType is not null)
        {
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }
        return await (server ?? Server).SendAsync(request);
    }
}

public sealed class TokenEndpointOnSqlite(OnSqlite fixture) : TokenEndpointTests(fixture), IClassFixture<OnSqlite>;

public sealed class TokenEndpointOnPostgres(OnPostgres fixture) : TokenEndpointTests(fixture), IClassFixture<OnPostgres>;
