using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Countersign.Server.Tests.Whole.Camara;

public sealed class OperatorKeysTests
{
    [Theory]
    [InlineData("EC", "ES256")]
    [InlineData("RSA", "RS256")]
    public async Task What_is_published_of_a_key_is_its_public_half(string kind, string algorithm)
    {
        using AsymmetricAlgorithm key = kind == "EC" ? ECDsa.Create(ECCurve.NamedCurves.nistP256) : RSA.Create(2048);
        await using var stage = await OperatorStage.SetAsync(
            new Dictionary<string, string?> { ["PrivateKey"] = key.ExportPkcs8PrivateKeyPem(), ["KeyId"] = "key-7" });

        var published =
            JsonNode.Parse(
                await stage.Server.Client.GetStringAsync(
                    "/operators/sim/jwks.json", TestContext.Current.CancellationToken))!["keys"]![0]!.AsObject();

        Assert.Equal((kind, algorithm, "key-7"), ((string?)published["kty"], (string?)published["alg"], (string?)published["kid"]));
        Assert.DoesNotContain("d", published.Select(member => member.Key));
        Assert.DoesNotContain("p", published.Select(member => member.Key));
    }
}
