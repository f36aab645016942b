using System.Globalization;
using System.Text.Json.Nodes;
using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.Endpoints.RelyingParty.PreFill;

/// <summary>
/// Whatever is wrong with a call of the pre-fill family, the answer names it by its whole path, and nothing is stored or counted.
/// </summary>
public abstract class PreFillInputTests(ServerFixture fixture)
{
    private const string Start = "/v3/start";
    private const string Validate = "/v3/validate";
    private const string Challenge = "/v3/challenge";
    private const string Complete = "/v3/complete";
    private const string Id = "0199d5a4-1b2c-7d3e-8f40-5a6b7c8d9e0f";

    private const string NotADate = "must be a date as YYYY-MM-DD, YYYY-MM or MM-DD";
    private const string NotAnSsn = "must be 9 or 4 digits";
    private const string NotText = "must be text";

    private static readonly string _long = new('a', 129);

    private TestServer Server => fixture.Server;

    private sealed record Row(string Name, string Path, string Body, string Expected);

    private static readonly Row[] _rows =
    [
        new("nothing to start with", Start, "{}", "field 'flowType' is missing; field 'phoneNumber' is missing"),
        new("null and empty are missing", Start, """{"flowType":"","possessionType":null,"phoneNumber":""}""",
            "field 'flowType' is missing; field 'phoneNumber' is missing"),
        Given("a flow without a possession check", """{"flowType":"none"}""", "flowType", "must be desktop or mobile"),
        Given("the same under the other name", """{"flowType":null,"possessionType":"none"}""", "possessionType",
            "must be desktop or mobile"),
        Given("two types that differ", """{"possessionType":"desktop"}""", "possessionType", "differs from flowType"),
        Given("a number with a dash", """{"phoneNumber":"200-100-1695"}""", "phoneNumber", "only letters, digits and + are allowed"),
        Given("a text without a placeholder", """{"smsMessage":"hello"}""", "smsMessage",
            "must contain exactly one placeholder of # characters"),
        Given("an e-mail address without @", """{"emailAddress":"x"}""", "emailAddress", "must contain exactly one @"),
        Given("an address of a host", """{"ipAddress":"localhost"}""", "ipAddress", "only hexadecimal digits, : and . are allowed"),
        Given("an address too long", $$"""{"ipAddress":"{{new string('1', 46)}}"}""", "ipAddress", "longer than 45 characters"),
        .. BirthDates(Start), .. BirthDates(Challenge), .. Ssns(Start), .. Ssns(Challenge),
        Given("a truth value as text", """{"allowOTPRetry":"true"}""", "allowOTPRetry", "must be true or false"),
        new("no target in a desktop flow", Start, PreFillSteps.StartBody(PreFillSteps.Milo, "desktop", new() { ["finalTargetUrl"] = null }),
            "field 'finalTargetUrl' is missing"),
        new("everything wrong at once", Start,
            """{"flowType":1,"possessionType":2,"phoneNumber":3,"finalTargetUrl":4,"smsMessage":5,"emailAddress":6,"ipAddress":7"""
                + ""","dob":8,"ssn":9,"last4SSN":10,"allowOTPRetry":11}""",
            string.Join(
                "; ", new[] { "flowType", "possessionType", "phoneNumber", "finalTargetUrl", "smsMessage", "emailAddress", "ipAddress",
                    "dob", "ssn", "last4SSN" }
                .Select(name => Bad(name, NotText)).Append(Bad("allowOTPRetry", "must be true or false")))),

        .. new[] { Validate, Challenge }.SelectMany(path => Ids(path, "")),
        .. Ids(Complete, "; field 'individual' is missing"),

        Individual("a person that is none", "\"Milo\"", "field 'individual' is invalid: must be an object"),
        Individual("a list for a person", "[]", "field 'individual' is invalid: must be an object"),
        Individual("null for a person", "null", "field 'individual' is missing"),
        Individual("an empty text for a person", "\"\"", "field 'individual' is missing"),
        Individual("nobody", "{}", Needs),
        Individual("a given name alone", """{"firstName":"Milo"}""", Needs),
        Individual("a family name alone", """{"lastName":"Pinson","firstName":""}""", Needs),
        Individual("a birth date alone", """{"dob":"1981-01-17"}""", Needs),
        Individual("an SSN that is none", """{"ssn":""}""", Needs),
        Individual("a bad SSN alone", """{"ssn":"12345"}""", Bad("individual.ssn", NotAnSsn)),
        Individual("a person twice", """{"firstName":"A","lastName":"B"},"individual":{"ssn":"0596"}""", Bad("individual", "given twice")),
        OfMilo("a name of spaces", """ "firstName":"  " """, "firstName", "must be 1 to 128 characters after trimming"),
        OfMilo("a name too long", $$""" "lastName":"{{_long}}" """, "lastName", "must be 1 to 128 characters after trimming"),
        OfMilo("a name with a line break", """ "lastName":"a\nb" """, "lastName", "contains control characters"),
        OfMilo("an address as text", """ "addresses":"12 Main St" """, "addresses", "must be a list"),
        OfMilo("an address in a list as text", """ "addresses":["12 Main St"] """, "addresses[0]", "must be an object"),
        OfMilo("eleven addresses", $$""" "addresses":[{{string.Join(',', Enumerable.Repeat("{}", 11))}}] """, "addresses",
            "must have 0 to 10 entries"),
        .. new[] { "address", "extendedAddress", "city", "region" }.SelectMany(part => new[]
        {
            OfMilo($"{part} as a number", $$""" "addresses":[{"{{part}}":1}] """, $"addresses[0].{part}", NotText),
            OfMilo($"{part} too long", $$""" "addresses":[{},{"{{part}}":"{{_long}}"}] """, $"addresses[1].{part}",
                "longer than 128 characters"),
            OfMilo($"{part} with NUL", $$""" "addresses":[{"{{part}}":"a\u0000"}] """, $"addresses[0].{part}",
                "contains control characters"),
        }),
        .. new[] { "8016", "801611", "80161-", "80161-20", "80161 2001", "801612001", "8016A", "٨٠١٦١", "SW1A 1AA", "80161-20010" }.Select(
            code =>
            OfMilo($"postal code {code}", $$""" "addresses":[{"postalCode":"{{code}}"}] """, "addresses[0].postalCode",
                "must be 5 digits or ZIP+4")),
        OfMilo("an e-mail address as text", """ "emailAddresses":"a@b" """, "emailAddresses", "must be a list"),
        OfMilo("an e-mail address without @", """ "emailAddresses":["a@b","ab"] """, "emailAddresses[1]", "must contain exactly one @"),
        OfMilo("an e-mail address as a number", """ "emailAddresses":[1] """, "emailAddresses[0]", NotText),
        OfMilo("eleven e-mail addresses", $$""" "emailAddresses":[{{string.Join(',', Enumerable.Repeat("\"a@b\"", 11))}}] """,
            "emailAddresses", "must have 0 to 10 entries"),
        .. new[] { "1981", "1981-02-30", "17.1.1981", "1981-01-17T00:00:00Z" }.Select(date =>
            OfMilo($"birth date {date}", $$""" "dob":"{{date}}" """, "dob", NotADate)),
        OfMilo("a birth date far off", """ "dob":"2999-01-01" """, "dob", "lies in the future"),
        OfMilo("a short SSN", """ "ssn":"596" """, "ssn", NotAnSsn),
        OfMilo("an SSN with dashes", """ "ssn":"847-35-0596" """, "ssn", NotAnSsn),
        OfMilo("an SSN as a number", """ "ssn":847350596 """, "ssn", NotText),
        new("everything wrong in a person", Complete,
            """{"correlationId":7,"individual":{"ssn":1,"dob":2,"emailAddresses":[3],"addresses":[{"postalCode":4,"region":5"""
                + ""","city":6,"extendedAddress":7,"address":8}],"lastName":9,"firstName":10}}""",
            string.Join("; ", new[]
            {
                "correlationId", "individual.firstName", "individual.lastName", "individual.addresses[0].address",
                "individual.addresses[0].extendedAddress",
                "individual.addresses[0].city", "individual.addresses[0].region", "individual.addresses[0].postalCode",
                "individual.emailAddresses[0]",
                "individual.dob", "individual.ssn",
            }.Select(name => Bad(name, NotText)))),
    ];

