using System.Globalization;
using System.Text.Json;

namespace Countersign.Providers.Http;

/// <summary>What a provider answered, whole. Prints its status alone.</summary>
/// <param name="body">Empty when there is none, or too much of it.</param>
/// <param name="retryAfter">As its header says; null when it says nothing.</param>
internal sealed class ProviderAnswer(int status, byte[] body, TimeSpan? retryAfter = null)
{
    private readonly Lazy<JsonElement?> _json = new(() => ProviderJson.Parse(body), LazyThreadSafetyMode.None);

    public int Status => status;

    public byte[] Body => body;

    public TimeSpan? RetryAfter => retryAfter;

    /// <summary>There was more of it than a provider of this kind has to say; none of it was kept.</summary>
    public bool IsTooLong { get; init; }

    public bool IsSuccess => status is >= 200 and < 300;

    /// <summary>Null when it is no JSON object.</summary>
    public JsonElement? Json => _json.Value;

    public override string ToString() => status.ToString(CultureInfo.InvariantCulture);
}
