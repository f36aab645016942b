namespace Countersign.Core.Tests.Fakes;

/// <summary>Knows the United States and Germany.</summary>
internal sealed class CountryByCode : INumberPlan
{
    public string? CountryOf(PhoneNumber number) =>
        number.E164.StartsWith("+1", StringComparison.Ordinal) ? "US"
        : number.E164.StartsWith("+49", StringComparison.Ordinal) ? "DE"
        : null;

    public PhoneNumber? Read(string text) => throw new NotSupportedException();

    public PhoneNumber FormOf(PhoneNumber number) => throw new NotSupportedException();

    public IReadOnlyList<PhoneNumber> FormerFormsOf(PhoneNumber number) => throw new NotSupportedException();
}
