namespace Countersign.Client;

/// <summary>Finds the server that a client shall ask. Explicit settings win over variables, and a URL over an environment's name.</summary>
internal static class ServerAddress
{
    private static readonly (string Name, string Url)[] _published =
    [
        ("uat-us", "https://platform.uat.proveapis.com"),
        ("prod-us", "https://platform.proveapis.com"),
        ("uat-eu", "https://platform.uat.eu.proveapis.com"),
        ("prod-eu", "https://platform.eu.proveapis.com"),
    ];

    public static Uri? Find(CountersignClientOptions options, List<string> problems)
    {
        if (options.BaseUrl is { } baseUrl)
        {
            return Checked(baseUrl, nameof(options.BaseUrl), problems);
        }

        if (!string.IsNullOrWhiteSpace(options.Environment))
        {
            return Named(options.Environment!, nameof(options.Environment), problems);
        }

        if (options.ReadVariable("COUNTERSIGN_URL") is { } url && !string.IsNullOrWhiteSpace(url))
        {
            Uri.TryCreate(url.Trim(), UriKind.Absolute, out var address);
            return Checked(address, "COUNTERSIGN_URL", problems);
        }

        foreach (var variable in new[] { "COUNTERSIGN_ENV", "PROVE_ENV" })
        {
            if (options.ReadVariable(variable) is { } name && !string.IsNullOrWhiteSpace(name))
            {
                return Named(name, variable, problems);
            }
        }

        problems.Add(
            $"No server is named: set {nameof(CountersignClientOptions)}.{nameof(options.BaseUrl)} or .{nameof(options.Environment)}, "
            + "or the environment variable COUNTERSIGN_URL or COUNTERSIGN_ENV.");
        return null;
    }

    private static Uri? Named(string name, string setting, List<string> problems)
    {
        foreach (var server in _published)
        {
            if (string.Equals(server.Name, name.Trim(), StringComparison.OrdinalIgnoreCase))
            {
                return new Uri(server.Url);
            }
        }

        problems.Add(
            $"{setting} must be one of {string.Join(", ", _published.Select(server => server.Name))}; "
            + "for any other server set a URL.");
        return null;
    }

    private static Uri? Checked(Uri? url, string setting, List<string> problems)
    {
        if (url is not { IsAbsoluteUri: true }
            || url.Scheme is not ("https" or "http")
            || url.UserInfo.Length > 0 || url.Query.Length > 0 || url.Fragment.Length > 0)
        {
            // The value is not repeated: it may hold a password in its user part.
            problems.Add(
                $"{setting} must be an absolute http or https URL without user name, query and fragment, "
                + "such as https://countersign.example.com.");
            return null;
        }

        return url;
    }
}
