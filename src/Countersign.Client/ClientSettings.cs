namespace Countersign.Client;

/// <summary>The options of one client after the environment was read: complete, checked and fixed.</summary>
internal sealed class ClientSettings
{
    private static readonly TimeSpan _maxRequestTimeout = TimeSpan.FromMinutes(10);
    private const int MaxTriesAllowed = 10;

    private ClientSettings(CountersignClientOptions options, Uri baseUrl, string clientId, string clientSecret)
    {
        BaseUrl = baseUrl;
        ClientId = clientId;
        ClientSecret = clientSecret;
        RequestTimeout = options.RequestTimeout;
        MaxTries = options.MaxTries;
        Time = options.TimeProvider;
    }

    public Uri BaseUrl { get; }

    public string ClientId { get; }

    public string ClientSecret { get; }

    public TimeSpan RequestTimeout { get; }

    public int MaxTries { get; }

    public TimeProvider Time { get; }

    public static ClientSettings Read(CountersignClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var problems = new List<string>();
        return TryRead(options, problems) ?? throw new ArgumentException(string.Join(" ", problems), nameof(options));
    }

    public static ClientSettings? TryRead(CountersignClientOptions options, List<string> problems)
    {
        var baseUrl = ServerAddress.Find(options, problems);
        var clientId = Credential(
            options, options.ClientId, nameof(options.ClientId), "COUNTERSIGN_CLIENT_ID", "PROVE_CLIENT_ID", problems);
        var clientSecret = Credential(
            options, options.ClientSecret, nameof(options.ClientSecret), "COUNTERSIGN_CLIENT_SECRET", "PROVE_CLIENT_SECRET", problems);

        if (options.RequestTimeout <= TimeSpan.Zero || options.RequestTimeout > _maxRequestTimeout)
        {
            problems.Add($"{nameof(options.RequestTimeout)} must be more than zero and at most {_maxRequestTimeout}.");
        }

        if (options.MaxTries is < 1 or > MaxTriesAllowed)
        {
            problems.Add($"{nameof(options.MaxTries)} must be 1 to {MaxTriesAllowed}.");
        }

        return problems.Count == 0 ? new ClientSettings(options, baseUrl!, clientId!, clientSecret!) : null;
    }

    private static string? Credential(
        CountersignClientOptions options, string? given, string name, string variable, string compatibleVariable, List<string> problems)
    {
        var value = FirstSet(given, options.ReadVariable(variable), options.ReadVariable(compatibleVariable));
        if (value is null)
        {
            problems.Add($"{name} is missing: set {nameof(CountersignClientOptions)}.{name} or the environment variable {variable}.");
        }

        return value;
    }

    private static string? FirstSet(params string?[] values) => Array.Find(values, value => !string.IsNullOrWhiteSpace(value));
}
