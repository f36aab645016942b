using System.Text;
using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.Devices;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.OpenApi;

/// <summary>Whatever takes an id knows those of its own project alone: each operation of the documents, and so each new one.</summary>
public abstract class ForeignIdTests(ServerFixture fixture)
{
    private const string Shop = "id-shop";
    private const string Nobody = "0199d5a4-1b2c-7d3e-8f40-5a6b7c8d9e0f";

    // What an id is called, and what else an operation needs beside the id of a person.
    private const string OfFlow = "correlationId";
    private const string OfPerson = "proveId";
    private const string OfPersonToo = "identityId";
    private const string OfDevice = "deviceId";
    private const string OfAttribute = "attributeId";

    private static readonly string[] _names = [OfFlow, OfPerson, OfPersonToo, OfDevice];

    private TestServer Server => fixture.Server;

    [Fact]
    [Trait("attack", "A02")]
    public async Task Each_operation_answers_of_anothers_id_as_of_one_that_there_never_was()
    {
        var (shop, bank) = (await Server.AddProjectAsync(Shop), await Server.AddProjectAsync("id-bank"));
        var ids = await FillAsync(shop);
        var operations = await OperationsAsync();

        foreach (var (operation, name) in operations)
        {
            var nobodys = await CallAsync(operation, name, Nobody, ids, bank);
            foreach (var id in ids[name])
            {
                var theirs = await CallAsync(operation, name, id, ids, bank);
                Assert.True((nobodys.Status, nobodys.Body) == (theirs.Status, theirs.Body), $"{operation}: {theirs}, and not {nobodys}");
            }
        }

        Assert.Contains(operations, one => one.Operation.Path == "/v3/unify-bind");
        // Its own project is answered otherwise, so that the above can fail.
        foreach (var (operation, name) in operations.OrderBy(one => EndsSomething(one.Operation)))
        {
            var nobodys = await CallAsync(operation, name, Nobody, ids, shop);
            var own = new List<Reply>();
            foreach (var id in ids[name])
            {
                own.Add(await CallAsync(operation, name, id, ids, shop));
            }
            Assert.True(own.Any(reply => reply.Body != nobodys.Body), $"{operation} does not know its own project's: {nobodys}");
        }
    }

    private static bool EndsSomething(Documented operation) =>
        operation.Method == "delete" || operation.Path.EndsWith("/cancel", StringComparison.Ordinal);

    /// <summary>Those that cannot do without an id, with what they call it.</summary>
    private async Task<List<(Documented Operation, string Name)>> OperationsAsync()
    {
        var all = new List<(Documented, string)>();
        foreach (var document in (string[])["v3", "relying-party"])
        {
            var contract = await Contract.ReadAsync(Server, document);
            all.AddRange(
                from operation in contract.Operations
                from name in _names
                where IsRequired(operation, name, contract)
                select (operation, name));
        }
        return all;
    }

    private static bool IsRequired(Documented operation, string name, Contract contract)
    {
        var schema = operation.Json["requestBody"]?["content"]!.AsObject().First().Value!["schema"] as JsonObject;
        var body = schema is null ? null : contract.Schema.Resolve(schema);
        return (operation.Json["parameters"]?.AsArray() ?? []).Any(parameter =>
                (string?)parameter!["name"] == name && (bool?)parameter["required"] == true)
            || (body?["required"]?.AsArray() ?? []).Any(required => (string?)required == name);
    }

    private Task<Reply> CallAsync(
        Documented operation, string name, string id, Dictionary<string, string[]> ids, Credentials credentials)
    {
        var query = new StringBuilder();
        foreach (var parameter in (operation.Json["parameters"]?.AsArray() ?? []).Where(one => (string?)one!["in"] == "query"))
        {
            var called = (string)parameter!["name"]!;
            if (called == name || called == OfAttribute)
            {
                query.Append(query.Length == 0 ? '?' : '&').Append(called).Append('=').Append(called == name ? id : ids[OfAttribute][0]);
            }
        }
        var path = operation.Path.Replace($"{{{name}}}", id, StringComparison.Ordinal) + query;
        if (operation.Example?.DeepClone() is not JsonObject body)
        {
            return Server.CallAsync(new HttpMethod(operation.Method.ToUpperInvariant()), path, credentials);
        }
        if (body.ContainsKey(name))
        {
            body[name] = id;
        }
        return Server.PostAsync(path, body.ToJsonString(), credentials);
    }

    /// <summary>What a project can have: a flow of each product, a person with an attribute, a device.</summary>
    private async Task<Dictionary<string, string[]>> FillAsync(Credentials shop)
    {
        var verify = await Server.BeginAsync("mobile", "2001009002", credentials: shop);
        var start = await Server.BeginPreFillAsync(PreFillSteps.Milo, credentials: shop);
        var unify = await Server.BeginUnifyAsync("none", "2001004014", credentials: shop);
        var person = await Server.PostAsync(
            "/v3/identity",
            """{"phoneNumber":"2001004031","identityAttributes":[{"attributeType":"tier","attributeValue":"gold"}]}""", shop);
        var attributes = await Server.CallAsync(HttpMethod.Get, $"/v3/discover?proveId={person.Text("proveId")}", shop);
        var device = new Device(
            Guid.CreateVersion7(DateTimeOffset.UnixEpoch), ProjectId.Parse(Shop), "key", [1, 2, 3], DateTimeOffset.UnixEpoch);
        await Server.Services.GetRequiredService<IDeviceStore>().AddAsync(device, TestContext.Current.CancellationToken);
        return new(StringComparer.Ordinal)
        {
            [OfFlow] = [verify.Id, start.Id, unify.Id],
            [OfPerson] = [person.Text("proveId")],
            [OfPersonToo] = [person.Text("proveId")],
            [OfDevice] = [device.Id.ToString()],
            [OfAttribute] = [(string)attributes.Json!["results"]![0]!["attributeId"]!],
        };
    }
}

public sealed class ForeignIdsOnSqlite(OnSqlite fixture) : ForeignIdTests(fixture), IClassFixture<OnSqlite>;

public sealed class ForeignIdsOnPostgres(OnPostgres fixture) : ForeignIdTests(fixture), IClassFixture<OnPostgres>;
