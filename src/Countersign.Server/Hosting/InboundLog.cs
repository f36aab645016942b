using Countersign.Core;
using Countersign.Core.Texts;

namespace Countersign.Server.Hosting;

/// <summary>Writes to the log which words persons write.</summary>
internal sealed class InboundLog(ILogger<InboundLog> logger) : IInboundJournal
{
    public void Wrote(GatewayName gateway, InboundWord word) => Log.PersonWrote(logger, gateway, word);

    public void WroteElsewhere(GatewayName gateway, InboundWord word) => Log.PersonWroteElsewhere(logger, gateway, word);

    public void WroteBefore(GatewayName gateway, InboundWord word) => Log.PersonWroteBefore(logger, gateway, word);

    public void HelpNotAnswered(GatewayName gateway) => Log.HelpNotAnswered(logger, gateway);

    public void HelpNotSent(GatewayName gateway) => Log.HelpNotSent(logger, gateway);
}
