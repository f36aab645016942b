using System.Threading.Channels;
using Countersign.Core;
using Countersign.Core.Keys;
using Countersign.Core.Texts;

namespace Countersign.Server.Tests.Whole.Kannel;

/// <summary>The store's own, and a word to who waits for a change.</summary>
internal sealed class WatchedSuppressions(ISuppressionList inner) : ISuppressionList
{
    private readonly Channel<bool> _changes = Channel.CreateUnbounded<bool>();

    public async Task ChangeAsync() => await _changes.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public Task<bool> IsSuppressedAsync(PhoneNumber to, string? sender, CancellationToken cancellationToken) =>
        inner.IsSuppressedAsync(to, sender, cancellationToken);

    public async Task SuppressAsync(PhoneNumber number, string? sender, DateTimeOffset at, CancellationToken cancellationToken)
    {
        await inner.SuppressAsync(number, sender, at, cancellationToken);
        _changes.Writer.TryWrite(true);
    }

    public Task KeepAsync(PhoneNumber number, Func<LineKey?, Task<LineKey?>> change, CancellationToken cancellationToken) =>
        inner.KeepAsync(number, change, cancellationToken);

    public Task<IReadOnlyList<Suppression>> ListAsync(PhoneNumber? number, int limit, CancellationToken cancellationToken) =>
        inner.ListAsync(number, limit, cancellationToken);

    public async Task LiftAsync(PhoneNumber number, string? sender, CancellationToken cancellationToken)
    {
        await inner.LiftAsync(number, sender, cancellationToken);
        _changes.Writer.TryWrite(true);
    }
}
