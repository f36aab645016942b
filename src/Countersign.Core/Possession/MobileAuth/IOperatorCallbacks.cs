using System.Net;
using Countersign.Core.Flows;

namespace Countersign.Core.Possession.MobileAuth;

/// <summary>
/// Takes what an operator gives a browser to bring back. Nothing is decided or redeemed here: whoever opens an address proves nothing by
/// it.
/// </summary>
public interface IOperatorCallbacks
{
    /// <summary>
    /// Wraps what came back for the browser to hand in with its auth token; null when it answers no check that this server began.
    /// </summary>
    /// <param name="operatorName">From the address that was called.</param>
    ReturnedProof? Receive(string operatorName, OperatorRedirect redirect);

    /// <summary>
    /// The public keys, as a JSON Web Key Set, by which an operator knows this server; null when there is no such operator.
    /// </summary>
    string? PublicKeys(string operatorName);
}

/// <summary>The query of an operator's redirect, as it came. Prints nothing: the code is a secret.</summary>
/// <param name="Issuer">Who says that it answers (RFC 9207).</param>
/// <param name="From">The browser's address; null when it is not known.</param>
public sealed record OperatorRedirect(string? State, string? Code, string? Error, string? Issuer, IPAddress? From = null)
{
    public override string ToString() => nameof(OperatorRedirect);
}

/// <summary>What the browser is to hand in, and how it gets it.</summary>
/// <param name="Proof">Sealed: the page that carries it can neither read nor change it.</param>
/// <param name="ReturnUrl">Where the page goes with it; null where its script reads it.</param>
public sealed record ReturnedProof(CorrelationId Flow, Secret Proof, string? ReturnUrl)
{
    public override string ToString() => Flow.ToString();
}
