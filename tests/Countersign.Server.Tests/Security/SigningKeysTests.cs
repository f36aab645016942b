using System.Security.Cryptography;
using Countersign.Core.Keys;
using Countersign.Core.Receipts;
using Countersign.Core;
using Countersign.Server.Security;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.Tokens;

namespace Countersign.Server.Tests.Security;

/// <summary>How often the store is read for keys.</summary>
public sealed class SigningKeysTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly Store _store = new();
    private readonly Receipts _receipts = new();
    private readonly KeyOptions _options = new();
    private readonly SigningKeys _keys;

    public SigningKeysTests()
    {
        // The first day of a period, so that no next key is due.
        var periods = _time.GetUtcNow().UtcTicks / _options.TokenKeyLifetime.Ticks;
        _time.SetUtcNow(new DateTimeOffset((periods + 1) * _options.TokenKeyLifetime.Ticks, TimeSpan.Zero));
        _keys = new(_store, _receipts, _options, _time);
    }

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Unknown_keys_that_come_together_make_one_reading_of_the_store()
    {
        await _keys.LoadAsync(Test);
        var before = _store.Readings;
        _time.Advance(TimeSpan.FromSeconds(5));

        var hold = _store.Hold();
        var asking = Enumerable.Range(0, 30).Select(_ => _keys.RefreshAsync(Test)).ToArray();
        hold.SetResult();
        await Task.WhenAll(asking);

        Assert.Equal(before + 1, _store.Readings);
    }

    [Fact]
    public async Task Five_seconds_later_the_store_is_read_again()
    {
        await _keys.LoadAsync(Test);
        var before = _store.Readings;

        for (var second = 0; second < 15; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAll(_keys.RefreshAsync(Test), _keys.RefreshAsync(Test));
        }

        Assert.Equal(before + 3, _store.Readings);
    }

    [Fact]
    public async Task Tokens_that_are_signed_together_in_a_new_period_make_one_key()
    {
        await _keys.LoadAsync(Test);
        var before = _store.Readings;
        _time.Advance(TimeSpan.FromDays(90));

        var hold = _store.Hold();
        var signing = Enumerable.Range(0, 30).Select(_ => _keys.CurrentAsync(Test).AsTask()).ToArray();
        hold.SetResult();
        var signed = await Task.WhenAll(signing);

        // Once before the key is made and once after.
        Assert.Equal((before + 2, 2, 1), (_store.Readings, _store.Made, signed.Select(one => one.Key.KeyId).Distinct().Count()));
    }

    [Fact]
    public async Task The_next_key_is_published_before_it_signs_and_the_former_until_its_tokens_are_over()
    {
        using var other = new SigningKeys(_store, _receipts, _options, _time);
        var first = (await _keys.CurrentAsync(Test)).Key.KeyId;
        Assert.Equal([first], await PublishedAsync(other));

        _time.Advance(TimeSpan.FromDays(83));
        var next = Assert.Single(await PublishedAsync(_keys), id => id != first);
        Assert.Equal((first, first), ((await _keys.CurrentAsync(Test)).Key.KeyId, (await other.CurrentAsync(Test)).Key.KeyId));
        Assert.Equal(2, (await PublishedAsync(other)).Count);

        _time.Advance(TimeSpan.FromDays(7));
        Assert.Equal((next, next), ((await other.CurrentAsync(Test)).Key.KeyId, (await _keys.CurrentAsync(Test)).Key.KeyId));
        Assert.Contains(first, await PublishedAsync(other));
        Assert.Equal(2, _store.Made);

        _time.Advance(TimeSpan.FromDays(83));
        Assert.DoesNotContain(first, await PublishedAsync(_keys));
        Assert.Contains(next, await PublishedAsync(_keys));
    }

    [Fact]
    public async Task Another_lifetime_begins_another_key_and_ends_no_token()
    {
        var former = (await _keys.CurrentAsync(Test)).Key.KeyId;
        using var restarted = new SigningKeys(
            _store, _receipts, new KeyOptions { TokenKeyLifetime = TimeSpan.FromDays(10), TokenKeyNotice = TimeSpan.FromDays(1) }, _time);

        var present = (await restarted.CurrentAsync(Test)).Key.KeyId;

        Assert.NotEqual(former, present);
        Assert.Contains(former, await PublishedAsync(restarted));
    }

    [Fact]
    public async Task A_key_that_has_signed_a_receipt_stays_published_for_years_and_signs_no_token_any_more()
    {
        var (credentials, kept) = await _keys.CurrentForReceiptAsync(Test);
        _receipts.Keys.Add(kept);

        _time.Advance(TimeSpan.FromDays(200));
        var present = (await _keys.CurrentAsync(Test)).Key.KeyId;

        Assert.DoesNotContain(kept.Id, _keys.All.Select(key => key.KeyId));
        Assert.Equal([present, kept.Id], _keys.Published.Select(key => key.KeyId));
        Assert.DoesNotContain(kept.Id, _store.Ids);
        byte[] data = [1, 2, 3];
        var signed = ((ECDsaSecurityKey)credentials.Key).ECDsa.SignData(data, HashAlgorithmName.SHA256);
        Assert.True(_keys.Published[1].ECDsa.VerifyData(data, signed, HashAlgorithmName.SHA256));
        Assert.ThrowsAny<CryptographicException>(() => _keys.Published[1].ECDsa.SignData(data, HashAlgorithmName.SHA256));
        // From the end of its 90 days.
        Assert.Equal(TimeSpan.FromDays(90 - 200) + SigningKeys.CheckableFor, kept.PublishedUntil - _time.GetUtcNow());
    }

    [Fact]
    public async Task While_it_signs_a_key_of_receipts_is_published_once()
    {
        _receipts.Keys.Add((await _keys.CurrentForReceiptAsync(Test)).Kept);

        await _keys.LoadAsync(Test);

        Assert.Single(_keys.Published);
    }

    public void Dispose() => _keys.Dispose();

    private static async Task<IReadOnlyList<string>> PublishedAsync(SigningKeys keys)
    {
        await keys.PublishAsync(Test);
        return [.. keys.All.Select(key => key.KeyId)];
    }

    private sealed class Receipts : IReceiptStore
    {
        public List<ReceiptKey> Keys { get; } = [];

        public Task<IReadOnlyList<ReceiptKey>> ListKeysAsync(CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<ReceiptKey>>([.. Keys]);

        public Task<string> GetOrAddAsync(KeptReceipt receipt, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task KeepKeyAsync(ReceiptKey key, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<string?> FindAsync(CorrelationId flow, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<int> RemoveAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<int> RemoveKeysAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }

    private sealed class Store : ISigningKeyStore
    {
        public IEnumerable<string> Ids => _all.Select(key => key.Id);

        private readonly List<SigningKey> _all = [];
        private Task _hold = Task.CompletedTask;

        public int Readings { get; private set; }

        public int Made { get; private set; }

        /// <summary>Readings wait until this ends.</summary>
        public TaskCompletionSource Hold()
        {
            var hold = new TaskCompletionSource();
            _hold = hold.Task;
            return hold;
        }

        public Task<SigningKey> GetOrAddAsync(string keyId, byte[] privateKey, DateTimeOffset now, CancellationToken cancellationToken)
        {
            Made++;
            _all.Insert(0, new SigningKey(keyId, privateKey, now));
            return Task.FromResult(_all[0]);
        }

        public async Task<IReadOnlyList<SigningKey>> ListAsync(CancellationToken cancellationToken)
        {
            Readings++;
            await _hold;
            return [.. _all];
        }

        public Task RemoveAsync(string keyId, CancellationToken cancellationToken) =>
            Task.FromResult(_all.RemoveAll(key => key.Id == keyId));
    }
}
