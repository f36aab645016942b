namespace Countersign.Client.Http;

/// <summary>The relying party's OAuth token. A class without a printed form: it is a credential.</summary>
internal sealed class AccessToken(string value, DateTimeOffset renewAt)
{
    public string Value { get; } = value;

    public DateTimeOffset RenewAt { get; } = renewAt;
}
