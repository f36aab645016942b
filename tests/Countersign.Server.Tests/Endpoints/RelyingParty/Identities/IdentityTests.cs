using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.Devices;
using Countersign.Core.Domains;
using Countersign.Core.Enrolments;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Endpoints.RelyingParty.Identities;

/// <summary>Persons that a project has enrolled: one identity a number, seen by nobody else.</summary>
public abstract class IdentityTests(ServerFixture fixture)
{
    private const string Identity = "/v3/identity";
    private const string NotFound = "404 8011 not found";
    private const string NotAnId = "must be a UUID: 8-4-4-4-12 hexadecimal digits";

    // Load numbers are test users of every product, so each test has persons of its own.
    private static int _next = 910_000;

    private TestServer Server => fixture.Server;

    [Theory]
    [InlineData("2001004031")]
    [InlineData("2001004035")]
    [InlineData("2001004036")]
    [InlineData("2001009501")]
    [InlineData("447700900951")]
    [InlineData("+447700900951")]
    public async Task Every_test_user_of_the_identity_manager_can_be_enrolled_and_is_answered_as_written(string number)
    {
        var enrolled = await Server.PostAsync(Identity, $$"""{"phoneNumber":"{{number}}"}""");

        var shown = await GetAsync($"{Identity}/{enrolled.Text("proveId")}");

        Assert.True((bool)enrolled.Json!["success"]!);
        Assert.Equal(number, shown.Text("phoneNumber"));
        Assert.True((bool)shown.Json!["active"]!);
    }

