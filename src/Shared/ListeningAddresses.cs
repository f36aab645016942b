using System.Globalization;
using System.Net;
using System.Net.Sockets;
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
        if (configuration.GetSection("urls").GetChildren().Any())
        {
            yield return $"{setting} is one text: join several addresses with semicolons.";
        }
        if (configuration["urls"] is { Length: > 0 } urls && ProblemOf(urls, program, setting, port) is { } problem)
        {
            yield return problem;
        }
        foreach (var endpoint in configuration.GetSection("Kestrel:Endpoints").GetChildren())
        {
            if (endpoint["Url"] is not { } url || !IsPossible(url) || IsLocalhostWithAnyPort(url))
            {
                yield return $"{endpoint.Path}:Url must be one address to listen on, without a path: " + ShapeOf(program, port);
            }
        }
    }

    /// <summary>What is wrong with addresses that are joined by semicolons; null for nothing.</summary>
    public static string? ProblemOf(string urls, string program, string setting, int port)
    {
        var all = Split(urls);
        return all.Length == 0 || !Array.TrueForAll(all, IsPossible)
                ? $"{setting} must hold addresses to listen on, without a path, joined by semicolons: " + ShapeOf(program, port)
            : Array.Exists(all, IsLocalhostWithAnyPort)
                ? $"{setting} has localhost with port 0, which would be two ports, one for IPv4 and one for IPv6: http://127.0.0.1:0."
            : null;
    }

    /// <summary>Addresses that are joined by semicolons.</summary>
    public static string[] Split(string urls) =>
        urls.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The addresses that the configuration has: those of its endpoints where it has some, otherwise its URLs.</summary>
    public static string[] Of(IConfiguration configuration) =>
        configuration.GetSection("Kestrel:Endpoints").GetChildren().ToArray() is { Length: > 0 } endpoints
            ? [.. endpoints.Select(endpoint => endpoint["Url"] ?? "")]
            : Split(configuration["urls"] ?? "");

    /// <summary>
    /// True when the system would give them to one socket only: the same port of the same host, or of one that contains it. Any port
    /// (0) is never the same.
    /// </summary>
    public static bool AreOne(string one, string other) =>
        (Url().Match(one), Url().Match(other)) is ({ Success: true } first, { Success: true } second)
        && (first.Groups["socket"].Success || second.Groups["socket"].Success
            ? first.Groups["socket"].Value == second.Groups["socket"].Value
            : PortOf(first) is not 0 and var port && port == PortOf(second) && Overlap(HostOf(first), HostOf(second)));

    /// <summary>True when the first address, by which a program calls itself that is told no other, is the file of a Unix socket.</summary>
    public static bool BeginWithSocket(IConfiguration configuration) =>
        Of(configuration).FirstOrDefault()?.Contains("://unix:/", StringComparison.OrdinalIgnoreCase) == true;

    private static string ShapeOf(string program, int port) =>
        $"http or https, then an IP address, localhost or * (every interface), and a port from 0 to 65535 (http://127.0.0.1:{port}). "
            + $"A host name is not possible: the {program} would listen on every interface.";

    private static int PortOf(Match url) =>
        url.Groups["port"] is { Success: true } port ? int.Parse(port.Value, CultureInfo.InvariantCulture)
            : url.Value.StartsWith("https", StringComparison.OrdinalIgnoreCase) ? 443 : 80;

    // Null for localhost, which is both addresses of loopback. [::] takes IPv4, too.
    private static IPAddress? HostOf(Match url) =>
        url.Groups["ip"] is { Success: true } ip ? IPAddress.Parse(ip.Value) : url.Groups["name"].Success ? null : IPAddress.IPv6Any;

    private static bool Overlap(IPAddress? one, IPAddress? other) =>
        Equals(one, other) || Contains(one, other) || Contains(other, one);

    private static bool Contains(IPAddress? one, IPAddress? other) =>
        IPAddress.IPv6Any.Equals(one)
        || (IPAddress.Any.Equals(one) && other is not { AddressFamily: AddressFamily.InterNetworkV6 })
        || (one is null && other is not null && (IPAddress.Loopback.Equals(other) || IPAddress.IPv6Loopback.Equals(other)));

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
        @"\Ahttps?://((?<socket>unix:/.+)|(\*|\+|(?<name>localhost)|(?<ip>[0-9]{1,3}(\.[0-9]{1,3}){3}|"
            + @"\[[0-9a-f:.]+(%[0-9a-z]+)?\]))(:(?<port>[0-9]{1,5}))?/?)\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Url();
}
