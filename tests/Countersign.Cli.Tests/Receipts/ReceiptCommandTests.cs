using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Countersign.Cli.Tests.Fixtures;
using Countersign.Core;

namespace Countersign.Cli.Tests.Receipts;

/// <summary>What <c>countersign receipt verify</c> takes, and what it says of what it does not take.</summary>
public sealed class ReceiptCommandTests : IDisposable
{
    private const string Good = "The receipt is good, and so is what opens it.\n";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("countersign-receipts-");
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly Disclosure _number;
    private readonly Disclosure _name;

    public ReceiptCommandTests()
    {
        var seed = Disclosure.NewSeed();
        (_number, _name) = (Disclosure.Of(seed, "phoneNumber", "+12025550142"), Disclosure.Of(seed, "firstName", "Zoë [bold]"));
    }

    [Fact]
    public async Task A_good_receipt_is_shown_with_what_opens_it()
    {
        var run = await VerifyAsync(Answer(Signed(), _number, _name));

        Assert.Equal(0, run.Code);
        Assert.EndsWith(Good, run.Output, StringComparison.Ordinal);
        Assert.All(
            (string[])["https://id.example.com", "2026-11-30 03:22:21Z", "identity.matched", "+12025550142", "Zoë [bold]", "within-day"],
            text => Assert.Contains(text, run.Output, StringComparison.Ordinal));
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task It_may_come_alone_as_an_SD_JWT_and_with_its_disclosures_elsewhere()
    {
        var alone = await VerifyAsync(Signed());
        var joined = await VerifyAsync($"{Signed()}~{_number.Text.Reveal()}~");
        var elsewhere = await VerifyAsync(Signed(), "--disclosures", Write("d.txt", $"{_number.Text.Reveal()}\n{_name.Text.Reveal()}\n"));
        var listed = await VerifyAsync(Signed(), "--disclosures", Write("d.json", new JsonArray(_name.Text.Reveal()).ToJsonString()));

        Assert.Equal((0, 0, 0, 0), (alone.Code, joined.Code, elsewhere.Code, listed.Code));
        Assert.EndsWith("Nothing opens whom it was about.\n", alone.Output, StringComparison.Ordinal);
        Assert.Contains("+12025550142", joined.Output, StringComparison.Ordinal);
        Assert.Contains("+12025550142", elsewhere.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("+12025550142", listed.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("+1 (202) 555-0142", 0, null)]
    [InlineData("+12025550143", 3, "not about this number")]
    [InlineData("2025550142", 1, "must begin with +")]
    public async Task Whether_it_is_about_a_number_is_told(string number, int code, string? said)
    {
        var run = await VerifyAsync(Answer(Signed(), _number), "--number", number);

        Assert.Equal(code, run.Code);
        Assert.Contains(said ?? "", run.Error, StringComparison.Ordinal);
        Assert.Equal(code == 0, run.Output.EndsWith(Good, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("019ab3f0-5c1e-7d2a-9b64-3f8e2c71d05a", 0, "")]
    [InlineData("019ab3f0-5c1e-7d2a-9b64-3f8e2c71d05b", 3, "correlationId, which stands beside the receipt, was changed")]
    [InlineData("", 3, "correlationId, which stands beside the receipt, was changed")]
    public async Task What_stands_beside_it_must_be_what_it_says(string beside, int code, string said)
    {
        var claims = JsonNode.Parse(Claims())!.AsObject();
        claims["correlationId"] = "019ab3f0-5c1e-7d2a-9b64-3f8e2c71d05a";
        var answer = JsonNode.Parse(Answer(Made(Header(_ => { }), claims.ToJsonString()), _number))!.AsObject();
        answer["correlationId"] = beside;

        var run = await VerifyAsync(answer.ToJsonString());

        Assert.Equal(code, run.Code);
        Assert.StartsWith(said, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_what_opens_the_number_nothing_is_told_of_it()
    {
        var run = await VerifyAsync(Answer(Signed(), _name), "--number", "+12025550142");

        Assert.Equal(3, run.Code);
        Assert.Contains("no disclosure opens phoneNumber", run.Error, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Forgeries => new()
    {
        { "no dots", "three parts" },
        { "a fourth part", "three parts" },
        { "header no base64", "first part" },
        { "header no JSON", "first part" },
        { "header twice a member", "first part" },
        { "header no UTF-8", "first part" },
        { "alg none", "alg is not ES256" },
        { "another alg", "alg is not ES256" },
        { "another typ", "typ is not cs-receipt+sd-jwt" },
        { "no typ", "typ is not cs-receipt+sd-jwt" },
        { "crit", "crit" },
        { "another kid", "kid" },
        { "a kid that is a number", "kid" },
        { "no kid", "kid" },
        { "another key", "signature is not of these bytes" },
        { "payload changed", "signature is not of these bytes" },
        { "signature cut", "signature is not of these bytes" },
        { "signature padded", "signature is not of these bytes" },
        { "signature in other bits", "signature is not of these bytes" },
        { "payload no object", "no JSON object" },
        { "another aud", "aud is not" },
        { "no commitments", "does not commit" },
    };

    [Theory]
    [MemberData(nameof(Forgeries))]
    public async Task What_is_no_receipt_is_refused_with_its_fault(string forgery, string said)
    {
        var run = await VerifyAsync(Forged(forgery));

        Assert.Equal(2, run.Code);
        Assert.Contains(said, run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Theory]
    [InlineData("of another receipt", "is not this receipt's")]
    [InlineData("changed", "is not this receipt's")]
    [InlineData("no list", "is not base64url of [salt, name, value]")]
    [InlineData("no text", "is not base64url of [salt, name, value]")]
    [InlineData("twice", "a second time")]
    public async Task A_disclosure_that_is_not_its_own_is_named_by_its_place(string kind, string said)
    {
        var bad = kind switch
        {
            "of another receipt" => Disclosure.Of(Disclosure.NewSeed(), "firstName", "Zoë").Text.Reveal(),
            "changed" => Encode("""["c2FsdA","firstName","Lori"]"""),
            "no list" => Encode("""{"a":1}"""),
            "no text" => Encode("""["c2FsdA","firstName",1]"""),
            _ => _number.Text.Reveal(),
        };

        var run = await VerifyAsync($"{Signed()}~{_number.Text.Reveal()}~{bad}~");

        Assert.Equal(3, run.Code);
        Assert.Contains("Disclosure 2", run.Error, StringComparison.Ordinal);
        Assert.Contains(said, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Lori", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_may_be_read_from_their_address_and_not_over_plain_http()
    {
        var receipt = Write("r.txt", Signed());

        var (good, away) = (
            await RunAsync("receipt", "verify", receipt, "--jwks", "https://id.example.com/.well-known/jwks.json"),
            await RunAsync("receipt", "verify", receipt, "--jwks", "https://id.example.com/other"));
        var plain = await RunAsync("receipt", "verify", receipt, "--jwks", "http://id.example.com/.well-known/jwks.json");

        Assert.Equal((0, 1, 1), (good.Code, away.Code, plain.Code));
        Assert.Contains("answered 404", away.Error, StringComparison.Ordinal);
        Assert.Contains("plain http", plain.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_checked_ends_with_1_and_says_why()
    {
        var receipt = Write("r.txt", Signed());

        var runs = new[]
        {
            await RunAsync("receipt", "verify", "missing", "--jwks", Keys()),
            await RunAsync("receipt", "verify", receipt, "--jwks", "missing"),
            await RunAsync("receipt", "verify", receipt, "--jwks", Write("k.json", "{}")),
            await RunAsync("receipt", "verify", receipt, "--jwks", receipt),
            await RunAsync("receipt", "verify", receipt),
            await RunAsync("receipt", "verify", Write("o.json", "{}"), "--jwks", Keys()),
            await RunAsync("receipt", "verify", Write("h.json", """{"receipt":"\ud800"}"""), "--jwks", Keys()),
            await RunAsync("receipt", "verify", Write("t.json", """{"receipt":"a","receipt":"b"}"""), "--jwks", Keys()),
            await RunAsync("receipt", "verify", receipt, "--jwks", Write("d.json", """{"keys":[{"kty":"EC","kty":"EC"}]}""")),
            await RunAsync(
                "receipt", "verify", receipt, "--jwks", Keys(), "--disclosures", Write("s.json", """{"disclosures":["\udc00"]}""")),
        };

        Assert.All(runs, run => Assert.Equal((1, false), (run.Code, string.IsNullOrWhiteSpace(run.Error))));
        Assert.DoesNotContain(runs, run => run.Error.Contains("Exception", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_program_gets_it_as_JSON()
    {
        var good = (await VerifyAsync(Answer(Signed(), _number), "--json")).Json;
        var bad = (await VerifyAsync(Forged("payload changed"), "--json")).Json;

        Assert.Equal((true, null, "+12025550142"), ((bool)good["good"]!, (string?)good["fault"], (string?)good["opened"]!["phoneNumber"]));
        Assert.Equal("identity.matched", (string?)good["claims"]!["end"]);
        Assert.Equal((false, true, null), ((bool)bad["good"]!, bad["fault"] is not null, bad["claims"]));
    }

    public void Dispose()
    {
        _key.Dispose();
        _folder.Delete(recursive: true);
    }

    private string Forged(string forgery)
    {
        var parts = Signed().Split('.');
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return forgery switch
        {
            "no dots" => parts[0],
            "a fourth part" => $"{Signed()}.",
            "header no base64" => $"{parts[0]}!.{parts[1]}.{parts[2]}",
            "header no JSON" => Made("no"),
            "header twice a member" => Made("""{"alg":"ES256","alg":"ES256"}"""),
            "header no UTF-8" => $"{Base64Url.EncodeToString((byte[])[.. "{\"alg\":\""u8, 0xa1, .. "\"}"u8])}.{parts[1]}.{parts[2]}",
            "alg none" => Made(Header(header => header["alg"] = "none")),
            "another alg" => Made(Header(header => header["alg"] = "HS256")),
            "another typ" => Made(Header(header => header["typ"] = "at+jwt")),
            "no typ" => Made(Header(header => header.Remove("typ"))),
            "crit" => Made(Header(header => header["crit"] = new JsonArray("exp"))),
            "another kid" => Made(Header(header => header["kid"] = "k2")),
            "a kid that is a number" => Made(Header(header => header["kid"] = 1)),
            "no kid" => Made(Header(header => header.Remove("kid"))),
            "another key" => Made(Header(_ => { }), key: other),
            "payload changed" => $"{parts[0]}.{Encode(Claims().Replace("matched", "differs", StringComparison.Ordinal))}.{parts[2]}",
            "signature cut" => $"{parts[0]}.{parts[1]}.{parts[2][..84]}",
            "signature padded" => $"{Signed()}==",
            // The last of 86 characters has two bits of the signature, and four that are nothing.
            "signature in other bits" => $"{parts[0]}.{parts[1]}.{parts[2][..85]}{Neighbour(parts[2][85])}",
            "payload no object" => Made(Header(_ => { }), "[]"),
            "another aud" => Made(Header(_ => { }), Claims().Replace("countersign-receipt", "countersign-api", StringComparison.Ordinal)),
            "no commitments" => Made(Header(_ => { }), """{"aud":"countersign-receipt"}"""),
            _ => throw new ArgumentOutOfRangeException(nameof(forgery)),
        };
    }

    private static char Neighbour(char last)
    {
        const string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        return alphabet[alphabet.IndexOf(last, StringComparison.Ordinal) ^ 1];
    }

    private string Signed() => Made(Header(_ => { }));

    private static string Header(Action<JsonObject> change)
    {
        var header = new JsonObject { ["alg"] = "ES256", ["kid"] = "k1", ["typ"] = "cs-receipt+sd-jwt" };
        change(header);
        return header.ToJsonString();
    }

    private string Claims() => new JsonObject
    {
        ["iss"] = "https://id.example.com", ["aud"] = "countersign-receipt", ["iat"] = 1796008941, ["end"] = "identity.matched",
        ["assurance"] = new JsonObject { ["simSwap"] = "within-day" },
        ["_sd_alg"] = "sha-256", ["_sd"] = new JsonArray(_number.Digest, _name.Digest),
    }.ToJsonString();

    private string Made(string header, string? claims = null, ECDsa? key = null)
    {
        var signed = $"{Encode(header)}.{Encode(claims ?? Claims())}";
        return $"{signed}.{Base64Url.EncodeToString((key ?? _key).SignData(Encoding.UTF8.GetBytes(signed), HashAlgorithmName.SHA256))}";
    }

    private static string Answer(string receipt, params Disclosure[] disclosures) => new JsonObject
    {
        ["receipt"] = receipt,
        ["disclosures"] = new JsonArray([.. disclosures.Select(disclosure => (JsonNode)disclosure.Text.Reveal())]),
    }.ToJsonString();

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private string Jwks()
    {
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        return new JsonObject
        {
            ["keys"] = new JsonArray(
                new JsonObject { ["kty"] = "oct", ["k"] = "AA" },
                new JsonObject
                {
                    ["kty"] = "EC", ["use"] = "sig", ["alg"] = "ES256", ["crv"] = "P-256", ["kid"] = "k1",
                    ["x"] = Base64Url.EncodeToString(point.X), ["y"] = Base64Url.EncodeToString(point.Y),
                }),
        }.ToJsonString();
    }

    private string Keys() => Write("jwks.json", Jwks());

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }

    private Task<Run> VerifyAsync(string receipt, params string[] more) =>
        RunAsync(["receipt", "verify", Write("receipt", receipt), "--jwks", Keys(), .. more]);

    private async Task<Run> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await Program.RunAsync(
            new CliEnvironment(_ => null, () => new Published(Jwks())), arguments, new() { Output = output, Error = error },
            TestContext.Current.CancellationToken);
        return new Run(code, output.ToString(), error.ToString());
    }

    private sealed class Published(string keys) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(request.RequestUri!.AbsolutePath == "/.well-known/jwks.json"
                ? new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(keys) }
                : new HttpResponseMessage(HttpStatusCode.NotFound));
    }
}
