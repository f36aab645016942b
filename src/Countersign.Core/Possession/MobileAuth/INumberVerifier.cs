using Countersign.Core.Flows;

namespace Countersign.Core.Possession.MobileAuth;

/// <summary>Asks the mobile network which number a browser's connection has.</summary>
/// <remarks>
/// Neither call throws for what the world may do. Whatever goes wrong is <c>NotAvailable</c> with its reason, and OTP follows: only the
/// network's own "this is another number" is a negative answer.
/// </remarks>
public interface INumberVerifier : IMobileNetworks
{
    /// <summary>Prepares the check.</summary>
    /// <param name="proof">What the browser must bring back for the answer to count: it ties the network's answer to this browser.</param>
    Task<NumberCheck> BeginAsync(Flow flow, Secret proof, BrowserConnection browser, CancellationToken cancellationToken);

    /// <summary>Reads what the browser brought back; null when it is nothing that this verifier has given out.</summary>
    /// <returns>The proof in it, to be compared with the one that the check began with.</returns>
    Secret? ReadProof(Flow flow, Secret returned);

    /// <summary>
    /// Where the check came from that a script made without anybody seeing it. Null where that does not matter: somebody saw the page go
    /// there, or no operator's answer was read by a script.
    /// </summary>
    BrowserPath? PathOf(Flow flow, Secret returned) => null;

    /// <summary>Asks, after the browser has brought back its proof.</summary>
    /// <param name="returned">What the browser brought back, whole.</param>
    Task<NumberAnswer> CompleteAsync(Flow flow, Secret returned, CancellationToken cancellationToken);
}

/// <summary>What is known of the browser that is to be checked. Prints nothing: an address is personal.</summary>
/// <param name="Address">Where its calls come from, as far as this server can tell; null when it cannot.</param>
/// <param name="Transport">How the browser will open the address it is given.</param>
/// <param name="ReturnUrl">Where it is to come back to, when it goes as a page: checked, on a web origin of the project. Null
/// otherwise.</param>
public sealed record BrowserConnection(System.Net.IPAddress? Address, MobileAuthTransport Transport, string? ReturnUrl = null)
{
    public override string ToString() => Transport.ToString();
}

public enum MobileAuthTransport
{
    /// <summary>Its script fetches the address; every hop must permit that (CORS).</summary>
    Fetch,

    /// <summary>It shows the address as an image, which brings nothing back.</summary>
    Pixel,

    /// <summary>The page itself goes there and comes back.</summary>
    Redirect,
}

/// <summary>A closed set of answers.</summary>
public abstract record NumberCheck
{
    private NumberCheck() { }

    /// <summary>The browser is to open this address.</summary>
    public sealed record Open(string RedirectUrl) : NumberCheck
    {
        // The address may carry the proof.
        public override string ToString() => nameof(Open);
    }

    public sealed record NotAvailable(string Reason) : NumberCheck;
}

/// <summary>A closed set of answers.</summary>
public abstract record NumberAnswer
{
    private NumberAnswer() { }

    public sealed record SameNumber : NumberAnswer;

    /// <summary>The network says that the connection belongs to another number.</summary>
    public sealed record OtherNumber : NumberAnswer;

    /// <param name="Reason">A code of <see cref="FlowReason"/>, or a few plain words for the flow's timeline: nothing personal, nothing the
    /// operator or the browser wrote.</param>
    public sealed record NotAvailable(string Reason) : NumberAnswer;
}
