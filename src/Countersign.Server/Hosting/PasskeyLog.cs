using Countersign.Core;
using Countersign.Core.Possession.DeviceKey;

namespace Countersign.Server.Hosting;

/// <summary>Writes to the log why passkeys are refused.</summary>
internal sealed class PasskeyLog(ILogger<PasskeyLog> logger) : IPasskeyJournal
{
    public void Refused(CorrelationId flow, PasskeyRefusal why) => Log.PasskeyRefused(logger, flow, why);
}
