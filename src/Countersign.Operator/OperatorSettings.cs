using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Countersign.Operator.Camara;
using Countersign.Operator.State;

namespace Countersign.Operator;

/// <summary>What is configured below <c>Operator:</c>, read and checked once at the start.</summary>
internal sealed record OperatorSettings
{
    /// <summary>The issuer and the origin of every address in the discovery document; null: the first address listened on.</summary>
    public string? Issuer { get; init; }

    /// <summary>Whether <c>POST /sim/clients</c> registers clients; null: when every address listened on is loopback.</summary>
    public bool? OpenRegistration { get; init; }

    /// <summary>
    /// What a gateway sends in <c>X-Gateway-Secret</c> so that its <c>X-MSISDN</c> is believed. Random unless configured.
    /// </summary>
    public string GatewaySecret { get; init; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    public IReadOnlyList<Client> Clients { get; init; } = [];
    public IReadOnlyList<Subscriber> Subscribers { get; init; } = [];
    public IReadOnlyDictionary<IPAddress, Msisdn> Network { get; init; } = ImmutableDictionary<IPAddress, Msisdn>.Empty;

    /// <summary>Radio proxies to open at the start: address of the handset to port; 0 chooses one.</summary>
    public IReadOnlyDictionary<IPAddress, int> Radio { get; init; } = ImmutableDictionary<IPAddress, int>.Empty;

    public override string ToString() => $"OperatorSettings {Issuer}";

    /// <exception cref="ConfigurationException">A setting cannot work.</exception>
    public static OperatorSettings Read(IConfiguration configuration)
    {
        var section = configuration.GetSection("Operator");
        string[] known =
        [
            nameof(Issuer), nameof(OpenRegistration), nameof(GatewaySecret), nameof(Clients), nameof(Subscribers), nameof(Network),
            nameof(Radio), "RadioProxies",
        ];
        foreach (var child in section.GetChildren())
        {
            if (!known.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            {
                throw new ConfigurationException($"{child.Path} is no setting of the operator. There are: {string.Join(", ", known)}.");
            }
        }

        var network = ReadNetwork(section.GetSection(nameof(Network)));
        var settings = new OperatorSettings
        {
            Issuer = ReadIssuer(section),
            OpenRegistration = ReadFlag(section, nameof(OpenRegistration)),
            Clients = [.. section.GetSection(nameof(Clients)).GetChildren().Select(ReadClient)],
            Subscribers = ReadSubscribers(section.GetSection(nameof(Subscribers)), network),
            Network = network,
            Radio = ReadRadio(section.GetSection(nameof(Radio)), ReadFlag(section, "RadioProxies") ?? false, network),
        };
        return section[nameof(GatewaySecret)] switch
        {
            null or "" => settings,
            { Length: < 16 } => throw new ConfigurationException("Operator:GatewaySecret must have at least 16 characters."),
            var secret => settings with { GatewaySecret = secret },
        };
    }

    private static string? ReadIssuer(IConfiguration section)
    {
        if (section[nameof(Issuer)] is not { Length: > 0 } text)
        {
            return null;
        }
        return Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            && uri.AbsolutePath == "/" && uri.Query.Length == 0 && !text.EndsWith('/')
            ? text
            : throw new ConfigurationException(
                "Operator:Issuer must be an origin without a path or a slash at its end, e.g. http://127.0.0.1:8090.");
    }

    private static bool? ReadFlag(IConfiguration section, string name) => section[name] switch
    {
        null or "" => null,
        var text when bool.TryParse(text, out var flag) => flag,
        _ => throw new ConfigurationException($"Operator:{name} must be true or false."),
    };

    private static Client ReadClient(IConfigurationSection section)
    {
        var pem = section["PublicKeyFile"] is { Length: > 0 } file ? ReadFile(section.Path, file) : null;
        var redirectUris = section.GetSection("RedirectUris").GetChildren().Select(child => child.Value ?? "").ToArray();
        var (client, problem) = ClientRegistration.Make(section["Id"], redirectUris, section["Jwk"], pem, section["JwksUri"]);
        return client ?? throw new ConfigurationException(
            $"{section.Path}: {problem}. A client has Id, RedirectUris:0 and one of Jwk (JSON), PublicKeyFile (PEM) and JwksUri.");
    }

    private static string ReadFile(string setting, string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{setting}:PublicKeyFile: {problem.Message}", problem);
        }
    }

    private static ImmutableDictionary<IPAddress, Msisdn> ReadNetwork(IConfigurationSection section)
    {
        var network = DefaultSubscribers.Network.ToBuilder();
        foreach (var child in section.GetChildren())
        {
            var address = ReadAddress(child);
            if (string.IsNullOrEmpty(child.Value))
            {
                network.Remove(address);
                continue;
            }
            network[address] = Msisdn.TryParse(child.Value, out var number)
                ? number
                : throw new ConfigurationException(
                    $"{child.Path} must be a number in international form such as +12025550142, or empty for no SIM.");
        }
        return network.ToImmutable();
    }

    private static ImmutableArray<Subscriber> ReadSubscribers(IConfigurationSection section, ImmutableDictionary<IPAddress, Msisdn> network)
    {
        var subscribers = DefaultSubscribers.All.ToDictionary(s => s.Number);
        foreach (var child in section.GetChildren())
        {
            if (!Msisdn.TryParse(child.Key, out var number))
            {
                throw new ConfigurationException($"{section.Path}: each key is a number in international form such as +12025550142.");
            }
            subscribers[number] = ReadSubscriber(number, child);
        }
        foreach (var number in network.Values)
        {
            subscribers.TryAdd(number, Subscriber.Unnamed(number));
        }
        return [.. subscribers.Values];
    }

    private static Subscriber ReadSubscriber(Msisdn number, IConfigurationSection section)
    {
        var subscriber = Subscriber.Unnamed(number);
        foreach (var child in section.GetChildren())
        {
            var (changed, problem) = SubscriberMembers.Apply(subscriber, child.Key, child.Value);
            subscriber = changed ?? throw new ConfigurationException($"{section.Path}:{child.Key}: {problem}.");
        }
        return subscriber;
    }

    private static ImmutableDictionary<IPAddress, int> ReadRadio(
        IConfigurationSection section, bool forAll, ImmutableDictionary<IPAddress, Msisdn> network)
    {
        var radio = ImmutableDictionary.CreateBuilder<IPAddress, int>();
        foreach (var address in forAll ? network.Keys.Where(IPAddress.IsLoopback) : [])
        {
            radio[address] = 0;
        }
        foreach (var child in section.GetChildren())
        {
            var address = ReadAddress(child);
            if (!IPAddress.IsLoopback(address))
            {
                throw new ConfigurationException($"{child.Path}: a radio proxy sends from an address of 127.0.0.0/8.");
            }
            radio[address] = ushort.TryParse(child.Value, CultureInfo.InvariantCulture, out var port)
                ? port
                : throw new ConfigurationException($"{child.Path} must be a port; 0 chooses a free one.");
        }
        return radio.ToImmutable();
    }

    private static IPAddress ReadAddress(IConfigurationSection section) =>
        IPAddress.TryParse(section.Key, out var address)
            ? address
            : throw new ConfigurationException($"{section.Path}: the key must be an IP address such as 127.0.0.42.");
}
