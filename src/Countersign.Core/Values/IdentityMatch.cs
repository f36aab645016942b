using System.Text.Json.Serialization;

namespace Countersign.Core;

/// <summary>Does this name belong to this number? (CAMARA KYC Match: true, false, not_available.)</summary>
[JsonConverter(typeof(JsonStringEnumConverter<IdentityMatch>))]
public enum IdentityMatch
{
    Matched,
    Differs,
    NotAvailable,
}
