using Countersign.Core.Texts;

namespace Countersign.Server.Hosting;

/// <summary>Writes to the log which words persons write.</summary>
internal sealed class InboundLog(ILogger<InboundLog> logger) : IInboundJournal
{
    public void Wrote(string gateway, InboundWord word) => Log.PersonWrote(logger, gateway, word);

    public void WroteElsewhere(string gateway, InboundWord word) => Log.PersonWroteElsewhere(logger, gateway, word);

    public void WroteBefore(string gateway, InboundWord word) => Log.PersonWroteBefore(logger, gateway, word);

    public void HelpNotAnswered(string gateway) => Log.HelpNotAnswered(logger, gateway);

    public void HelpNotSent(string gateway) => Log.HelpNotSent(logger, gateway);
}
