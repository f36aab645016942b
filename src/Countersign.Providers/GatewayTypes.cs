using Countersign.Core;
using Countersign.Providers.Sms;
using Countersign.Providers.Sms.Kannel;
using Countersign.Providers.Sms.Outbox;
using Countersign.Providers.Sms.Twilio;
using Countersign.Providers.Sms.Vonage;
using Countersign.Providers.Sms.Webhook;

namespace Countersign.Providers;

/// <summary>Reads <c>Countersign:Gateways</c>: whatever cannot work is named, all at once, with what to change.</summary>
public static class GatewayTypes
{
    /// <summary>Below <c>Countersign</c>.</summary>
    public const string Section = "Gateways";

    public static IReadOnlyList<string> Known => [.. All.Select(type => type.Name)];

    /// <summary>A gateway type is added here, and in a folder of its own.</summary>
    private static IReadOnlyList<GatewayType> All { get; } =
        [KannelGateway.Type, TwilioGateway.Type, VonageGateway.Type, WebhookGateway.Type, OutboxGateway.Type];

    /// <summary>The configured gateways, in the order of their names.</summary>
    /// <param name="gateways">The section <c>Countersign:Gateways</c>.</param>
    public static IReadOnlyList<GatewayOptions> Read(IConfigurationSection gateways)
    {
        if (gateways.Value is not null)
        {
            throw new ConfigurationException($"{gateways.Path} is not one value: each gateway has a section, {gateways.Path}:<name>:Type and so on.");
        }

        var all = new List<GatewayOptions>();
        var faults = new List<string>();
        foreach (var section in gateways.GetChildren())
        {
            if (Read(section, faults) is { } options)
            {
                all.Add(options);
            }
        }
        return faults.Count == 0 ? all : throw new ConfigurationException(string.Join(Environment.NewLine, faults));
    }

    /// <summary>Registers each as an <see cref="Core.Texts.ISmsGateway"/> of its own.</summary>
    internal static IServiceCollection AddSmsGateways(this IServiceCollection services, IEnumerable<GatewayOptions> gateways)
    {
        foreach (var options in gateways)
        {
            All.Single(type => type.Name == options.Type).Register(services, options);
        }
        return services;
    }

    private static GatewayOptions? Read(IConfigurationSection section, List<string> faults)
    {
        if (!GatewayName.TryParse(section.Key, out var name))
        {
            faults.Add(
                $"{section.Path}: a gateway's name is 1 to {GatewayName.MaxCharacters} characters of a-z 0-9 -, "
                    + "since it stands in the addresses of receipts.");
            return null;
        }

        var type = section["Type"];
        GatewayOptions? options;
        try
        {
            options = All.FirstOrDefault(known => known.Name == type)?.Bind(section);
        }
        catch (InvalidOperationException exception)
        {
            // The binder names the path and the type it wants; the value it repeats is a number or a word that is none.
            faults.Add(exception.Message);
            return null;
        }
        if (options is null)
        {
            faults.Add($"{section.Path}:Type {(type is null ? "is required" : "is not known")}: write one of {string.Join(", ", Known)}.");
            return null;
        }

        options.Name = name;
        var problems = new OptionFaults(section.Path);
        CheckNames(section, options, problems);
        CheckCallbackUrl(options, problems);
        options.Check(problems);
        faults.AddRange(problems.All);
        return options;
    }

    private static void CheckNames(IConfigurationSection section, GatewayOptions options, OptionFaults problems)
    {
        foreach (var child in section.GetChildren())
        {
            var name = options.Names.FirstOrDefault(name => name.Equals(child.Key, StringComparison.OrdinalIgnoreCase));
            if (name is null)
            {
                problems.Add(child.Key, $"is no option of a gateway of type {options.Type}; it has {string.Join(", ", options.Names.Order(StringComparer.Ordinal))}.");
            }
            else if (child.Value is null)
            {
                problems.Add(child.Key, "must be one value, not a section.");
            }
        }
    }

    private static void CheckCallbackUrl(GatewayOptions options, OptionFaults problems)
    {
        if (options.CallbackUrl is { } url
            && (!Uri.TryCreate(url, UriKind.Absolute, out var parsed) || parsed.Scheme is not ("http" or "https")
                || !string.Equals(parsed.GetLeftPart(UriPartial.Authority), url, StringComparison.Ordinal) || parsed.UserInfo.Length > 0))
        {
            problems.Add("CallbackUrl", "must be a bare origin, without a path or a slash at the end: https://id.example.com.");
        }
    }
}
