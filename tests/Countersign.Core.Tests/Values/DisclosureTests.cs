using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Countersign.Core.Tests.Values;

public sealed class DisclosureTests
{
    // RFC 9901, section 4.2.3: of the disclosure as it is written, whoever wrote its JSON.
    [Fact]
    public void A_digest_is_made_as_the_standard_makes_it() => Assert.Equal(
        "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0",
        Disclosure.DigestOf("WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0"));

    [Theory]
    [InlineData("phoneNumber", "+12025550142")]
    [InlineData("lastName", "Ünal-O'Brien \"王\"")]
    [InlineData("clientRequestId", "order 4711")]
    public void A_disclosure_is_its_salt_its_name_and_its_value(string name, string value)
    {
        var disclosure = Disclosure.Of(Disclosure.NewSeed(), name, value);

        var parts = JsonSerializer.Deserialize<string[]>(Base64Url.DecodeFromChars(disclosure.Text.Reveal()))!;
        Assert.Equal((3, 22, name, value), (parts.Length, parts[0].Length, parts[1], parts[2]));
        Assert.Equal(
            Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(disclosure.Text.Reveal()))), disclosure.Digest);
    }

    [Fact]
    public void It_is_the_same_each_time_and_another_for_each_name_and_each_flow()
    {
        var (one, other) = (Disclosure.NewSeed(), Disclosure.NewSeed());

        Assert.Equal(Disclosure.Of(one, "a", "x").Digest, Disclosure.Of(one, "a", "x").Digest);
        Assert.Equal(
            4, new[] { (one, "a"), (one, "b"), (other, "a"), (other, "b") }
                .Select(made => Salt(Disclosure.Of(made.Item1, made.Item2, "x"))).Distinct().Count());
    }

    private static string Salt(Disclosure disclosure) =>
        JsonSerializer.Deserialize<string[]>(Base64Url.DecodeFromChars(disclosure.Text.Reveal()))![0];
}