    public static TheoryData<string> Names => [.. _rows.Select(row => $"{row.Path} {row.Name}")];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_bad_call_is_refused_by_name_and_stores_nothing(string name)
    {
        var row = _rows.Single(r => $"{r.Path} {r.Name}" == name);
        var flows = await Server.CountAsync("flows");

        var reply = await Server.PostAsync(row.Path, row.Body);

        Assert.Equal($"400 8001 {row.Expected}", reply.Fault);
        Assert.Equal(flows, await Server.CountAsync("flows"));
    }

    [Theory]
    [InlineData(Challenge)]
    [InlineData(Complete)]
    public async Task A_bad_call_counts_as_none(string path)
    {
        var id = path == Challenge ? await Server.ReadyAsync(PreFillSteps.Milo) : await Server.ReadyToCompleteAsync(PreFillSteps.Milo);

        var bad = await Server.PostAsync(path, $$"""{"correlationId":"{{id}}","ssn":"x","individual":{"ssn":"x"} }""");
        var good = await Server.PostAsync(path, $$"""{"correlationId":"{{id}}","ssn":"0596","individual":{"ssn":"0596"} }""");

        Assert.Equal((400, 200), (bad.Status, good.Status));
    }

    [Theory]
    [InlineData("80161")]
    [InlineData("80161-2001")]
    public async Task A_zip_code_may_be_short_or_long(string code) =>
        Assert.Equal(200, (await CompleteAsync(new() { ["addresses"] = new JsonArray(new JsonObject { ["postalCode"] = code }) })).Status);

