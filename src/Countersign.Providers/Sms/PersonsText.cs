using Countersign.Core;
using Countersign.Core.Texts;

namespace Countersign.Providers.Sms;

/// <summary>What a person wrote, out of the fields in which a provider says it.</summary>
internal static class PersonsText
{
    private const string NoNumber =
        "its sender is no number that can exist; have the provider write numbers with a plus and the country code";

    /// <param name="signed">See <see cref="CallbackReading.Inbound"/>.</param>
    public static CallbackReading Read(string? from, string? to, string? text, SignedContent? signed) =>
        text is null ? new CallbackReading.Unreadable()
        : ProviderNumber.ReadingsOf(from) is [var number, ..] readings
            ? new CallbackReading.Inbound(number, to, new Secret(text), signed, readings.Count > 1 ? readings[1] : null)
        : new CallbackReading.Unreadable(NoNumber);
}
