using System.Collections.Concurrent;

namespace Countersign.Operator.State;

/// <summary>Who may ask this operator.</summary>
internal sealed class Clients(OperatorSettings settings)
{
    private readonly ConcurrentDictionary<string,
        Client> _all = new(settings.Clients.ToDictionary(c => c.Id, StringComparer.Ordinal), StringComparer.Ordinal);

    public IEnumerable<Client> All => _all.Values.OrderBy(c => c.Id, StringComparer.Ordinal);

    /// <summary>Null when there is no such client.</summary>
    public Client? Find(string? id) => id is null ? null : _all.GetValueOrDefault(id);

    /// <summary>Puts a client in, in place of one of the same id. True: there was none.</summary>
    public bool Put(Client client)
    {
        var isNew = !_all.ContainsKey(client.Id);
        _all[client.Id] = client;
        return isNew;
    }
}
