using Countersign.Core;
using Countersign.Core.Texts;

namespace Countersign.Server.Hosting;

/// <summary>Writes to the log what those who operate this should know of texts and gateways.</summary>
internal sealed class TextLog(ILogger<TextLog> logger) : ITextJournal
{
    public void TakenUp(Guid text, TextState state) => Log.TextTakenUp(logger, text, state);

    public void Contradicted(Guid text, GatewayName gateway, AttemptState stands) => Log.TextContradicted(logger, text, gateway, stands);

    public void MustAct(GatewayName gateway, SmsRefusal why) => Log.GatewayNeedsAttention(logger, gateway, why);
}
