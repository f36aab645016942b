using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Server.Contract;
using Countersign.Server.Tests.OpenApi;

namespace Countersign.Server.Tests.Contract;

/// <summary>A shape describes and reads: what its description forbids it refuses, and what the description allows it takes.</summary>
public sealed class ShapeTests
{
    // A character beyond the first plane counts once.
    private const string Beyond = "𠮷";

    private static readonly StrictSchema _schema = new(new JsonObject());

    private static readonly (string Shape, string Text, bool IsTaken)[] _texts =
    [
        (nameof(Fields.FlowType), "mobile", true),
        (nameof(Fields.FlowType), "Mobile", false),
        (nameof(Fields.Phone), Repeat("2", 32), true),
        (nameof(Fields.Phone), Repeat("2", 33), false),
        (nameof(Fields.Phone), "+12001009302", true),
        (nameof(Fields.Phone), "200 100", false),
        (nameof(Fields.Phone), Beyond, false),
        (nameof(Fields.Name), "José María", true),
        (nameof(Fields.Name), Repeat(Beyond, 128), true),
        (nameof(Fields.Name), Repeat(Beyond, 129), false),
        (nameof(Fields.Name), "a\nb", false),
        (nameof(Fields.Name), "a\u0085b", false),
        (nameof(Fields.Email), "@example.com".PadLeft(254, 'a'), true),
        (nameof(Fields.Email), "@example.com".PadLeft(255, 'a'), false),
        (nameof(Fields.Email), "josé@example.com", true),
        (nameof(Fields.Email), "nobody", false),
        (nameof(Fields.Email), "a@b@c", false),
        (nameof(Fields.Email), "a\0@b", false),
        (nameof(Fields.Moment), "2027-01-31", true),
        (nameof(Fields.Moment), "2027-01-31T12:00:00Z", true),
        (nameof(Fields.Moment), "2027-1-31", false),
        (nameof(Fields.Moment), "2027-01-31T12:00:00+01:00", false),
        (nameof(Fields.IpAddress), "203.0.113.7", true),
        (nameof(Fields.IpAddress), "2001:db8::ffff:192.0.2.1", true),
        (nameof(Fields.IpAddress), "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255", true),
        (nameof(Fields.IpAddress), "2001:db8:0000:0000:0000:0000:0000:0000:0000:00", false),
        (nameof(Fields.IpAddress), "localhost", false),
        (nameof(Fields.IpAddress), "10.0.0.1, 10.0.0.2", false),
        (nameof(Fields.AddressPart), Repeat(Beyond, 128), true),
        (nameof(Fields.AddressPart), Repeat(Beyond, 129), false),
        (nameof(Fields.AddressPart), "a\nb", false),
        (nameof(Fields.PostalCode), "80161", true),
        (nameof(Fields.PostalCode), "80161-2001", true),
        (nameof(Fields.PostalCode), "8016", false),
        (nameof(Fields.PostalCode), "80161-", false),
        (nameof(Fields.ClientId), Repeat(Beyond, 256), true),
        (nameof(Fields.ClientId), Repeat(Beyond, 257), false),
        (nameof(Fields.ClientId), "número 7 \"x\"", true),
        (nameof(Fields.ClientId), "a\u007fb", false),
        (nameof(Fields.ChallengeId), Repeat(Beyond, 256), true),
        (nameof(Fields.ChallengeId), Repeat(Beyond, 257), false),
        (nameof(Fields.ChallengeId), "a\u007fb", false),
        (nameof(Fields.UserAgent), Repeat(Beyond, 512), true),
        (nameof(Fields.UserAgent), Repeat(Beyond, 513), false),
        (nameof(Fields.UserAgent), "a\0b", false),
        (nameof(Fields.AttributeType), Repeat(Beyond, 64), true),
        (nameof(Fields.AttributeType), Repeat(Beyond, 65), false),
        (nameof(Fields.AttributeType), "a\tb", false),
        (nameof(Fields.AttributeValue), Repeat(Beyond, 256), true),
        (nameof(Fields.AttributeValue), Repeat(Beyond, 257), false),
        (nameof(Fields.Uuid), "019ab3f0-5c1e-7d2a-9b64-3f8e2c71d05a", true),
        (nameof(Fields.Uuid), "019AB3F0-5C1E-7D2A-9B64-3F8E2C71D05A", true),
        (nameof(Fields.Uuid), "019ab3f05c1e7d2a9b643f8e2c71d05a", false),
        (nameof(Fields.Uuid), "{019ab3f0-5c1e-7d2a-9b64-3f8e2c71d05a}", false),
        (nameof(Fields.CorrelationId), "019ab3f0-5c1e-7d2a-9b64-3f8e2c71d05a", true),
        (nameof(Fields.CorrelationId), "019AB3F0-5C1E-7D2A-9B64-3F8E2C71D05A", false),
        (nameof(Fields.CorrelationId), "X", false),
        (nameof(Fields.TargetUrl), "https://shop.example/".PadRight(128, 'a'), true),
        (nameof(Fields.TargetUrl), "https://shop.example/".PadRight(129, 'a'), false),
        (nameof(Fields.TargetUrl), "https://shop.example/a b", false),
        (nameof(Fields.TargetUrl), "https://user@shop.example/", false),
        (nameof(Fields.IdempotencyKey), Repeat("k", 255), true),
        (nameof(Fields.IdempotencyKey), Repeat("k", 256), false),
        (nameof(Fields.IdempotencyKey), "a b", false),
    ];