    [Fact]
    public async Task What_was_given_is_answered_and_what_was_not_is_left_out()
    {
        var (bare, full) = (NewNumber(), NewNumber());
        var id = await EnrolAsync(full, new JsonObject
        {
            ["clientCustomerId"] = "customer", ["clientHumanId"] = "human", ["deviceId"] = "device", ["clientRequestId"] = "request",
        });

        var shown = await GetAsync($"{Identity}/{id}");
        var bareShown = await GetAsync($"{Identity}/{await EnrolAsync(bare)}");

        Assert.Equal(
            ["proveId", "phoneNumber", "active", "clientCustomerId", "clientHumanId", "deviceId", "createdAt", "creationString",
                "identityId"], Names(shown));
        Assert.Equal(
            (id, full, "customer", "human", "device"),
            (shown.Text("proveId"), shown.Text("phoneNumber"), shown.Text("clientCustomerId"), shown.Text("clientHumanId"),
                shown.Text("deviceId")));
        Assert.Equal(
            DateTimeOffset.FromUnixTimeSeconds((long)shown.Json!["createdAt"]!),
            DateTimeOffset.Parse(shown.Text("creationString"), System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(["proveId", "phoneNumber", "active", "createdAt", "creationString", "identityId"], Names(bareShown));
    }

    [Fact]
    public async Task Enrolling_again_keeps_the_id_replaces_what_was_kept_and_activates()
    {
        var number = NewNumber();
        var id = await EnrolAsync(number, Attribute("tier", "gold", new() { ["clientCustomerId"] = "customer" }));
        await PostAsync($"{Identity}/{id}/deactivate");

        var again = await EnrolAsync("+1" + number, new JsonObject { ["clientHumanId"] = "human" });

        var shown = await GetAsync($"{Identity}/{id}");
        Assert.Equal(id, again);
        Assert.Equal(["proveId", "phoneNumber", "active", "clientHumanId", "createdAt", "creationString", "identityId"], Names(shown));
        Assert.Equal(("+1" + number, true), (shown.Text("phoneNumber"), (bool)shown.Json!["active"]!));
        Assert.Equal("""{"results":[]}""", (await GetAsync($"/v3/discover?proveId={id}")).Body);
    }

    [Fact]
    public async Task A_hundred_parallel_enrolments_of_one_number_are_one_identity()
    {
        var number = NewNumber();

        var ids = await Task.WhenAll(Enumerable.Range(0, 100).Select(i =>
            EnrolAsync(i % 2 == 0 ? number : "1" + number, new JsonObject { ["clientCustomerId"] = $"customer-{i}" })));

        var found = await GetAsync($"{Identity}/{number}/lookup");
        Assert.Equal(ids[0], (string?)Assert.Single(found.Json!["items"]!.AsArray())!["proveId"]);
        Assert.Single(ids.Distinct());
    }

    [Theory]
    [InlineData("{0}")]
    [InlineData("1{0}")]
    [InlineData("+1{0}")]
    [InlineData("%2B1{0}")]
    public async Task A_person_is_found_by_every_spelling_of_the_number(string spelling)
    {
        var number = NewNumber();
        var id = await EnrolAsync(number);

        var found = await GetAsync($"{Identity}/{string.Format(null, spelling, number)}/lookup?clientRequestId=request");

        Assert.Equal((await GetAsync($"{Identity}/{id}")).Body, Assert.Single(found.Json!["items"]!.AsArray())!.ToJsonString());
    }

    [Fact]
    public async Task Nobody_is_found_by_a_number_that_was_never_enrolled_or_only_by_another_project_or_flow()
    {
        var shop = await Server.AddProjectAsync("lookup-shop");
        var (ofOther, ofFlow) = (NewNumber(), NewNumber());
        await EnrolAsync(ofOther, credentials: shop);
        await KnowAsync(ofFlow);

        foreach (var number in (string[])[NewNumber(), ofOther, ofFlow])
        {
            Assert.Equal("""{"items":[]}""", (await GetAsync($"{Identity}/{number}/lookup")).Body);
        }
    }

    [Fact]
    public async Task An_inactive_identity_can_be_read_and_found_and_is_listed_only_when_asked()
    {
        await using var server = await fixture.StartAsync();
        var (number, other) = (NewNumber(), NewNumber());
        var id = await EnrolAsync(number, server: server);
        var activeId = await EnrolAsync(other, server: server);

        var deactivated = await server.PostAsync($"{Identity}/{id}/deactivate", "{}");

        Assert.Equal("""{"success":true}""", deactivated.Body);
        Assert.False((bool)(await server.CallAsync(HttpMethod.Get, $"{Identity}/{id}")).Json!["active"]!);
        Assert.False((bool)(await server.CallAsync(HttpMethod.Get, $"{Identity}/{number}/lookup")).Json!["items"]![0]!["active"]!);
        Assert.Equal([activeId], Ids(await server.CallAsync(HttpMethod.Get, Identity)));
        Assert.Equal([activeId], Ids(await server.CallAsync(HttpMethod.Get, Identity + "?showInactive=false")));
        string[] both = [.. new[] { id, activeId }.Order(StringComparer.Ordinal)];
        Assert.Equal(both, Ids(await server.CallAsync(HttpMethod.Get, Identity + "?showInactive=true")));

        await server.PostAsync($"{Identity}/{id}/activate", "{}");
        Assert.Equal(both, Ids(await server.CallAsync(HttpMethod.Get, Identity)));
    }

    [Fact]
    public async Task Activating_and_deactivating_may_be_repeated_with_and_without_a_body()
    {
        var id = await EnrolAsync(NewNumber());

        foreach (var (step, isActive) in ((string, bool)[])[("deactivate", false), ("deactivate", false), ("activate", true),
            ("activate", true)])
        {
            Assert.Equal("""{"success":true}""", (await PostAsync($"{Identity}/{id}/{step}")).Body);
            Assert.Equal(200, (await Server.PostAsync($"{Identity}/{id}/{step}", """{"clientRequestId":"request"}""")).Status);
            Assert.Equal(isActive, (bool)(await GetAsync($"{Identity}/{id}")).Json!["active"]!);
        }
    }

    [Fact]
    public async Task A_list_is_read_page_by_page_to_its_end()
    {
        await using var server = await fixture.StartAsync();
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            ids.Add(await EnrolAsync(NewNumber(), server: server));
        }
        ids.Sort(StringComparer.Ordinal);

        var pages = new List<Reply> { await server.CallAsync(HttpMethod.Get, Identity + "?limit=2") };
        while (pages[^1].TextOrNull("lastKey") is { } last)
        {
            pages.Add(await server.CallAsync(HttpMethod.Get, $"{Identity}?limit=2&startKey={last}"));
        }

        Assert.Equal([2, 2, 1], pages.Select(page => Ids(page).Count));
        Assert.Equal(ids, pages.SelectMany(Ids));
        Assert.Equal(ids[1], pages[0].Text("lastKey"));
        // Exactly full is the end too.
        Assert.Null((await server.CallAsync(HttpMethod.Get, Identity + "?limit=5")).TextOrNull("lastKey"));
        Assert.Equal("""{"results":[]}""", (await server.CallAsync(HttpMethod.Get, $"{Identity}?startKey={ids[4]}")).Body);
    }

    [Fact]
    public async Task A_forgotten_identity_is_unknown_its_devices_are_untied_and_the_number_gets_another_id()
    {
        var number = NewNumber();
        var id = await EnrolAsync(number, Attribute("tier", "gold"));
        var devices = Server.Services.GetRequiredService<IDeviceStore>();
        var device = new Device(Guid.CreateVersion7(), ProjectId.Parse("sandbox"), "key", [1], DateTimeOffset.UnixEpoch, Guid.Parse(id));
        await devices.AddAsync(device, TestContext.Current.CancellationToken);

        var removed = await Server.CallAsync(HttpMethod.Delete, $"{Identity}/{id}?clientRequestId=request");
        var again = await Server.CallAsync(HttpMethod.Delete, $"{Identity}/{id}");

        Assert.Equal("""{"success":true}""", removed.Body);
        Assert.Equal(NotFound, again.Fault);
        Assert.Equal("""{"items":[]}""", (await GetAsync($"{Identity}/{number}/lookup")).Body);
        Assert.Null((await devices.FindAsync(device.Id, TestContext.Current.CancellationToken))!.IdentityId);
        Assert.NotEqual(id, await EnrolAsync(number));
    }

    [Fact]
    public async Task An_id_may_be_written_in_capitals()
    {
        var id = await EnrolAsync(NewNumber());
        var large = id.ToUpperInvariant();

        Assert.Equal(id, (await GetAsync($"{Identity}/{large}")).Text("proveId"));
        Assert.Equal(
            (await GetAsync($"{Identity}?startKey={id}")).Body, (await GetAsync($"{Identity}?startKey={large}")).Body);
        Assert.Equal(200, (await GetAsync($"/v3/discover?proveId={large}")).Status);
        Assert.Equal(200, (await GetAsync($"/v3/fetch?proveId={large}&attributeId={large}")).Status);
        Assert.Equal(200, (await PostAsync($"{Identity}/{large}/cross-domain")).Status);
        Assert.Equal(200, (await Server.CallAsync(HttpMethod.Delete, $"{Identity}/{large}")).Status);
    }

    [Fact]
    public async Task An_enrolment_that_is_no_body_of_its_own_stays_with_its_item_and_problems_stand_in_their_order()
    {
        var reply = await Server.PostAsync(
            Identity + "/batch",
            $$"""
            {"items":[{"phoneNumber":"1","phoneNumber":"2"},{"x":{"y":1,"y":2} },{"x":[[[[[[[[1]]]]]]]]},7,
            {"phoneNumber":"{{NewNumber()}}","identityAttributes":[{"attributeType":"a"},1,{"attributeValue":"b"}]},
            {"phoneNumber":"{{NewNumber()}}"}]}
            """);

        Assert.Equal(
            [
                "field 'phoneNumber' is invalid: given twice",
                "body has a member name that is not valid, or the same one twice",
                "body is not valid JSON, or nested too deeply",
                "item must be an object",
                "field 'identityAttributes[0].attributeValue' is missing; field 'identityAttributes[1]' is invalid: must be an object; "
                    + "field 'identityAttributes[2].attributeType' is missing",
                null,
            ],
            reply.Json!["results"]!.AsArray().Select(result => (string?)result!["error"]));
    }

    [Fact]
    public async Task Of_a_hundred_parallel_removals_one_removes()
    {
        var id = await EnrolAsync(NewNumber());

        var replies = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Server.CallAsync(HttpMethod.Delete, $"{Identity}/{id}")));

