using System.Globalization;
using System.Text.Json.Nodes;
using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.OpenApi;

/// <summary>The examples of a document tell one story: an answer is one to the request beside it, and what one names another has.</summary>
public sealed class ExampleTests(OnSqlite fixture) : IClassFixture<OnSqlite>
{
    private readonly TestServer _server = fixture.Server;

    [Theory]
    [InlineData("v3")]
    [InlineData("relying-party")]
    [InlineData("browser")]
    [InlineData("sandbox")]
    [InlineData("admin")]
    public async Task What_is_asked_and_what_is_answered_agree(string name)
    {
        var contract = await Contract.ReadAsync(_server, name);

        var problems = from operation in contract.Operations
                       where operation.Answer is not null
                       from given in Given(operation)
                       let told = given.Value is JsonArray ? new[] { operation.Answer![given.Name] }.Where(value => value is not null)
                           : Values(operation.Answer, given.Name)
                       where told.Any() && !told.Any(value => Agrees(given.Value, value!))
                       select $"{operation}: {given.Name}";

        Assert.Empty(problems);
    }

    [Theory]
    [InlineData("v3")]
    [InlineData("relying-party")]
    [InlineData("browser")]
    [InlineData("sandbox")]
    [InlineData("admin")]
    public async Task What_an_example_names_another_one_has(string name)
    {
        var contract = await Contract.ReadAsync(_server, name);
        var known = contract.Operations.SelectMany(operation => Scalars(operation.Answer))
            // Keys are named by the browser, when it registers them.
            .Concat(contract.Operations.SelectMany(operation => Values(operation.Example, "publicKey")).SelectMany(Scalars))
            .ToHashSet(StringComparer.Ordinal);

        var unknown = from operation in contract.Operations
                      from given in Parameters(operation).Concat(Members(operation.Example).Where(member => member.Name != "id"))
                      where given.Name is "startKey" or "keyId" or "PA-KID" or "PA-Challenge" or "id"
                          || given.Name.StartsWith("pcid", StringComparison.Ordinal)
                          || (given.Name.EndsWith("Id", StringComparison.Ordinal)
                              && given.Name is not ("clientRequestId" or "clientCustomerId"))
                      where !known.Contains(given.Value.ToString())
                      select $"{operation}: {given.Name}";

        Assert.Empty(unknown);
    }

    [Theory]
    [InlineData("v3")]
    [InlineData("relying-party")]
    [InlineData("browser")]
    [InlineData("sandbox")]
    [InlineData("admin")]
    public async Task Counts_and_times_of_one_example_go_together(string name)
    {
        var contract = await Contract.ReadAsync(_server, name);

        var objects = contract.Operations.SelectMany(operation => Objects(operation.Answer).Concat(Objects(operation.Example))).ToList();

        Assert.All(objects.Where(one => one["count"] is not null), one =>
            Assert.All(one.Select(member => member.Value).OfType<JsonArray>(), list => Assert.Equal((int)one["count"]!, list.Count)));
        Assert.All(objects.Where(one => one["totals"]?["records"] is not null), one =>
        {
            var totals = one["totals"]!.AsObject();
            Assert.Equal((int)totals["records"]!, totals.Where(total => total.Key != "records").Sum(total => (int)total.Value!));
            Assert.Equal(one["problems"]?.AsArray().Count ?? (int)totals["bad"]!, (int)totals["bad"]!);
        });
        foreach (var (number, text) in (IEnumerable<(string, string)>)[("createdAt", "creationString"), ("acceptedAt", "acceptedString"),
            ("requestedAt", "requestedString")])
        {
            Assert.All(objects.Where(one => one[text] is not null), one =>
                Assert.Equal((long)one[number]!, Time(one[text]!).ToUnixTimeSeconds()));
        }
        Assert.All(objects.Where(one => one["expiresAt"] is not null), one =>
        {
            var left = Time(one["expiresAt"]!) - Time(one["now"] ?? one["createdAt"]!);
            Assert.InRange(left, TimeSpan.FromTicks(1), TimeSpan.FromMinutes(15));
            Assert.True(one["deadline"] is not { } deadline || Time(deadline) <= Time(one["expiresAt"]!));
        });
    }

    [Fact]
    public async Task A_page_does_not_begin_with_the_one_before()
    {
        var list = (await Contract.ReadAsync(_server, "v3")).Operations.Single(operation => operation.Id == "listIdentities");

        Assert.DoesNotContain((string)Parameters(list).Single(given => given.Name == "startKey").Value!, Scalars(list.Answer));
    }

    [Fact]
    public async Task A_project_is_linked_with_others_and_not_with_itself()
    {
        var operations = (await Contract.ReadAsync(_server, "v3")).Operations.ToDictionary(operation =>
            operation.Id, StringComparer.Ordinal);
        var own = operations["getDomain"].Answer!;
        var others = Values(operations["listDomainLinks"].Answer, "pcid").Select(pcid => (string?)pcid).ToList();

        Assert.DoesNotContain((string?)own["pcid"], others);
        Assert.All(["linkDomain", "confirmDomainLink"], id => Assert.Contains((string?)operations[id].Example!["pcid"], others));
        var ended = operations["unlinkDomain"].Example!;
        Assert.Equal(((string?)own["pcid"], others[0]), ((string?)ended["pcidFrom"], (string?)ended["pcidTo"]));
        Assert.All(["discoverAttributes", "fetchAttribute"], id =>
            Assert.Equal((string?)own["issuerId"], (string?)operations[id].Answer!["results"]![0]!["issuerId"]));
    }

