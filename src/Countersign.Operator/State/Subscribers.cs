using System.Collections.Concurrent;

namespace Countersign.Operator.State;

/// <summary>The operator's register.</summary>
internal sealed class Subscribers(OperatorSettings settings)
{
    private readonly ConcurrentDictionary<Msisdn, Subscriber> _all = new(settings.Subscribers.ToDictionary(s => s.Number));

    public IEnumerable<Subscriber> All => _all.Values.OrderBy(s => s.Number.Value, StringComparer.Ordinal);

    /// <summary>Null when the operator has no such subscriber.</summary>
    public Subscriber? Find(Msisdn number) => _all.GetValueOrDefault(number);

    public void Put(Subscriber subscriber) => _all[subscriber.Number] = subscriber;

    /// <summary>A number that is put on the network exists.</summary>
    public void Ensure(Msisdn number) => _all.TryAdd(number, Subscriber.Unnamed(number));

    public void Remove(Msisdn number) => _all.TryRemove(number, out _);

    public void Reset()
    {
        _all.Clear();
        foreach (var subscriber in settings.Subscribers)
        {
            _all[subscriber.Number] = subscriber;
        }
    }
}
