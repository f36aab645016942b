using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace Countersign.Hosting;

/// <summary>
/// The addresses to listen on, checked before the web server sees them: it takes whatever it cannot read for the name of a host, and
/// listens for a host that has a name on every interface. One letter too many would open the program to the network. The server and the
/// simulated operator, which know no project in common, compile this one file.
/// </summary>
internal static partial class ListeningAddresses
{
    /// <summary>What is wrong, each in a sentence that names the setting and does not repeat its value.</summary>
    /// <param name="configuration">What the program was given.</param>
    /// <param name="program">What the program is called: "server".</param>
    /// <param name="setting">How its users give the addresses: "--urls".</param>
    /// <param name="port">The port of the examples.</param>
    public static IEnumerable<string> Problems(IConfiguration configuration, string program, string setting, int port)
    {
        var shape = "http or https, then an IP address, localhost or * (every interface), and a port from 0 to 65535 "
            + $"(http://127.0.0.1:{port}). "
            + $"A host name is not possible: the {program} would listen on every interface.";
        if (configuration.GetSection("urls").GetChildren().Any())
        {
            yield return $"{setting} is one text: join several addresses with semicolons.";
        }
        if (configuration["urls"] is { Length: > 0 } urls)
        {
            var all = urls.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            if (all.Length == 0 || !Array.TrueForAll(all, IsPossible))
            {
                yield return $"{setting} must hold addresses to listen on, without a path, joined by semicolons: " + shape;
            }
            else if (Array.Exists(all, IsLocalhostWithAnyPort))
            {
                yield return $"{setting} has localhost with port 0, which would be two ports, one for IPv4 and one for IPv6: "
                    + "http://127.0.0.1:0.";
            }
        }
        foreach (var endpoint in configuration.GetSection("Kestrel:Endpoints").GetChildren())
        {
            if (endpoint["Url"] is not { } url || !IsPossible(url) || IsLocalhostWithAnyPort(url))
            {
                yield return $"{endpoint.Path}:Url must be one address to listen on, without a path: " + shape;
            }
        }
    }

    /// <summary>True when the first address, by which a program calls itself that is told no other, is the file of a Unix socket.</summary>
    public static bool BeginWithSocket(IConfiguration configuration)
    {
        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren().ToArray();
        var first = endpoints.Length > 0
            ? endpoints[0]["Url"]
            : configuration["urls"]?.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return first?.Contains("://unix:/", StringComparison.OrdinalIgnoreCase) == true;
    }

    private static bool IsPossible(string url) =>
        Url().Match(url) is { Success: true } match
        && (match.Groups["ip"] is not { Success: true } ip || IPAddress.TryParse(ip.Value, out _))
        && (match.Groups["port"] is not { Success: true } port
            || ushort.TryParse(port.Value, NumberStyles.None, CultureInfo.InvariantCulture, out _));

    private static bool IsLocalhostWithAnyPort(string url) =>
        Url().Match(url) is { Success: true } match && match.Groups["name"].Success && match.Groups["port"].Value is { Length: > 0 } port
            && port.Trim('0').Length == 0;

    // The file of a Unix socket is the one path there may be.
    [GeneratedRegex(
        @"\Ahttps?://(unix:/.+|(\*|\+|(?<name>localhost)|(?<ip>[0-9]{1,3}(\.[0-9]{1,3}){3}|"
            + @"\[[0-9a-f:.]+(%[0-9a-z]+)?\]))(:(?<port>[0-9]{1,5}))?/?)\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Url();
}
