using System.Net;
using Countersign.Core;
using Countersign.Core.Events;
using Microsoft.Extensions.Options;

namespace Countersign.Server.Hosting;

/// <param name="mode">Null where it is not known.</param>
internal sealed class EventOptionsValidator(Mode? mode) : IValidateOptions<EventOptions>
{
    // Where clouds hand out a machine's credentials: AWS, Google, Azure and most others; AWS by IPv6; AWS for containers; Alibaba.
    private static readonly IPNetwork[] _metadata =
    [
        .. new[] { "169.254.169.254/32", "fd00:ec2::254/128", "169.254.170.0/24", "100.100.100.200/32" }.Select(IPNetwork.Parse),
    ];

    public ValidateOptionsResult Validate(string? name, EventOptions options)
    {
        var problems = new List<string>();
        if (RetentionRule.ProblemOf(options.Retention, "Events:Retention") is { } problem)
        {
            problems.Add(problem);
        }
        if (mode == Mode.Live && options.Receivers is { } receivers and not ReceiverAddresses.Public)
        {
            problems.Add(
                $"Countersign:Events:Receivers must not be {receivers} in Live: a webhook there could reach what only this machine may "
                    + "reach. Leave it out.");
        }
        problems.AddRange(options.Networks.Select(ProblemOf).OfType<string>().Distinct(StringComparer.Ordinal));
        return problems.Count > 0 ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
    }

    private static string? ProblemOf(string text) => TrustedProxiesOptions.ReadNetwork(text) switch
    {
        null => "Countersign:Events:Networks must be addresses or networks (10.20.0.0/16, fd00:1::/64).",
        { PrefixLength: 0 } => "Countersign:Events:Networks must not be everybody: name the networks that receivers of yours are in.",
        { } network when _metadata.Any(range => network.Contains(range.BaseAddress) || range.Contains(network.BaseAddress)) =>
            "Countersign:Events:Networks must not hold 169.254.169.254, 169.254.170.0/24, 100.100.100.200 or fd00:ec2::254, where clouds "
                + "give a machine its credentials: name narrower networks.",
        // Loopback too: whoever names it means it.
        _ => null,
    };
}
