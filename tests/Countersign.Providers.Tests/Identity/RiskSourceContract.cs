using Countersign.Core;
using Countersign.Core.IdentityMatching;

namespace Countersign.Providers.Tests.Identity;

/// <summary>What every risk source promises.</summary>
public abstract class RiskSourceContract : IAsyncLifetime
{
    protected static CancellationToken Test => TestContext.Current.CancellationToken;

    /// <summary>A number whose SIM changed an hour ago.</summary>
    protected abstract PhoneNumber Swapped { get; }

    protected abstract PhoneNumber Unknown { get; }

    private protected abstract IPhoneRiskSource Source { get; }

    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    protected virtual Task BreakAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_changed_SIM_is_reported() => Assert.True((await Source.AssessAsync(new RiskQuestion(Swapped), Test)).WasSimSwapped);

    [Fact]
    public async Task Of_a_number_that_nobody_knows_everything_is_unknown() =>
        Assert.Equal(PhoneRisk.Unknown, await Source.AssessAsync(new RiskQuestion(Unknown), Test));

    [Fact]
    public async Task A_source_that_cannot_be_asked_knows_nothing_and_throws_nothing()
    {
        await BreakAsync();

        var risk = await Source.AssessAsync(new RiskQuestion(Unknown), Test);

        Assert.Equal(PhoneRisk.Unknown, risk);
    }
}