        Assert.Single(replies, reply => reply.Status == 200);
        Assert.Equal(99, replies.Count(reply => reply.Fault == NotFound));
    }

    [Theory]
    [InlineData("GET", Identity + "/{0}")]
    [InlineData("DELETE", Identity + "/{0}")]
    [InlineData("POST", Identity + "/{0}/activate")]
    [InlineData("POST", Identity + "/{0}/deactivate")]
    [InlineData("POST", Identity + "/{0}/cross-domain")]
    [InlineData("GET", "/v3/discover?proveId={0}")]
    [InlineData("GET", "/v3/fetch?proveId={0}&attributeId={0}")]
    public async Task Another_projects_identity_one_that_was_never_enrolled_and_one_that_never_was_are_the_same_nobody(
        string method, string path)
    {
        var shop = await Server.AddProjectAsync("nobody-shop");
        var ofOther = await EnrolAsync(NewNumber(), Attribute("tier", "gold"), shop);
        var known = await KnowAsync(NewNumber());

        var replies = new List<Reply>();
        foreach (var id in (string[])[ofOther, known, Guid.CreateVersion7().ToString(), Guid.Empty.ToString()])
        {
            replies.Add(await Server.CallAsync(new HttpMethod(method), string.Format(null, path, id)));
        }

        Assert.All(replies, reply => Assert.Equal((NotFound, replies[0].Body), (reply.Fault, reply.Body)));
        Assert.Equal(200, (await Server.CallAsync(HttpMethod.Get, $"{Identity}/{ofOther}", shop)).Status);
    }

    [Fact]
    public async Task An_id_that_a_flow_has_given_stays_when_its_number_is_enrolled()
    {
        var number = NewNumber();
        var known = await KnowAsync(number);

        Assert.Equal(known, await EnrolAsync(number));
    }

    public static TheoryData<string, string, string> BadPaths
    {
        get
        {
            string[] bad =
            [
                "x", "019ab3f05c1e7d2a9b643f8e2c71d05a", "%7B019ab3f0-5c1e-7d2a-9b64-3f8e2c71d05a%7D",
                "%20", "..%2F..",
            ];
            var rows = new TheoryData<string, string, string>();
            foreach (var (method, path, name) in ((string, string, string)[])
                [
                    ("GET", Identity + "/{0}", "proveId"), ("DELETE", Identity + "/{0}", "proveId"),
                    ("POST", Identity + "/{0}/activate", "proveId"), ("POST", Identity + "/{0}/deactivate", "proveId"),
                    ("POST", Identity + "/{0}/cross-domain", "identityId"),
                ])
            {
                foreach (var id in bad)
                {
                    rows.Add(method, string.Format(null, path, id), $"400 8001 field '{name}' is invalid: {NotAnId}");
                }
            }
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(BadPaths))]
    [InlineData("GET", Identity + "/200-100/lookup", "400 8001 field 'mobileNumber' is invalid: only letters, digits and + are allowed")]
    [InlineData("GET", Identity + "/+1%20200/lookup", "400 8001 field 'mobileNumber' is invalid: only letters, digits and + are allowed")]
    [InlineData("GET", Identity + "/111111111111111111111111111111111/lookup",
        "400 8001 field 'mobileNumber' is invalid: longer than 32 characters")]
    [InlineData("GET", Identity + "/nobody/lookup", "400 8007 no test user found matching the phone number")]
    [InlineData("GET", Identity + "/2001004011/lookup", "403 8009 test user belongs to another product")]
    [InlineData("GET", Identity + "/batch", "403 8003 step not allowed")]
    [InlineData("DELETE", Identity + "/batch", "403 8003 step not allowed")]
    [InlineData("GET", Identity + "//lookup", "403 8003 step not allowed")]
    [InlineData("GET", Identity + "?limit=0", "400 8001 field 'limit' is invalid: must be a whole number from 1 to 100")]
    [InlineData("GET", Identity + "?limit=101", "400 8001 field 'limit' is invalid: must be a whole number from 1 to 100")]
    [InlineData("GET", Identity + "?limit=-1", "400 8001 field 'limit' is invalid: must be a whole number from 1 to 100")]
    [InlineData("GET", Identity + "?limit=1.5", "400 8001 field 'limit' is invalid: must be a whole number from 1 to 100")]
    [InlineData("GET", Identity + "?limit=%2B5", "400 8001 field 'limit' is invalid: must be a whole number from 1 to 100")]
    [InlineData("GET", Identity + "?limit=99999999999999999999", "400 8001 field 'limit' is invalid: must be a whole number from 1 to 100")]
    [InlineData("GET", Identity + "?limit=1&limit=2", "400 8001 field 'limit' is invalid: given twice")]
    [InlineData("GET", Identity + "?startKey=x", "400 8001 field 'startKey' is invalid: must be the lastKey of a page")]
    [InlineData("GET", Identity + "?showInactive=yes", "400 8001 field 'showInactive' is invalid: must be true or false")]
    [InlineData("GET", Identity + "?showInactive=True", "400 8001 field 'showInactive' is invalid: must be true or false")]
    [InlineData("GET", "/v3/discover", "400 8001 field 'proveId' is missing")]
    [InlineData("GET", "/v3/discover?proveId=", "400 8001 field 'proveId' is missing")]
    [InlineData("GET", "/v3/discover?proveId=x", $"400 8001 field 'proveId' is invalid: {NotAnId}")]
    [InlineData("GET", "/v3/fetch", "400 8001 field 'proveId' is missing; field 'attributeId' is missing")]
    public async Task A_bad_path_or_query_is_refused_by_name(string method, string path, string expected)
    {
        var reply = await Server.CallAsync(new HttpMethod(method), path);

        Assert.Equal(expected, reply.Fault);
    }

    [Theory]
    [InlineData("?limit=&startKey=&showInactive=&clientRequestId=")]
    [InlineData("?limit=100&unknown=1&unknown2=a+b")]
    [InlineData("?limit=1&clientRequestId=a%20b%C3%A9")]
    public async Task An_empty_or_unknown_parameter_counts_as_absent(string query)
    {
        Assert.Equal(200, (await GetAsync(Identity + query)).Status);
    }

    [Theory]
    [InlineData("{}", "400 8001 field 'phoneNumber' is missing")]
    [InlineData("""{"phoneNumber":7}""", "400 8001 field 'phoneNumber' is invalid: must be text")]
    [InlineData("""{"phoneNumber":"2001000000"}""", "400 8007 no test user found matching the phone number")]
    [InlineData("""{"phoneNumber":"2001004011"}""", "403 8009 test user belongs to another product")]
    [InlineData("""{"phoneNumber":"2001000000","clientHumanId":"\u0000"}""",
        "400 8001 field 'clientHumanId' is invalid: contains control characters")]
    [InlineData("""{"phoneNumber":"2001004031","deviceId":[]}""", "400 8001 field 'deviceId' is invalid: must be text")]
    [InlineData(
        """{"phoneNumber":"2001004031","identityAttributes":{}}""", "400 8001 field 'identityAttributes' is invalid: must be a list")]
    [InlineData("""{"phoneNumber":"2001004031","identityAttributes":[7]}""",
        "400 8001 field 'identityAttributes[0]' is invalid: must be an object")]
    [InlineData(
        """{"phoneNumber":"2001004031","identityAttributes":[{"attributeType":"a","attributeValue":"b"},{"attributeValue":"\u0007"}]}""",
        "400 8001 field 'identityAttributes[1].attributeType' is missing; field 'identityAttributes[1].attributeValue' is invalid: "
            + "contains control characters")]
    [InlineData(
        """{"phoneNumber":"2001004031","identityAttributes":[{"attributeType":"a","attributeType":"c","attributeValue":"b"}]}""",
        "400 8001 body has a member name that is not valid, or the same one twice")]
    public async Task A_bad_enrolment_is_refused_by_name_and_nobody_is_enrolled(string body, string expected)
    {
        var before = await Server.CountAsync("identities");

        var reply = await Server.PostAsync(Identity, body);

        Assert.Equal((expected, before), (reply.Fault, await Server.CountAsync("identities")));
    }

    [Fact]
    public async Task A_batch_enrols_in_order_and_keeps_each_fault_in_its_item()
    {
        var (first, second) = (NewNumber(), NewNumber());
        var body = $$$"""
            {"items":[
              {"phoneNumber":"{{{first}}}","clientCustomerId":"a"},
              {"phoneNumber":"2001000000"},
              {"clientCustomerId":7},
              "nobody",
              null,
              {"phoneNumber":"{{{second}}}","identityAttributes":[{"attributeType":"tier"}]},
              {"phoneNumber":"2001004011"},
              {"phoneNumber":"{{{second}}}","clientRequestId":"request"},
              {"phoneNumber":"{{{first}}}","clientCustomerId":"b"}],
             "clientRequestId":"request"}
            """;

        var results = (await Server.PostAsync(Identity + "/batch", body)).Json!["results"]!.AsArray();

        Assert.Equal(
            [
                "", "no test user found matching the phone number",
                "field 'phoneNumber' is missing; field 'clientCustomerId' is invalid: must be text", "item must be an object",
                "item must be an object", "field 'identityAttributes[0].attributeValue' is missing", "test user belongs to another product",
                "", "",
            ],
            results.Select(result => (string?)result!["error"] ?? ""));
        Assert.All(results, result => Assert.Equal(
            result!["error"] is null ? ["proveId", "identityId"] : ["error"], result.AsObject().Select(member => member.Key)));
        Assert.Equal((string?)results[0]!["proveId"], (string?)results[8]!["proveId"]);
        Assert.Equal("b", (string?)(await GetAsync($"{Identity}/{first}/lookup")).Json!["items"]![0]!["clientCustomerId"]);
        Assert.Equal(
            (string?)results[7]!["proveId"], (string?)(await GetAsync($"{Identity}/{second}/lookup")).Json!["items"]![0]!["proveId"]);
    }

    [Fact]
    public async Task A_hundred_items_of_one_number_are_one_identity_and_the_last_one_stays()
    {
        var number = NewNumber();
        var items = new JsonArray([.. Enumerable.Range(0, 100).Select(i =>
            (JsonNode)new JsonObject { ["phoneNumber"] = i % 2 == 0 ? number : "+1" + number, ["clientCustomerId"] = $"customer-{i}" })]);

        var reply = await Server.PostAsync(Identity + "/batch", new JsonObject { ["identities"] = items }.ToJsonString());

        var id = Assert.Single(Ids(reply).Distinct());
        var shown = await GetAsync($"{Identity}/{id}");
        Assert.Equal(("customer-99", "+1" + number), (shown.Text("clientCustomerId"), shown.Text("phoneNumber")));
    }

    [Theory]
    [InlineData("{}", "400 8001 field 'items' is missing")]
    [InlineData("""{"items":null,"identities":""}""", "400 8001 field 'items' is missing")]
    [InlineData("""{"items":[]}""", "400 8001 field 'items' is invalid: must have 1 to 100 entries")]
    [InlineData("""{"identities":[]}""", "400 8001 field 'identities' is invalid: must have 1 to 100 entries")]
    [InlineData("""{"items":{}}""", "400 8001 field 'items' is invalid: must be a list")]
    [InlineData("""{"items":[{}],"identities":[{}]}""", "400 8001 field 'identities' is invalid: items is given too")]
    [InlineData("""{"items":[{}],"clientRequestId":7}""", "400 8001 field 'clientRequestId' is invalid: must be text")]
    [InlineData("""{"items":[{}],"x":{"y":1,"y":2}}""", "400 8001 body has a member name that is not valid, or the same one twice")]
    [InlineData("[]", "400 8001 body must be a JSON object")]
    [InlineData("{", "400 8001 body is not valid JSON, or nested too deeply")]
    public async Task A_fault_of_a_whole_batch_is_a_refusal(string body, string expected)
    {
        Assert.Equal(expected, (await Server.PostAsync(Identity + "/batch", body)).Fault);
    }

    [Theory]
    [InlineData(131_072, false, 200)]
    [InlineData(131_072, true, 200)]
    [InlineData(131_073, false, 400)]
    [InlineData(131_073, true, 400)]
    public async Task A_batch_may_have_128_KiB(int bytes, bool isChunked, int status)
    {
        var body = """{"items":[{"phoneNumber":"2001004031"}]}""";
        using var request = new HttpRequestMessage(HttpMethod.Post, Identity + "/batch")
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body.PadRight(bytes))),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await Server.GetTokenAsync());
        request.Headers.TransferEncodingChunked = isChunked;

        var reply = await Server.SendAsync(request);

        Assert.Equal(status == 200 ? "200" : "400 8001 body is larger than 131072 bytes", reply.Fault);
    }

    [Fact]
    public async Task Attributes_are_listed_without_their_values_and_read_one_by_one()
    {
        var id = await EnrolAsync(NewNumber(), JsonNode.Parse("""
            {"identityAttributes":[{"attributeType":"tier","attributeValue":"gold"},{"attributeType":"tier","attributeValue":"Ünïcode 😀"}]}
            """)!.AsObject());
        var issuer = (await GetAsync("/v3/domain/id")).Text("issuerId");

        var listed = (await GetAsync($"/v3/discover?proveId={id}&clientRequestId=request")).Json!["results"]!.AsArray();
        var values = new List<string>();
        foreach (var attribute in listed)
        {
            var fetched = await GetAsync($"/v3/fetch?proveId={id}&attributeId={attribute!["attributeId"]}&clientRequestId=request");
            var result = Assert.Single(fetched.Json!["results"]!.AsArray())!;
            Assert.Equal(
                (attribute["attributeId"]!.ToString(), issuer), (result["attributeId"]!.ToString(), result["issuerId"]!.ToString()));
            values.Add((string)result["attributeValue"]!);
        }

        Assert.Equal(["gold", "Ünïcode 😀"], values);
        Assert.All(listed, attribute => Assert.Equal(["attributeId", "issuerId"], attribute!.AsObject().Select(member => member.Key)));
        Assert.Equal("""{"results":[]}""", (await GetAsync($"/v3/fetch?proveId={id}&attributeId={id}")).Body);
    }

    [Fact]
    public async Task An_attribute_is_not_read_through_another_person()
    {
        var id = await EnrolAsync(NewNumber(), Attribute("tier", "gold"));
        var other = await EnrolAsync(NewNumber());
        var attribute = (await GetAsync($"/v3/discover?proveId={id}")).Json!["results"]![0]!["attributeId"];

        Assert.Equal("""{"results":[]}""", (await GetAsync($"/v3/fetch?proveId={other}&attributeId={attribute}")).Body);
    }

    [Fact]
    public async Task Identities_survive_a_restart()
    {
        await using var server = await fixture.StartAsync();
        var number = NewNumber();
        var id = await EnrolAsync(number, Attribute("tier", "gold"), server: server);
        var before = await server.CallAsync(HttpMethod.Get, $"{Identity}/{id}");

        await server.RestartAsync();

        Assert.Equal(before.Body, (await server.CallAsync(HttpMethod.Get, $"{Identity}/{id}")).Body);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("mobile")]
    public async Task The_result_of_a_successful_flow_names_the_identity(string type)
    {
        var number = NewNumber();
        var id = await EnrolAsync(number);
        var flow = await Server.BeginAsync(type, number);

        var before = await Server.StatusAsync(flow.Id);
        await ProveAsync(flow, "1234");
        var after = await Server.StatusAsync(flow.Id);

        Assert.Equal(type == "none" ? id : null, before.TextOrNull("identityId"));
        Assert.Equal(("true", id), (after.Text("success"), after.TextOrNull("identityId")));
    }

    [Fact]
    public async Task The_result_names_nobody_who_is_not_enrolled_and_active_in_this_project()
    {
        var shop = await Server.AddProjectAsync("status-shop");
        var (known, inactive, ofOther, removed) = (NewNumber(), NewNumber(), NewNumber(), NewNumber());
        await KnowAsync(known);
        await PostAsync($"{Identity}/{await EnrolAsync(inactive)}/deactivate");
        await EnrolAsync(ofOther, credentials: shop);
        await Server.CallAsync(HttpMethod.Delete, $"{Identity}/{await EnrolAsync(removed)}");

        foreach (var number in (string[])[NewNumber(), known, inactive, ofOther, removed])
        {
            var status = await Server.StatusAsync((await Server.BeginAsync("none", number)).Id);
            Assert.Equal(["success", "possessionResult", "verifyResult", "correlationId"], Names(status));
        }
    }

    [Fact]
    public async Task A_failed_flow_names_nobody()
    {
        var number = NewNumber();
        await EnrolAsync(number);
        var flow = await Server.BeginAsync("mobile", number);

        await ProveAsync(flow, "0000");

        var status = await Server.StatusAsync(flow.Id);
        Assert.Equal("false failed failed", status.Outcome);
        Assert.Null(status.TextOrNull("identityId"));
    }

    [Fact]
    public async Task A_poll_that_is_pending_or_failed_does_not_look_for_identities()
    {
        var identities = new CountingIdentities();
        await using var server = await fixture.StartAsync(substitute: builder => builder.Services.AddSingleton<IIdentityStore>(identities));
        var number = NewNumber();
        var (proven, failed) = (await server.BeginAsync("mobile", number), await server.BeginAsync("mobile", number));
        await ProveAsync(failed, "0000", server);

        await server.StatusAsync(proven.Id);
        await server.StatusAsync(failed.Id);
        var before = identities.Asked;
        await ProveAsync(proven, "1234", server);
        // The proof has asked since when somebody holds the number.
        var proof = identities.Asked;
        await server.StatusAsync(proven.Id);

        Assert.Equal((0, 1, 1), (before, proof, identities.Asked - proof));
    }

    private static string NewNumber() => $"2002{Interlocked.Increment(ref _next):000000}";

    private async Task<string> EnrolAsync(
        string number, JsonObject? more = null, Credentials? credentials = null, TestServer? server = null)
    {
        var body = more ?? [];
        body["phoneNumber"] = number;
        var reply = await (server ?? Server).PostAsync(Identity, body.ToJsonString(), credentials);
        return reply.Status == 200 ? reply.Text("proveId") : throw new InvalidOperationException($"Not enrolled: {reply}");
    }

    /// <summary>An identity as a flow makes it: it has an id and is not enrolled.</summary>
    private async Task<string> KnowAsync(string number)
    {
        var identities = Server.Services.GetRequiredService<IIdentityStore>();
        var known = await identities.ObtainAsync(
            ProjectId.Parse("sandbox"), PhoneNumber.Parse(number), DateTimeOffset.UnixEpoch, TestContext.Current.CancellationToken);
        return known.Id.ToString();
    }

    private async Task ProveAsync(Begun flow, string code, TestServer? server = null)
    {
        if (flow.AuthToken is { } token)
        {
            var page = (server ?? Server).Browser(token);
            await page.Post("mobile/instant/start");
            await page.Post("mobile/otp/start");
            await page.Enter(code);
        }
    }

    private static JsonObject Attribute(string type, string value, JsonObject? more = null)
    {
        var body = more ?? [];
        body["identityAttributes"] = new JsonArray(new JsonObject { ["attributeType"] = type, ["attributeValue"] = value });
        return body;
    }

    private static IEnumerable<string> Names(Reply reply) => reply.Json!.AsObject().Select(member => member.Key);

    private static IReadOnlyList<string> Ids(Reply reply) =>
        [.. reply.Json!["results"]!.AsArray().Select(result => (string)result!["proveId"]!)];

    private Task<Reply> GetAsync(string path) => Server.CallAsync(HttpMethod.Get, path);

    private Task<Reply> PostAsync(string path) => Server.CallAsync(HttpMethod.Post, path);

    private sealed class CountingIdentities : IIdentityStore
    {
        private int _asked;

        public int Asked => _asked;

        public Task<ProjectIdentity?> FindAsync(ProjectId projectId, PhoneNumber number, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _asked);
            return Task.FromResult<ProjectIdentity?>(null);
        }

        public Task<ProjectId?> FindProjectAsync(Guid id, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<ProjectIdentity?> FindAsync(ProjectId projectId, Guid id, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<ProjectIdentity> ObtainAsync(
            ProjectId projectId, PhoneNumber number, DateTimeOffset now, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<ProjectIdentity> EnrolAsync(
            ProjectId projectId, PhoneNumber number, IdentityDetails details, DateTimeOffset now, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<IReadOnlyList<ProjectIdentity>> ListAsync(
            ProjectId projectId, Guid? after, int limit, bool withInactive, CancellationToken cancellationToken) =>
                throw new NotSupportedException();

        public Task<IReadOnlyList<ProjectIdentity>> ListLinkedAsync(
            ProjectId projectId, PhoneNumber number, LinkScopes scope, CancellationToken cancellationToken) =>
                throw new NotSupportedException();

        public Task<bool> SetActiveAsync(ProjectId projectId, Guid id, bool isActive, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<bool> RemoveAsync(ProjectId projectId, Guid id, DateTimeOffset now, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<bool> LeaveNumberAsync(ProjectId projectId, Guid id, DateTimeOffset now, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<DateTimeOffset?> FindLeftSinceAsync(ProjectId projectId, PhoneNumber number, CancellationToken cancellationToken) =>
            Task.FromResult<DateTimeOffset?>(null);
    }
}

public sealed class IdentitiesOnSqlite(OnSqlite fixture) : IdentityTests(fixture), IClassFixture<OnSqlite>;

public sealed class IdentitiesOnPostgres(OnPostgres fixture) : IdentityTests(fixture), IClassFixture<OnPostgres>;
