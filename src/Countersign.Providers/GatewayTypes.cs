using Countersign.Core;
using Countersign.Providers.Sms;
using Countersign.Providers.Sms.Kannel;
using Countersign.Providers.Sms.Outbox;
using Countersign.Providers.Sms.Twilio;
using Countersign.Providers.Sms.Vonage;
using Countersign.Providers.Sms.Webhook;
using Microsoft.Extensions.Options;

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
    /// <param name="result">Takes what is wrong; which options there are is known when the type has been read.</param>
    public static IReadOnlyList<GatewayOptions> Read(IConfigurationSection gateways, ValidateOptionsResultBuilder result)
    {
        if (gateways.Value is not null)
        {
            result.AddError($"{gateways.Path} is not one value: each gateway has a section, {gateways.Path}:<name>:Type and so on.");
        }
        return [.. gateways.GetChildren().Select(section => ReadOne(section, result)).OfType<GatewayOptions>()];
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

    private static GatewayOptions? ReadOne(IConfigurationSection section, ValidateOptionsResultBuilder result)
    {
        if (!GatewayName.TryParse(section.Key, out var name))
        {
            result.AddError(
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
            result.AddError(exception.Message);
            return null;
        }
        if (options is null)
        {
            result.AddError(
                $"{section.Path}:Type {(type is null ? "is required" : "is not known")}: write one of {string.Join(", ", Known)}.");
            return null;
        }

        options.Name = name;
        result.AddResult(new GatewayOptionsValidator(section).Validate(section.Path, options));
        return options;
    }
}