    [Fact]
    public async Task What_is_absent_in_a_person_is_not_compared()
    {
        var reply = await CompleteAsync(new()
        {
            ["addresses"] = null, ["emailAddresses"] = new JsonArray(), ["dob"] = "", ["ssn"] = null, ["unknown"] = new JsonArray(1),
        });

        Assert.Equal(["cipConfidence", "name"], reply.Json!["idv"]!["dataSource1"]!.AsObject().Select(member => member.Key));
    }

    [Fact]
    public async Task Texts_may_be_as_long_as_their_bounds_in_unicode_scalar_values()
    {
        var emoji = string.Concat(Enumerable.Repeat("😀", 128));

        var reply = await CompleteAsync(
            new() { ["firstName"] = emoji, ["addresses"] = new JsonArray(new JsonObject { ["address"] = emoji }) });

        Assert.Equal(200, reply.Status);
    }

    [Fact]
    public async Task A_birth_date_may_be_today_by_the_servers_clock_and_no_later()
    {
        await using var server = await fixture.StartAsync();
        await server.AdvanceAsync(TimeSpan.FromDays(40));
        var today = DateTime.UtcNow.AddDays(40);
        var (days, months) = (new[] { -1, 0, 2 }, new[] { -1, 0, 2 });

        var byDay = await Task.WhenAll(
            days.Select(offset => StartAsync(server, today.AddDays(offset).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))));
        var byMonth = await Task.WhenAll(
            months.Select(offset => StartAsync(server, today.AddMonths(offset).ToString("yyyy-MM", CultureInfo.InvariantCulture))));
        var withoutYear = await StartAsync(server, today.AddDays(2).ToString("MM-dd", CultureInfo.InvariantCulture));

