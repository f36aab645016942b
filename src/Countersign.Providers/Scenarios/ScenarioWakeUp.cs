using Countersign.Core;
using Countersign.Core.Flows;

namespace Countersign.Providers.Scenarios;

/// <summary>Lets a call rest that waits for what another is at, as long as nobody has signalled it.</summary>
internal sealed class ScenarioWakeUp(IWakeUp inner, ScenarioCalls calls) : IWakeUp
{
    public IWakeUpSubscription Subscribe(CorrelationId id) => new Subscription(inner.Subscribe(id), calls);

    public Task SignalAsync(CorrelationId id, bool everywhere, CancellationToken cancellationToken)
    {
        calls.Rouse();
        return inner.SignalAsync(id, everywhere, cancellationToken);
    }

    public void SignalAllHere()
    {
        calls.Rouse();
        inner.SignalAllHere();
    }

    private sealed class Subscription(IWakeUpSubscription inner, ScenarioCalls calls) : IWakeUpSubscription
    {
        public Task WaitAsync(CancellationToken cancellationToken) => calls.RestWhileAsync(inner.WaitAsync(cancellationToken));

        public Task WaitAsync(long seen, CancellationToken cancellationToken) =>
            calls.RestWhileAsync(inner.WaitAsync(seen, cancellationToken));

        public void LookFailed(Exception exception) => inner.LookFailed(exception);

        public void Dispose() => inner.Dispose();
    }
}
