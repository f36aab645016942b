using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Client.Tests.Support;

namespace Countersign.Client.Tests.Wire;

/// <summary>Every answer among the fixtures, read as a caller gets it, against what was written down in <c>answers.json</c>.</summary>
public sealed class AnswerTests
{
    private const string WrittenDown = "answers.json";

    private static readonly JsonSerializerOptions _indented = new() { WriteIndented = true };

    private static readonly ContractOperation[] _operations =
    [
        .. Contract.All.Select(row => row.Data),
        OfTheClient(
            "verify-response", StubServer.Verify, (client, token) => client.VerifyAsync(Some.VerifyRequest, cancellationToken: token)),
        OfTheClient(
            "verify-status", StubServer.VerifyStatus, (client, token) => client.GetStatusAsync(Some.CorrelationId, token)),
    ];

    [Fact]
    public async Task Each_is_read_as_it_was_written_down()
    {
        var read = new JsonObject();
        foreach (var name in Answers)
        {
            read[name] = await ReadAsync(OperationOf(name), Fixture.Read($"{name}.json"));
        }

        Assert.Equal(JsonNode.Parse(Fixture.Read(WrittenDown))!.ToJsonString(_indented), read.ToJsonString(_indented));
    }

    private static IEnumerable<string> Answers =>
        from file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Fixtures"), "*.json")
        let name = Path.GetFileNameWithoutExtension(file)
        where !name.Contains("-request", StringComparison.Ordinal) && $"{name}.json" != WrittenDown
        orderby name
        select name;

    private static ContractOperation OperationOf(string fixture) =>
        _operations.Where(operation => fixture.StartsWith(Stem(operation), StringComparison.Ordinal))
            .MaxBy(operation => Stem(operation).Length) ?? throw new InvalidOperationException($"No operation answers {fixture}.");

    private static string Stem(ContractOperation operation) => operation.Response.Replace("-response", "", StringComparison.Ordinal);

    private static ContractOperation OfTheClient(
        string response, string path, Func<ICountersignClient, CancellationToken, Task> callAsync) => new()
    {
        Name = response,
        Method = "POST",
        PathAndQuery = path,
        Path = path,
        Response = response,
        CallAsync = callAsync,
    };

    private static async Task<JsonNode?> ReadAsync(ContractOperation operation, string body)
    {
        using var client = Some.Client(new StubServer().On(operation.PathAndQuery.Split('?')[0], () => StubServer.Json(200, body)));
        var call = operation.CallAsync(client, TestContext.Current.CancellationToken);
        await call;
        return Describe(call.GetType().GetProperty(nameof(Task<>.Result))!.GetValue(call));
    }

    private static JsonNode? Describe(object? value) => value switch
    {
        null => null,
        string or bool or int or double => JsonValue.Create(Convert.ToString(value, CultureInfo.InvariantCulture)),
        DateTimeOffset moment => moment.ToString("o", CultureInfo.InvariantCulture),
        BirthDate date => date.Reveal(),
        NationalId id => id.Reveal(),
        ValueType => value.ToString(),
        IDictionary map => new JsonObject(map.Keys.Cast<string>().Order().Select(key => KeyValuePair.Create(key, Describe(map[key])))),
        IEnumerable list => new JsonArray([.. list.Cast<object?>().Select(Describe)]),
        _ => new JsonObject(value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .OrderBy(property => property.Name, StringComparer.Ordinal)
            .Select(property => KeyValuePair.Create(property.Name, Describe(property.GetValue(value))))),
    };
}
