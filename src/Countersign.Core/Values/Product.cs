using System.Text.Json.Serialization;

namespace Countersign.Core;

/// <summary>The family of calls that something belongs to. Stored names are for ever.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Product>))]
public enum Product
{
    /// <summary>verify and verify-status.</summary>
    VerifiedUsers,

    /// <summary>start, validate, challenge and complete.</summary>
    PreFill,

    /// <summary>unify, unify-status and unify-bind.</summary>
    Unify,

    /// <summary>verify and its batch, answered in one call: there is no flow.</summary>
    OneCall,
}

/// <summary>The words that products have outside.</summary>
public static class Products
{
    public static string WordOf(Product product) => product switch
    {
        Product.PreFill => "pre-fill",
        Product.Unify => "unify",
        Product.OneCall => "one-call",
        _ => "verified-users",
    };
}
