namespace Countersign.Client.Http;

/// <summary>Holds the one access token of a client and fetches the next before it ends. All callers share one fetch.</summary>
internal sealed class AccessTokens(Func<Task<AccessToken>> fetchAsync, TimeProvider time)
{
    private readonly Gate _gate = new();
    private AccessToken? _current;
    private Task<AccessToken>? _fetch;

    public Task<AccessToken> GetAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        Task<AccessToken> fetch;
        lock (_gate)
        {
            if (_current is { } token && now < token.RenewAt)
            {
                return Task.FromResult(token);
            }

            // No caller's token goes in: whoever gives up must not take the others' answer away. The fetch has a time-out of its own.
            fetch = _fetch ??= Task.Run(FetchAsync, CancellationToken.None);
        }

        return fetch.WaitAsync(cancellationToken);
    }

    /// <summary>Forgets a token that the server refused. Does nothing when another caller has already replaced it.</summary>
    public void Discard(AccessToken refused)
    {
        lock (_gate)
        {
            if (ReferenceEquals(_current, refused))
            {
                _current = null;
            }
        }
    }

    private async Task<AccessToken> FetchAsync()
    {
        AccessToken? fetched = null;
        try
        {
            fetched = await fetchAsync().ConfigureAwait(false);
            return fetched;
        }
        finally
        {
            // In one step: between the two a caller would start a second fetch.
            lock (_gate)
            {
                _current = fetched;
                _fetch = null;
            }
        }
    }
}