        Assert.Equal([200, 200, 400], byDay.Select(reply => reply.Status));
        Assert.Equal([200, 200, 400], byMonth.Select(reply => reply.Status));
        Assert.Equal(200, withoutYear.Status);
        Assert.Equal("field 'dob' is invalid: lies in the future", byDay[2].Message);
    }

    [Theory]
    [InlineData("""{"ssn":"847350596","last4SSN":"0596"}""")]
    [InlineData("""{"ssn":"0596","last4SSN":"0596"}""")]
    [InlineData("""{"ipAddress":"2001:DB8::1"}""")]
    [InlineData("""{"ipAddress":"203.0.113.7"}""")]
    [InlineData("""{"possessionType":"mobile"}""")]
    public async Task What_is_right_is_taken(string more) =>
        Assert.Equal(200,
            (await Server.PostAsync(Start, PreFillSteps.StartBody(PreFillSteps.Milo, more: (JsonObject)JsonNode.Parse(more)!))).Status);

    private async Task<Reply> CompleteAsync(JsonObject more)
    {
        var individual = PreFillSteps.Name.DeepClone().AsObject();
        foreach (var (name, value) in more)
        {
            individual[name] = value?.DeepClone();
        }
        return await Server.CompleteAsync(await Server.ReadyAsync(PreFillSteps.Martina), individual);
    }

    private static Task<Reply> StartAsync(TestServer server, string birthDate) =>
        server.PostAsync(Start, PreFillSteps.StartBody(PreFillSteps.Milo, more: new() { ["dob"] = birthDate }));

    private const string Needs = "field 'individual' is invalid: needs firstName and lastName, or ssn";

    private static string Bad(string field, string reason) => $"field '{field}' is invalid: {reason}";

    private static Row Given(string name, string more, string field, string reason) =>
        new(name, Start, PreFillSteps.StartBody(PreFillSteps.Milo, more: (JsonObject)JsonNode.Parse(more)!), Bad(field, reason));

    private static Row Individual(string name, string individual, string expected) =>
        new(name, Complete, $$"""{"correlationId":"{{Id}}","individual":{{individual}} }""", expected);

    /// <summary>A person who would do but for this member.</summary>
    private static Row OfMilo(string name, string member, string field, string reason)
    {
        var known = new[] { ("firstName", "Milo"), ("lastName", "Pinson") }.Where(pair =>
            !member.Contains($"\"{pair.Item1}\"", StringComparison.Ordinal));
        return Individual(name, $"{{{string.Join(',', known.Select(pair => $"\"{pair.Item1}\":\"{pair.Item2}\""))},{member}}}",
            Bad("individual." + field, reason));
    }

    private static IEnumerable<Row> BirthDates(string path) =>
        new[] { "1981", "1981-13", "1981-02-29", "02-30", "13-01", "17-01-1981", "1981/01/17", "1981-1-7",
            "1981-01-17T00:00:00Z", "１９８１-01-17" }
            .Select(date => Element(path, $"birth date {date}", "dob", $"\"{date}\"", NotADate))
            .Append(Element(path, "a birth date long ago", "dob", "\"1899-12-31\"", "must be from 1900 on"))
            .Append(Element(path, "a birth month long ago", "dob", "\"1899-12\"", "must be from 1900 on"))
            .Append(Element(path, "a birth date far off", "dob", "\"2999-01\"", "lies in the future"))
            .Append(Element(path, "a birth date as a number", "dob", "1981", NotText));

    private static IEnumerable<Row> Ssns(string path) =>
        new[] { "596", "12345", "84735059", "8473505961", "847-35-0596", "٨٤٧٣", "84735059x", " 0596" }
            .Select(ssn => Element(path, $"SSN {ssn}", "ssn", $"\"{ssn}\"", NotAnSsn))
            .Append(Element(path, "an SSN as a number", "ssn", "847350596", NotText))
            .Append(Element(path, "nine digits for the last four", "last4SSN", "\"847350596\"", "must be 4 digits"))
            .Append(Element(path, "letters for the last four", "last4SSN", "\"05a6\"", "must be 4 digits"))
            .Append(Element(path, "two SSNs that differ", "ssn", "\"847350596\",\"last4SSN\":\"0597\"", "differs from ssn", "last4SSN"));

    private static Row Element(string path, string name, string field, string json, string reason, string? blamed = null) => new(
        name, path,
        path == Start
            ? $$"""{"flowType":"mobile","phoneNumber":"2001001695","{{field}}":{{json}} }"""
            : $$"""{"correlationId":"{{Id}}","{{field}}":{{json}} }""",
        Bad(blamed ?? field, reason));

    private static IEnumerable<Row> Ids(string path, string more) =>
    [
        new("no id", path, "{}", $"field 'correlationId' is missing{more}"),
        new("an empty id", path, """{"correlationId":""}""", $"field 'correlationId' is missing{more}"),
        new("an id in capitals", path, $$"""{"correlationId":"{{Id.ToUpperInvariant()}}"}""",
            Bad("correlationId", "must be 8-4-4-4-12 lower-case hexadecimal digits") + more),
        new("a number for an id", path, """{"correlationId":1}""", Bad("correlationId", NotText) + more),
    ];
}

public sealed class PreFillInputOnSqlite(OnSqlite fixture) : PreFillInputTests(fixture), IClassFixture<OnSqlite>;

public sealed class PreFillInputOnPostgres(OnPostgres fixture) : PreFillInputTests(fixture), IClassFixture<OnPostgres>;
