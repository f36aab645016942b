using System.Text.Json.Serialization;

namespace Countersign.Client.Wire;

// Classes, not records: a record would print the person it holds.

internal sealed class LinkDomainRequestBody
{
    [JsonPropertyName("pcid")]
    public string? Pcid { get; init; }

    [JsonPropertyName("scopes")]
    public List<string>? Scopes { get; init; }

    public static LinkDomainRequestBody From(LinkDomainRequest request) =>
        new() { Pcid = request.Pcid, Scopes = WireLists.From(request.Scopes, scope => scope) };
}

internal sealed class ConfirmDomainLinkRequestBody
{
    [JsonPropertyName("pcid")]
    public required string Pcid { get; init; }

    [JsonPropertyName("scopes")]
    public List<string>? Scopes { get; init; }
}

internal sealed class UnlinkDomainRequestBody
{
    [JsonPropertyName("pcidFrom")]
    public string? PcidFrom { get; init; }

    [JsonPropertyName("pcidTo")]
    public string? PcidTo { get; init; }

    public static UnlinkDomainRequestBody From(UnlinkDomainRequest request) =>
        new() { PcidFrom = request.PcidFrom, PcidTo = request.PcidTo };
}

internal sealed class DomainIdResponseBody
{
    [JsonPropertyName("pcid")]
    public string? Pcid { get; init; }

    [JsonPropertyName("name")]
    public string? Name { get; init; }

    [JsonPropertyName("issuerId")]
    public string? IssuerId { get; init; }

    /// <summary>Null when the answer lacks what the contract requires.</summary>
    public DomainIdResponse? ToResponse() =>
        string.IsNullOrWhiteSpace(Pcid) ? null : new DomainIdResponse { Pcid = Pcid!, Name = Name, IssuerId = IssuerId };
}

internal sealed class LinkedDomainsResponseBody
{
    [JsonPropertyName("linkedTo")]
    public List<DomainBody>? LinkedTo { get; init; }

    [JsonPropertyName("linkedFrom")]
    public List<DomainBody>? LinkedFrom { get; init; }

    [JsonPropertyName("requestsTo")]
    public List<DomainBody>? RequestsTo { get; init; }

    [JsonPropertyName("requestsFrom")]
    public List<DomainBody>? RequestsFrom { get; init; }

    /// <summary>Null when the answer lacks what the contract requires.</summary>
    public LinkedDomainsResponse? ToResponse()
    {
        var all = new[] { LinkedTo, LinkedFrom, RequestsTo, RequestsFrom };
        return all.Any(list => list?.Exists(domain => string.IsNullOrEmpty(domain?.Pcid)) == true)
            ? null
            : new LinkedDomainsResponse
            {
                LinkedTo = WireLists.Read(LinkedTo, domain => domain.ToLinked()),
                LinkedFrom = WireLists.Read(LinkedFrom, domain => domain.ToLinked()),
                RequestsTo = WireLists.Read(RequestsTo, domain => domain.ToRequested()),
                RequestsFrom = WireLists.Read(RequestsFrom, domain => domain.ToRequested()),
            };
    }
}

internal sealed class DomainBody
{
    [JsonPropertyName("pcid")]
    public string? Pcid { get; init; }

    [JsonPropertyName("name")]
    public string? Name { get; init; }

    [JsonPropertyName("acceptedAt")]
    [JsonConverter(typeof(LenientInt64))]
    public long? AcceptedAt { get; init; }

    [JsonPropertyName("acceptedString")]
    public string? AcceptedString { get; init; }

    [JsonPropertyName("requestedAt")]
    [JsonConverter(typeof(LenientInt64))]
    public long? RequestedAt { get; init; }

    [JsonPropertyName("requestedString")]
    public string? RequestedString { get; init; }

    [JsonPropertyName("scopes")]
    public List<string>? Scopes { get; init; }

    public LinkedDomain ToLinked() => new()
    {
        Pcid = Pcid!,
        Name = Name,
        AcceptedAt = WireValues.Moment(AcceptedAt, AcceptedString),
        Scopes = WireLists.Read(Scopes, scope => scope),
    };

    public RequestedDomain ToRequested() => new()
    {
        Pcid = Pcid!,
        Name = Name,
        RequestedAt = WireValues.Moment(RequestedAt, RequestedString),
        Scopes = WireLists.Read(Scopes, scope => scope),
    };
}
