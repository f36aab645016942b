using Countersign.Core;
using Countersign.Server.Storage;

namespace Countersign.Server.Tests.Storage;

public abstract class SuppressionStoreContract(StoreFixture fixture) : StoreContract(fixture)
{
    private static readonly PhoneNumber _other = PhoneNumber.Parse("+12025550143");

    private SuppressionStore Suppressions => new(Fixture.Database, Fixture.Hasher);

    [Fact]
    public async Task Who_said_nothing_gets_texts()
    {
        Assert.False(await Suppressions.IsSuppressedAsync(Sample.Number, "MyBrand", Test));
        Assert.False(await Suppressions.IsSuppressedAsync(Sample.Number, null, Test));
    }

    [Fact]
    public async Task Stop_is_for_the_sender_that_was_written_to_in_any_spelling()
    {
        await Suppressions.SuppressAsync(Sample.Number, "12025550100", Sample.Now, Test);
        await Suppressions.SuppressAsync(Sample.Number, "MyBrand", Sample.Now, Test);

        Assert.True(await Suppressions.IsSuppressedAsync(Sample.Number, "+12025550100", Test));
        Assert.True(await Suppressions.IsSuppressedAsync(Sample.Number, "MYBRAND", Test));
        Assert.False(await Suppressions.IsSuppressedAsync(Sample.Number, "Other", Test));
        Assert.False(await Suppressions.IsSuppressedAsync(_other, "MyBrand", Test));
    }

    [Fact]
    public async Task A_text_from_a_gateway_s_own_sender_is_not_sent_to_who_stopped_any()
    {
        await Suppressions.SuppressAsync(Sample.Number, "12345", Sample.Now, Test);

        Assert.True(await Suppressions.IsSuppressedAsync(Sample.Number, null, Test));
        Assert.False(await Suppressions.IsSuppressedAsync(_other, null, Test));
    }

    [Fact]
    public async Task Stop_to_every_sender_is_for_every_sender()
    {
        await Suppressions.SuppressAsync(Sample.Number, null, Sample.Now, Test);

        Assert.True(await Suppressions.IsSuppressedAsync(Sample.Number, "MyBrand", Test));
        Assert.True(await Suppressions.IsSuppressedAsync(Sample.Number, null, Test));
    }

    [Fact]
    public async Task Start_takes_back_what_was_said_to_its_sender_and_to_all()
    {
        await Suppressions.SuppressAsync(Sample.Number, null, Sample.Now, Test);
        await Suppressions.SuppressAsync(Sample.Number, "MyBrand", Sample.Now, Test);
        await Suppressions.SuppressAsync(Sample.Number, "Other", Sample.Now, Test);

        await Suppressions.LiftAsync(Sample.Number, "mybrand", Test);

        Assert.False(await Suppressions.IsSuppressedAsync(Sample.Number, "MyBrand", Test));
        Assert.True(await Suppressions.IsSuppressedAsync(Sample.Number, "Other", Test));
        await Suppressions.LiftAsync(Sample.Number, null, Test);
        Assert.False(await Suppressions.IsSuppressedAsync(Sample.Number, "Other", Test));
    }

    [Fact]
    public async Task Said_a_hundred_times_at_once_it_is_kept_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(() => Suppressions.SuppressAsync(Sample.Number, "MyBrand", Sample.Now, Test), Test)));

        Assert.Equal(1, await Fixture.CountAsync("suppressions"));
    }

    [Fact]
    public async Task The_number_is_not_in_the_database()
    {
        await Suppressions.SuppressAsync(Sample.Number, "MyBrand", Sample.Now, Test);

        Assert.All(await Fixture.DumpAsync(), value => Assert.DoesNotContain("2025550142", value.ToString(), StringComparison.Ordinal));
    }
}

public sealed class SuppressionStoreOnSqlite(SqliteFixture fixture) : SuppressionStoreContract(fixture), IClassFixture<SqliteFixture>;

public sealed class SuppressionStoreOnPostgres(PostgresFixture fixture) : SuppressionStoreContract(fixture), IClassFixture<PostgresFixture>;
