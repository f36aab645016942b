using Countersign.Core;

namespace Countersign.Outcomes;

/// <summary>Every number is in its line's one form.</summary>
internal sealed class OneForm : INumberPlan
{
    public PhoneNumber? Read(string text) => PhoneNumber.Parse(text);

    public PhoneNumber FormOf(PhoneNumber number) => number;

    public IReadOnlyList<PhoneNumber> FormerFormsOf(PhoneNumber number) => [];

    public string? CountryOf(PhoneNumber number) => "US";
}
