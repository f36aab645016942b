using System.Text.Json.Nodes;
using Countersign.Core.Assurance;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Endpoints.RelyingParty.OneCall;

/// <summary>Many one-call questions at once: each is answered as its own call would be, in its place.</summary>
public abstract class VerifyBatchTests(ServerFixture fixture)
{
    private const string Path = "/v3/verify/batch";
    private const int MaxBytes = 1024 * 1024;

    private TestServer Server => fixture.Server;

    [Fact]
    public async Task A_thousand_items_are_answered_in_order_and_a_bad_one_costs_only_itself()
    {
        var items = new JsonArray(
            [.. Enumerable.Range(0, 1000)
                .Select(i => (JsonNode)Item($"{2002001000 + i}", new JsonObject { ["clientCustomerId"] = $"customer-{i}" }))]);
        items[500]!.AsObject().Remove("lastName");

        var reply = await AskAsync(items);

        Assert.Equal(200, reply.Status);
        var results = Results(reply);
        Assert.Equal(items.Select(item => (string)item!["phoneNumber"]!), results.Select(result => (string)result["phoneNumber"]!));
        Assert.Equal(
            items.Select(item => (string)item!["clientCustomerId"]!), results.Select(result => (string)result["clientCustomerId"]!));
        Assert.Equal([500], results.Index().Where(result => result.Item["error"] is not null).Select(result => result.Index));
        Assert.Equal(
            """{"success":"false","phoneNumber":"2002001500","clientCustomerId":"customer-500","assuranceLevel":"AL-1","error":"field """
                + """'lastName' is missing"}""",
            results[500].ToJsonString(Relaxed));
        Assert.All(results.Where(result => result["error"] is null), result =>
            Assert.Equal("true AL2", $"{result["success"]} {result["assuranceLevel"]}"));
        Assert.Equal(999, results.Select(result => (string?)result["proveId"]).OfType<string>().Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task Each_item_is_answered_as_its_own_call_would_be()
    {
        JsonNode[] items =
        [
            Item("2001004053"),
            Item("2001004054"),
            Item("2001009403"),
            Item("2001009412", new() { ["verificationType"] = "accountOpening", ["clientHumanId"] = "human-1" }),
            Item("2001009413", new() { ["verificationType"] = "bot" }),
            Item("2001009421", new() { ["verificationType"] = "prefill" }),
            Item("2001009441", new() { ["verificationType"] = "identityResolution" }),
            Item("2001009999"),
            Item("2001004011"),
            Item("2001004053", new() { ["verificationType"] = "everything", ["emailAddress"] = "x" }),
            Item("2001004053", new() { ["flowType"] = "mobile" }),
            Item("1-2", new() { ["firstName"] = 7, ["proveId"] = "x" }),
            new JsonObject(),
            JsonValue.Create(7),
            new JsonArray(),
        ];

        var results = Results(await AskAsync(new JsonArray([.. items.Select(item => item.DeepClone())])));

        Assert.Equal(items.Length, results.Count);
        for (var i = 0; i < items.Length; i++)
        {
            // Without its type a body of its own would be one of the two-call contract.
            if (items[i] is JsonObject { Count: 0 })
            {
                Assert.Equal("field 'verificationType' is missing; field 'phoneNumber' is missing", (string?)results[i]["error"]);
                continue;
            }
            if (items[i] is not JsonObject)
            {
                Assert.Equal("item must be an object", (string?)results[i]["error"]);
                continue;
            }
            var own = await Server.VerifyAsync(items[i].ToJsonString());
            Assert.Equal(own.Status == 200 ? null : own.Message, (string?)results[i]["error"]);
            foreach (var name in own.Status == 200
                ? ["success", "phoneNumber", "clientHumanId", "proveId", "provePhoneAlias", "identity", "additionalIdentities",
                    "evaluation"] : Array.Empty<string>())
            {
                Assert.Equal(own.Json![name]?.ToJsonString(), results[i][name]?.ToJsonString());
            }
            Assert.Equal(
                own.Status == 200 ? (string)own.Json!["identity"]!["assuranceLevel"]! : "AL-1", (string?)results[i]["assuranceLevel"]);
        }
    }

    [Fact]
    public async Task The_callers_ids_are_echoed_and_a_customer_without_one_is_an_empty_text()
    {
        var reply = await AskAsync(
            new JsonArray(Item("2001004053", new() { ["clientHumanId"] = "human-7" }), Item("1-2", new() { ["clientCustomerId"] = "c" })),
            "nightly");

        Assert.Equal("nightly", reply.Text("clientRequestId"));
        Assert.Matches("^[0-9a-f-]{36}$", reply.Text("correlationId"));
        Assert.Equal(("", "human-7"), ((string)Results(reply)[0]["clientCustomerId"]!, (string)Results(reply)[0]["clientHumanId"]!));
        Assert.Equal(("c", "1-2"), ((string)Results(reply)[1]["clientCustomerId"]!, (string)Results(reply)[1]["phoneNumber"]!));
    }

    [Theory]
    [InlineData("""{"verificationType":"bot","phoneNumber":"2001009413","phoneNumber":"2001009413"}""")]
    [InlineData("""{"verificationType":"bot","phoneNumber":"2001009413","x":{"y":1,"y":2}}""")]
    [InlineData("""{"verificationType":"bot","phoneNumber":"2001009413","x":[{"y":1,"y":2}]}""")]
    [InlineData("""{"verificationType":"bot","phoneNumber":"2001009413","x":{"\ud800":1}}""")]
    [InlineData("""{"verificationType":"bot","phoneNumber":"2001009413","\ud800":1}""")]
    [InlineData("""{"verificationType":"bot","phoneNumber":"2001009413","x":[[[[[[[[1]]]]]]]]}""")]
    [InlineData("""{"verificationType":"bot","phoneNumber":"2001009413","x":[[[[[[[[{"y":1,"y":2}]]]]]]]]}""")]
    [InlineData("""{"verificationType":"bot","phoneNumber":"2001009413","identityAttributes":[{"attributeType":"a"},1]}""")]
    public async Task What_would_refuse_a_body_of_its_own_stays_with_its_item(string item)
    {
        var own = await Server.VerifyAsync(item);

        var reply = await Server.PostAsync(Path, $$"""{"items":[{{item}},{{Item("2001004053").ToJsonString()}}]}""");

        var results = Results(reply);
        Assert.Equal((400, "2001009413", own.Message), (own.Status, (string?)results[0]["phoneNumber"], (string?)results[0]["error"]));
        Assert.Equal("true", (string?)results[1]["success"]);
    }

    [Fact]
    public async Task An_item_may_be_as_deep_as_a_body_of_its_own()
    {
        var item = Item("2001004053", new() { ["x"] = JsonNode.Parse("[[[[[[[1]]]]]]]") });

        Assert.Equal(200, (await Server.VerifyAsync(item.ToJsonString())).Status);
        Assert.Equal("true", (string?)Results(await AskAsync(new JsonArray(item)))[0]["success"]);
    }

    [Fact]
    public async Task A_refused_item_keeps_the_callers_ids()
    {
        var refused = Item("2001004053", new() { ["clientCustomerId"] = "c", ["clientHumanId"] = "human-7", ["emailAddress"] = "x" });

        var result = Results(await AskAsync(new JsonArray(refused)))[0];

        Assert.Equal(
            ("false", "c", "human-7"), ((string?)result["success"], (string?)result["clientCustomerId"], (string?)result["clientHumanId"]));
    }

    [Fact]
    public async Task The_same_number_many_times_is_one_person_and_one_answer()
    {
        await using var server = await fixture.StartAsync();

        var reply = await AskAsync(new JsonArray([.. Enumerable.Repeat(0, 100).Select(_ => (JsonNode)Item("2002000801"))]), server: server);

        Assert.NotNull((string?)Results(reply)[0]["proveId"]);
        Assert.All(Results(reply).Skip(1), result => Assert.Equal(
            "field 'phoneNumber' is invalid: is the number of an earlier item", (string?)result["error"]));
        Assert.Equal(1, await server.CountAsync("identities"));
        Assert.Equal(0, await server.CountAsync("flows"));
    }

    [Fact]
    public async Task The_source_is_asked_by_a_few_at_once()
    {
        var source = new Counting();
        await using var server = await fixture.StartAsync(substitute: builder => builder.Services.AddSingleton<IAssuranceSource>(source));

        var reply = await AskAsync(
            new JsonArray([.. Enumerable.Range(0, 200).Select(i => (JsonNode)Item($"{2002000000 + i}"))]), server: server);

        Assert.Equal(200, Results(reply).Count);
        Assert.Equal(200, source.Asked);
        Assert.InRange(source.MaxAtOnce, 2, 8);
    }

    [Fact]
    public async Task A_body_of_exactly_a_mebibyte_is_taken()
    {
        var body = new JsonObject { ["items"] = new JsonArray(Item("2001004053")) }.ToJsonString();

        var reply = await Server.PostAsync(Path, body.PadRight(MaxBytes));

        Assert.Equal(200, reply.Status);
    }

    [Fact]
    public async Task A_key_means_nothing_to_a_batch()
    {
        var body = new JsonObject { ["items"] = new JsonArray(Item("2001004053")) }.ToJsonString();

        var first = await Server.PostAsync(Path, body, idempotencyKey: "a b");
        var second = await Server.PostAsync(Path, body, idempotencyKey: "a b");

        Assert.Equal((200, 200), (first.Status, second.Status));
        Assert.NotEqual(first.Text("correlationId"), second.Text("correlationId"));
        Assert.Equal(0, await Server.CountAsync("idempotency"));
    }

    [Fact]
    public async Task A_batch_in_another_project_gets_other_ids()
    {
        var other = await Server.AddProjectAsync("batch-other");
        var items = new JsonArray(Item("2002000802"));

        var here = Results(await AskAsync(items))[0];
        var there = Results(await AskAsync(items.DeepClone().AsArray(), credentials: other))[0];

        Assert.NotEqual((string)here["proveId"]!, (string)there["proveId"]!);
        Assert.NotEqual((string)here["provePhoneAlias"]!, (string)there["provePhoneAlias"]!);
    }

    private static System.Text.Json.JsonSerializerOptions Relaxed { get; } =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private Task<Reply> AskAsync(
        JsonArray items, string? clientRequestId = null, Credentials? credentials = null, TestServer? server = null) =>
        (server ?? Server).PostAsync(
            Path, new JsonObject { ["clientRequestId"] = clientRequestId, ["items"] = items }.ToJsonString(), credentials);

    private static List<JsonObject> Results(Reply reply) => [.. reply.Json!["results"]!.AsArray().Select(result => result!.AsObject())];

    private static JsonObject Item(string number, JsonObject? more = null)
    {
        var item = new JsonObject
        {
            ["verificationType"] = "verifiedUser", ["phoneNumber"] = number, ["firstName"] = "Lori", ["lastName"] = "Montgomery"
        };
        foreach (var (name, value) in more ?? [])
        {
            item[name] = value?.DeepClone();
        }
        return item;
    }

    /// <summary>Counts who asks at the same time; answers each when the next has come, or when nobody comes.</summary>
    private sealed class Counting : IAssuranceSource
    {
        private readonly Lock _lock = new();
        private readonly TaskCompletionSource _second = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _now;

        public int Asked { get; private set; }

        public int MaxAtOnce { get; private set; }

        public async Task<AssuranceAnswer> AssessAsync(AssuranceQuestion question, CancellationToken cancellationToken)
        {
            lock (_lock)
            {
                Asked++;
                MaxAtOnce = Math.Max(MaxAtOnce, ++_now);
                if (MaxAtOnce >= 2)
                {
                    _second.TrySetResult();
                }
            }
            await _second.Task.WaitAsync(cancellationToken);
            await Task.Yield();
            lock (_lock)
            {
                _now--;
            }
            return new AssuranceAnswer.NoRecord();
        }
    }
}

public sealed class VerifyBatchOnSqlite(OnSqlite fixture) : VerifyBatchTests(fixture), IClassFixture<OnSqlite>;

public sealed class VerifyBatchOnPostgres(OnPostgres fixture) : VerifyBatchTests(fixture), IClassFixture<OnPostgres>;
