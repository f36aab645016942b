namespace Countersign.Client;

/// <summary>How other projects know yours.</summary>
public sealed record DomainIdResponse
{
    /// <summary>Your project's id: what another project gives to be linked with it.</summary>
    public required string Pcid { get; init; }

    /// <summary>Your project's name; null when the server does not say.</summary>
    public string? Name { get; init; }

    /// <summary>Your project as an issuer of attributes; null when the server does not say.</summary>
    public string? IssuerId { get; init; }

    /// <summary>Both ids.</summary>
    public override string ToString() => $"{nameof(DomainIdResponse)} {{ Pcid = {Pcid}, IssuerId = {IssuerId} }}";
}
