using System.Text.Json.Nodes;

namespace Countersign.Server.Tests.Security.WebAuthn;

/// <summary>What a browser would never send.</summary>
internal static class HostileCredentials
{
    private const int Megabyte = 1 << 20;

    private static readonly Dictionary<string, Func<JsonObject, string, string>> _all = new(StringComparer.Ordinal)
    {
        ["empty"] = (_, _) => "",
        ["no JSON"] = (_, _) => "{",
        ["null"] = (_, _) => "null",
        ["a text"] = (_, _) => "\"public-key\"",
        ["a list"] = (_, _) => "[]",
        ["an empty object"] = (_, _) => "{}",
        ["half a character"] = (_, _) => "\ud800",
        ["too deep"] = (_, _) => new string('[', 5000),
        ["a megabyte of spaces"] = (good, _) => good.ToJsonString() + new string(' ', Megabyte),
        ["no type"] = (good, _) => Without(good, "type"),
        ["another type"] = (good, _) => With(good, "type", "password"),
        ["a type that is no text"] = (good, _) => good.ToJsonString().Replace("public-key", "\\ud800", StringComparison.Ordinal),
        ["no id"] = (good, _) => Without(good, "id"),
        ["an id that is no text"] = (good, _) => With(good, "id", 1),
        ["no rawId"] = (good, _) => Without(good, "rawId"),
        ["two different ids"] = (good, _) => With(good, "rawId", "AAAA"),
        ["empty ids"] = (good, _) => With(good, "id", "").Replace(good["rawId"]!.ToJsonString(), "\"\"", StringComparison.Ordinal),
        ["no response"] = (good, _) => Without(good, "response"),
        ["a list as response"] = (good, _) => With(good, "response", new JsonArray()),
        ["a member twice"] = (good, _) => "{\"id\":\"AAAA\"," + good.ToJsonString()[1..],
        ["a name that is no text"] = (good, _) => "{\"\\ud800\":1," + good.ToJsonString()[1..],
        ["no client data"] = (good, _) => WithoutResponse(good, "clientDataJSON"),
        ["a member missing"] = WithoutResponse,
        ["a member null"] = (good, member) => WithResponse(good, member, null),
        ["a member empty"] = (good, member) => WithResponse(good, member, ""),
        ["a member of another kind"] = (good, member) => WithResponse(good, member, 17),
        ["a member in plain base64"] = (good, member) => WithResponse(good, member, "+/+/"),
        ["a member of an impossible length"] = (good, member) => WithResponse(good, member, "AAAAA"),
        ["a member of a megabyte"] = (good, member) => WithResponse(good, member, new string('A', Megabyte)),
        ["a member that is no text"] = (good, member) =>
            WithResponse(good, member, "TEXT").Replace("TEXT", "\\ud800", StringComparison.Ordinal),
    };

    public static TheoryData<string> Names => [.. _all.Keys];

    /// <param name="member">Of the response, one that the ceremony needs.</param>
    public static string Make(string name, JsonObject good, string member) => _all[name](good, member);

    private static string With(JsonObject good, string member, JsonNode? value)
    {
        good[member] = value;
        return good.ToJsonString();
    }

    private static string Without(JsonObject good, string member)
    {
        good.Remove(member);
        return good.ToJsonString();
    }

    private static string WithResponse(JsonObject good, string member, JsonNode? value)
    {
        good["response"]![member] = value;
        return good.ToJsonString();
    }

    private static string WithoutResponse(JsonObject good, string member)
    {
        good["response"]!.AsObject().Remove(member);
        return good.ToJsonString();
    }
}
