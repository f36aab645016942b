namespace Countersign.Core.Texts;

/// <summary>The gateways by name, each behind a breaker, with a limit to what it may hold up.</summary>
public interface ITextGateways
{
    /// <summary>In the order of the configuration.</summary>
    IReadOnlyList<GatewayName> Names { get; }

    GatewayHealth HealthOf(GatewayName name);

    /// <summary>See <see cref="ISmsGateway.ReportsHandover"/>.</summary>
    bool ReportsHandover(GatewayName name);

    /// <summary>See <see cref="ISmsGateway.Sender"/>.</summary>
    string? SenderOf(GatewayName name);

    /// <summary>
    /// Hands a text over, once. It answers within <see cref="TextTimes.Answer"/>, whatever the gateway does, and does not throw.
    /// </summary>
    /// <param name="evenAtRest">
    /// Asks a gateway that is left alone too, since the text has no other gateway left; false refuses for it
    /// (<see cref="SmsRefusal.ProviderDown"/>).
    /// </param>
    Task<SmsResult> SubmitAsync(GatewayName name, SmsSubmission submission, bool evenAtRest);

    /// <summary>A text that this gateway had has come to its end.</summary>
    void Record(GatewayName name, bool wasDelivered);
}
