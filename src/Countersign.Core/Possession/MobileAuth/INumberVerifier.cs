using Countersign.Core.Flows;

namespace Countersign.Core.Possession.MobileAuth;

/// <summary>Asks the mobile network which number a browser's connection has.</summary>
public interface INumberVerifier
{
    /// <summary>Prepares the check.</summary>
    /// <param name="proof">What the browser must bring back for the answer to count: it ties the network's answer to this browser.</param>
    Task<NumberCheck> BeginAsync(Flow flow, Secret proof, CancellationToken cancellationToken);

    /// <summary>Asks, after the browser has brought back its proof.</summary>
    Task<NumberAnswer> CompleteAsync(Flow flow, CancellationToken cancellationToken);
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

    public sealed record NotAvailable : NumberCheck;
}

public enum NumberAnswer
{
    SameNumber,

    /// <summary>The network says that the connection belongs to another number.</summary>
    OtherNumber,

    NotAvailable,
}
