using System.Globalization;
using Countersign.Core.Texts;

namespace Countersign.Core.Tests.Fakes;

/// <summary>The only gateway, and all that leads to it and back.</summary>
internal sealed class OneGateway : ITextGateways, ITextRoutes, ISuppressions, IReceiptTokens, ITextJournal
{
    public static readonly GatewayName Alpha = GatewayName.Parse("alpha");

    /// <summary>The texts it was given. It takes every one.</summary>
    public List<OutgoingText> Taken { get; } = [];

    /// <summary>The person has said STOP, so that no text can be sent.</summary>
    public bool IsStopped { get; set; }

    /// <summary>What happens once while it is found out whether the person has said STOP.</summary>
    public Func<Task>? Meanwhile { get; set; }

    public IReadOnlyList<GatewayName> Names => [Alpha];

    public GatewayHealth HealthOf(GatewayName name) => GatewayHealth.Well;

    public bool ReportsHandover(GatewayName name) => false;

    public string? SenderOf(GatewayName name) => null;

    public Task<SmsResult> SubmitAsync(GatewayName name, SmsSubmission submission, bool evenAtRest)
    {
        Taken.Add(submission.Text);
        return Task.FromResult<SmsResult>(new SmsResult.Accepted());
    }

    public void Record(GatewayName name, bool wasDelivered) { }

    public TextRoute? For(PhoneNumber to) => new([Alpha]);

    public async Task<bool> IsSuppressedAsync(PhoneNumber to, string? sender, CancellationToken cancellationToken)
    {
        if (Meanwhile is { } others)
        {
            Meanwhile = null;
            await others();
        }
        return IsStopped;
    }

    public Secret Issue(Guid text, int attempt, GatewayName gateway) => new($"{text} {attempt}");

    public (Guid Text, int Attempt)? Read(Secret token, GatewayName gateway) =>
        token.Reveal().Split(' ') is [var text, var attempt]
            ? (Guid.Parse(text), int.Parse(attempt, CultureInfo.InvariantCulture))
            : null;

    public void TakenUp(Guid text, TextState state) { }

    public void Contradicted(Guid text, GatewayName gateway, AttemptState stands) { }

    public void MustAct(GatewayName gateway, SmsRefusal why) { }
}
