namespace Countersign.Core.Texts;

/// <summary>Sends texts. Adapters translate every failure of their provider; none throws for what the world may do.</summary>
public interface ISmsGateway
{
    Task<SmsResult> SendAsync(OutgoingText text, CancellationToken cancellationToken);
}

/// <summary>A closed set of answers.</summary>
public abstract record SmsResult
{
    private SmsResult() { }

    /// <summary>The gateway has taken the text. Whether it arrives, a receipt will say.</summary>
    public sealed record Accepted(TextState? Receipt = null) : SmsResult;

    /// <summary>No gateway takes it.</summary>
    public sealed record Refused(string Reason) : SmsResult;
}