    public static TheoryData<string, string, bool> Texts => [.. _texts];

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_shape_takes_what_it_says_it_takes(string shape, string text, bool isTaken)
    {
        var (description, problem) = Use(shape, text);

        Assert.Equal(isTaken, _schema.Problems(description, text).Count == 0);
        Assert.Equal(isTaken, problem is null);
    }

    [Fact]
    public void Every_shape_of_the_contract_is_tried_from_both_sides()
    {
        // What a wording must hold depends on the flow it is for; the types of verifications are words, which several shapes have.
        var shapes = typeof(Fields).GetProperties().Select(property => property.Name)
            .Where(name => name is not (nameof(Fields.SmsMessage) or nameof(Fields.VerificationTypes)));

        Assert.All(shapes, name =>
            Assert.Equal([false, true], _texts.Where(row => row.Shape == name).Select(row => row.IsTaken).Distinct().Order()));
    }

    [Theory]
    [InlineData("1", 1, null)]
    [InlineData("100", 100, null)]
    [InlineData("0", 0, "must be a whole number from 1 to 100")]
    [InlineData("101", 0, "must be a whole number from 1 to 100")]
    [InlineData("1.5", 0, "must be a whole number from 1 to 100")]
    public void A_number_is_read_alike_in_a_body_and_in_a_query(string number, int value, string? problem)
    {
        var shape = Shape.Number(1, 100);

        Assert.Equal((value, problem), shape.Read(JsonElement.Parse(number)));
        Assert.Equal((value, problem), shape.Parse(number));
        Assert.Equal(
            problem is null, _schema.Problems(JsonNode.Parse(shape.Describe("").ToJsonString())!, JsonNode.Parse(number)).Count == 0);
    }

    [Fact]
    public void Words_are_told_in_a_row()
    {
        Assert.Equal("must be mobile", Shape.OneOf(["mobile"]));
        Assert.Equal("must be desktop or mobile", Shape.OneOf(["desktop", "mobile"]));
        Assert.Equal("must be desktop, mobile or none", Shape.OneOf(["desktop", "mobile", "none"]));
    }

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    private static (JsonObject Description, string? Problem) Use(string name, string text) =>
        typeof(Fields).GetProperty(name)!.GetValue(null) switch
    {
        Shape<string> shape => (shape.Describe(""), shape.Parse(text).Problem),
        Shape<Guid> shape => (shape.Describe(""), shape.Parse(text).Problem),
        Shape<Core.CorrelationId> shape => (shape.Describe(""), shape.Parse(text).Problem),
        Shape<Core.FlowType> shape => (shape.Describe(""), shape.Parse(text).Problem),
        Shape<DateTimeOffset> shape => (shape.Describe(""), shape.Parse(text).Problem),
        _ => throw new InvalidOperationException($"A shape that this test does not know: {name}."),
    };
}