    [Fact]
    public async Task The_batch_of_questions_is_answered_as_its_example_says()
    {
        var contract = await Contract.ReadAsync(_server, "v3");
        var batch = contract.Operations.Single(operation => operation.Path == "/v3/verify/batch");

        var reply = contract.MustHold(batch.Path, await _server.PostAsync(batch.Path, batch.Example!.ToJsonString()));

        Assert.Equal(Text(batch.Answer!), Text(reply.Json!));
    }

    [Fact]
    public async Task A_project_is_made_and_changed_as_the_examples_say()
    {
        await using var server = await TestServer.StartAsync(settings: TestServer.Live);
        var contract = await Contract.ReadAsync(server, "admin");
        var (create, change) = (contract.Operations.Single(operation => operation.Id == "createProject"),
            contract.Operations.Single(operation => operation.Id == "changeProject"));

        var made = await server.AdminAsync(HttpMethod.Post, create.Path, create.Example!.ToJsonString());
        var changed = await server.AdminAsync(
            HttpMethod.Patch, change.Path.Replace("{id}", "shop", StringComparison.Ordinal), change.Example!.ToJsonString());

        Assert.Equal(Text(create.Answer!), Text(made.Json!));
        Assert.Equal(Text(change.Answer!), Text(changed.Json!));
    }

    /// <summary>What a request's example says, under the names that answers use.</summary>
    private static IEnumerable<(string Name, JsonNode Value)> Given(Documented operation) =>
        from given in Parameters(operation)
            .Select(parameter => (operation.Path.Contains("/clients", StringComparison.Ordinal), parameter.Name) switch
        {
            (true, "id") => ("projectId", parameter.Value),
            (true, "clientId") => ("id", parameter.Value),
            (_, "mobileNumber") => ("phoneNumber", parameter.Value),
            _ => parameter,
        }).Concat(Members(operation.Example))
        // The entries of a batch are answered in their order.
        select given.Item1 == "items" ? ("results", given.Item2) : given;

    private static IEnumerable<(string Name, JsonNode Value)> Parameters(Documented operation) =>
        (operation.Json["parameters"]?.AsArray() ?? []).Select(parameter => ((string)parameter!["name"]!, parameter["example"]!));

    private static IEnumerable<(string Name, JsonNode Value)> Members(JsonNode? node) =>
        (node as JsonObject ?? []).Where(member => member.Value is not null).Select(member => (member.Key, member.Value!));

    /// <summary>
    /// Every member that was given is told the same, where it is told. A number may be told in its international form or with hidden
    /// digits, and of an SSN the last digits may be given.
    /// </summary>
    private static bool Agrees(JsonNode given, JsonNode told) => (given, told) switch
    {
        (JsonObject one, JsonObject other) =>
            one.All(member => member.Value is null || other[member.Key] is not { } value || Agrees(member.Value, value)),
        (JsonArray one, JsonArray other) => one.Count == other.Count && one.Zip(other).All(pair => Agrees(pair.First!, pair.Second!)),
        (JsonValue, JsonValue) => (given.ToString(), told.ToString()) is var (one, other) && (one == other || other == "+1" + one
            || (one.Length == 4 && other.Length == 9 && other.EndsWith(one, StringComparison.Ordinal))
            || (other.Contains('*', StringComparison.Ordinal) && one.Length == other.Length
                && one.Zip(other).All(pair => pair.Second == '*' || pair.First == pair.Second))),
        _ => false,
    };

    private static IEnumerable<JsonNode> Values(JsonNode? node, string name) =>
        Objects(node).Select(one => one[name]).OfType<JsonNode>();

    private static IEnumerable<string> Scalars(JsonNode? node) => node switch
    {
        JsonObject one => one.SelectMany(member => Scalars(member.Value)),
        JsonArray list => list.SelectMany(Scalars),
        JsonValue value => [value.ToString()],
        _ => [],
    };

    private static IEnumerable<JsonObject> Objects(JsonNode? node) => node switch
    {
        JsonObject one => one.SelectMany(member => Objects(member.Value)).Prepend(one),
        JsonArray list => list.SelectMany(Objects),
        _ => [],
    };

    private static DateTimeOffset Time(JsonNode text) => DateTimeOffset.Parse((string)text!, CultureInfo.InvariantCulture);

    /// <summary>An answer without the ids that each call makes anew, its members in the order of their names.</summary>
    private static string Text(JsonNode node) => node switch
    {
        JsonObject one => $"{{{string.Join(',', one.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member =>
            member.Key is "correlationId" or "proveId" or "provePhoneAlias" ? member.Key : $"{member.Key}:{Text(member.Value!)}"))}}}",
        JsonArray list => $"[{string.Join(',', list.Select(entry => Text(entry!)))}]",
        _ => node.ToJsonString(),
    };
}
