namespace Countersign.Client.Testing;

/// <summary>
/// The links of a <see cref="FakeCountersignClient"/>. Changes succeed and are kept in its calls; what is read is what you set.
/// </summary>
public sealed class FakeDomains : IDomainOperations
{
    private readonly FakeJournal _journal;

    internal FakeDomains(FakeJournal journal) => _journal = journal;

    /// <summary>How other projects know yours.</summary>
    /// <value>A project of the id <c>fake-pcid</c> by default.</value>
    public DomainIdResponse Id { get; set; } = new() { Pcid = "fake-pcid", Name = "Fake", IssuerId = "fake-issuer" };

    /// <summary>The links of your project.</summary>
    /// <value>None by default.</value>
    public LinkedDomainsResponse Linked { get; set; } = new();

    /// <inheritdoc/>
    public Task<ChangeResponse> LinkAsync(LinkDomainRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return AnswerAsync(nameof(LinkAsync), request, Done, cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>In the fake's calls its request is the id; with scopes a <see cref="LinkDomainRequest"/> of both.</remarks>
    public Task<ChangeResponse> ConfirmLinkAsync(
        string pcid, IReadOnlyList<string>? scopes = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(pcid);
        object request = scopes is { Count: > 0 } ? new LinkDomainRequest { Pcid = pcid, Scopes = scopes } : pcid;
        return AnswerAsync(nameof(ConfirmLinkAsync), request, Done, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ChangeResponse> UnlinkAsync(UnlinkDomainRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return AnswerAsync(nameof(UnlinkAsync), request, Done, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<DomainIdResponse> GetIdAsync(CancellationToken cancellationToken = default) =>
        AnswerAsync(nameof(GetIdAsync), request: null, () => Id, cancellationToken);

    /// <inheritdoc/>
    public Task<LinkedDomainsResponse> GetLinkedAsync(CancellationToken cancellationToken = default) =>
        AnswerAsync(nameof(GetLinkedAsync), request: null, () => Linked, cancellationToken);

    void IDomainOperations.OnlyTheSdkImplementsThis()
    {
    }

    private static ChangeResponse Done() => new() { Succeeded = true };

    private Task<T> AnswerAsync<T>(string method, object? request, Func<T> answer, CancellationToken cancellationToken) =>
        FakeAnswer.From(
            () =>
            {
                _journal.Receive(new FakeCall { Method = $"Domains.{method}", Request = request });
                return answer();
            },
            cancellationToken);
}
