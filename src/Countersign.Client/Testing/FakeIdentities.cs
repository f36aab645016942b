namespace Countersign.Client.Testing;

/// <summary>
/// The identities that were enrolled with a <see cref="FakeCountersignClient"/>, kept in memory. Numbers are compared as given.
/// </summary>
public sealed class FakeIdentities : IIdentityOperations
{
    private const int PageSize = 100;

    private readonly FakeJournal _journal;
    private readonly Gate _gate = new();
    private readonly List<Entry> _entries = [];

    internal FakeIdentities(FakeJournal journal) => _journal = journal;

    /// <summary>What a question for linked projects is answered with.</summary>
    /// <value>Nothing by default.</value>
    public CrossDomainResponse CrossDomain { get; set; } = new();

    /// <inheritdoc/>
    public Task<EnrolResponse> EnrolAsync(EnrolRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return FakeAnswer.From(
            () =>
            {
                Receive(nameof(EnrolAsync), request);
                return new EnrolResponse { Succeeded = true, ProveId = Enrol(request) };
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<EnrolBatchResponse> EnrolBatchAsync(EnrolBatchRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return FakeAnswer.From(
            () =>
            {
                Receive(nameof(EnrolBatchAsync), request);
                return new EnrolBatchResponse
                {
                    Results = [.. request.Items.Select(item => new EnrolBatchResult { ProveId = Enrol(item) })],
                };
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ListIdentitiesResponse> ListAsync(ListIdentitiesRequest? request = null, CancellationToken cancellationToken = default) =>
        FakeAnswer.From(
            () =>
            {
                Receive(nameof(ListAsync), request);
                return ReadPage(request ?? new ListIdentitiesRequest());
            },
            cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<IdentityReference> ListAllAsync(
        ListIdentitiesRequest? request = null, CancellationToken cancellationToken = default) =>
        IdentityPages.ReadAllAsync(ListAsync, request, cancellationToken);

    /// <inheritdoc/>
    public Task<EnrolledIdentity> GetAsync(string proveId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(proveId);
        return FakeAnswer.From(() => Find(nameof(GetAsync), proveId).Identity, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<LookUpResponse> LookUpAsync(string phoneNumber, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(phoneNumber);
        return FakeAnswer.From(LookUp, cancellationToken);

        LookUpResponse LookUp()
        {
            Receive(nameof(LookUpAsync), phoneNumber);
            lock (_gate)
            {
                var found = _entries.Where(entry => entry.Identity.PhoneNumber == phoneNumber).Select(entry => entry.Identity);
                return new LookUpResponse { Items = [.. found] };
            }
        }
    }

    /// <inheritdoc/>
    public Task<ChangeResponse> ActivateAsync(string proveId, CancellationToken cancellationToken = default) =>
        ChangeAsync(nameof(ActivateAsync), proveId, entry => entry.Identity = entry.Identity with { IsActive = true }, cancellationToken);

    /// <inheritdoc/>
    public Task<ChangeResponse> DeactivateAsync(string proveId, CancellationToken cancellationToken = default) =>
        ChangeAsync(
            nameof(DeactivateAsync), proveId, entry => entry.Identity = entry.Identity with { IsActive = false }, cancellationToken);

    /// <inheritdoc/>
    public Task<ChangeResponse> DisenrolAsync(string proveId, CancellationToken cancellationToken = default) =>
        ChangeAsync(nameof(DisenrolAsync), proveId, entry => _entries.Remove(entry), cancellationToken);

    /// <inheritdoc/>
    public Task<CrossDomainResponse> ListCrossDomainAsync(string identityId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(identityId);
        return FakeAnswer.From(
            () =>
            {
                Find(nameof(ListCrossDomainAsync), identityId);
                return CrossDomain;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<DiscoverResponse> DiscoverAsync(DiscoverRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return FakeAnswer.From(
            () => new DiscoverResponse
            {
                Results =
                [
                    .. Find(nameof(DiscoverAsync), request.ProveId, request).Attributes
                        .Select(attribute => new DiscoverResult { AttributeId = attribute.AttributeId, IssuerId = attribute.IssuerId }),
                ],
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<FetchResponse> FetchAsync(FetchRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return FakeAnswer.From(Fetch, cancellationToken);

        FetchResponse Fetch()
        {
            var identity = Find(nameof(FetchAsync), request.ProveId, request);
            var found = identity.Attributes.FindAll(attribute => attribute.AttributeId == request.AttributeId);
            return found.Count == 0 ? throw FakeJournal.NotFound() : new FetchResponse { Results = found };
        }
    }

    void IIdentityOperations.OnlyTheSdkImplementsThis()
    {
    }

    private void Receive(string method, object? request) =>
        _journal.Receive(new FakeCall { Method = $"Identities.{method}", Request = request });

    private Entry Find(string method, string proveId, object? request = null)
    {
        Receive(method, request ?? proveId);
        lock (_gate)
        {
            return _entries.Find(entry => entry.Identity.ProveId == proveId) ?? throw FakeJournal.NotFound();
        }
    }

    private Task<ChangeResponse> ChangeAsync(string method, string proveId, Action<Entry> change, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(proveId);
        return FakeAnswer.From(
            () =>
            {
                var entry = Find(method, proveId);
                lock (_gate)
                {
                    change(entry);
                }

                return new ChangeResponse { Succeeded = true };
            },
            cancellationToken);
    }

    private string Enrol(EnrolRequest request)
    {
        lock (_gate)
        {
            var entry = _entries.Find(entry => entry.Identity.PhoneNumber == request.PhoneNumber);
            var proveId = entry?.Identity.ProveId ?? _journal.TakeId();
            var identity = new EnrolledIdentity
            {
                ProveId = proveId,
                PhoneNumber = request.PhoneNumber,
                IsActive = true,
                ClientCustomerId = request.ClientCustomerId,
                ClientHumanId = request.ClientHumanId,
                DeviceId = request.DeviceId,
            };
            var attributes = request.IdentityAttributes
                .Select(attribute => new FetchResult
                {
                    AttributeId = _journal.TakeId(),
                    IssuerId = "fake-issuer",
                    AttributeValue = attribute.AttributeValue,
                })
                .ToList();

            if (entry is null)
            {
                _entries.Add(new Entry { Identity = identity, Attributes = attributes });
            }
            else
            {
                entry.Identity = identity;
                entry.Attributes = attributes;
            }

            return proveId;
        }
    }

    private ListIdentitiesResponse ReadPage(ListIdentitiesRequest request)
    {
        lock (_gate)
        {
            var all = _entries.FindAll(entry => entry.Identity.IsActive || request.ShowInactive == true);
            var start = request.StartKey is { } key ? all.FindIndex(entry => entry.Identity.ProveId == key) + 1 : 0;
            var page = all.Skip(start).Take(request.Limit ?? PageSize).ToList();
            return new ListIdentitiesResponse
            {
                Results = [.. page.Select(entry => new IdentityReference { ProveId = entry.Identity.ProveId })],
                LastKey = start + page.Count < all.Count ? page[page.Count - 1].Identity.ProveId : null,
            };
        }
    }

    private sealed class Entry
    {
        public required EnrolledIdentity Identity { get; set; }

        public required List<FetchResult> Attributes { get; set; }
    }
}
