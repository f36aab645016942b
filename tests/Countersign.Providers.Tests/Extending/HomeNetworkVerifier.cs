using System.Security.Cryptography;
using System.Text;
using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Possession.MobileAuth;

namespace Countersign.Providers.Tests.Extending;

/// <summary>
/// A network of one's own: a service inside it knows which number each connection has, and tells a browser that asks from there.
/// </summary>
/// <param name="service">Answers <c>{"vfp": "&lt;number&gt;.&lt;the proof it was given&gt;.&lt;signature&gt;"}</c>, with CORS.</param>
/// <param name="key">Shared with the service, which signs with it.</param>
internal sealed class HomeNetworkVerifier(Uri service, byte[] key) : INumberVerifier
{
    public bool MayVerify(PhoneNumber number) => true;

    public Task<NumberCheck> BeginAsync(Flow flow, Secret proof, BrowserConnection browser, CancellationToken cancellationToken) =>
        Task.FromResult<NumberCheck>(browser.Transport == MobileAuthTransport.Fetch
            ? new NumberCheck.Open($"{service}?proof={proof.Reveal()}")
            : new NumberCheck.NotAvailable("the home network is asked by a script alone"));

    // What the browser brought back is the browser's word until the signature is checked; the proof ties it to the one that began.
    public Secret? ReadProof(Flow flow, Secret returned) => Read(returned)?.Proof;

    public Task<NumberAnswer> CompleteAsync(Flow flow, Secret returned, CancellationToken cancellationToken) =>
        Task.FromResult<NumberAnswer>(
            Read(returned) is not { } read ? new NumberAnswer.NotAvailable("the home network's answer cannot be read")
            : read.Number == flow.Number ? new NumberAnswer.SameNumber()
            : new NumberAnswer.OtherNumber());

    private (PhoneNumber Number, Secret Proof)? Read(Secret returned) =>
        returned.Reveal().Split('.') is [var number, var proof, var signature]
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Sign(key, number, proof)), Encoding.UTF8.GetBytes(signature))
        && PhoneNumber.TryParse(number, out var parsed)
            ? (parsed, new Secret(proof))
            : null;

    /// <summary>The service's half.</summary>
    internal static string Sign(byte[] key, string number, string proof) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{number}.{proof}")));
}
