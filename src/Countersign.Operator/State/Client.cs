using Microsoft.IdentityModel.Tokens;

namespace Countersign.Operator.State;

/// <summary>A relying party that may ask this operator.</summary>
/// <param name="Id">Its OAuth client id.</param>
/// <param name="RedirectUris">Compared character by character.</param>
/// <param name="Key">How its signatures are checked.</param>
internal sealed record Client(string Id, IReadOnlyList<string> RedirectUris, ClientKey Key)
{
    public override string ToString() => $"Client {Id}";
}

/// <summary>A client's public key, held or published by the client itself.</summary>
internal abstract record ClientKey
{
    public sealed record Held(SecurityKey Key, string Form) : ClientKey;

    public sealed record Published(Uri JwksUri) : ClientKey;
}
