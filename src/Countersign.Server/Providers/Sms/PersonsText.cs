using Countersign.Core;
using Countersign.Core.Texts;

namespace Countersign.Server.Providers.Sms;

/// <summary>What a person wrote, out of the fields in which a provider says it.</summary>
internal static class PersonsText
{
    private const string NoNumber = "its sender is no number that can exist; have the provider write numbers with a plus and the country code";

    /// <param name="signed">See <see cref="CallbackReading.Inbound"/>.</param>
    public static CallbackReading Read(string? from, string? to, string? text, Secret? signed) =>
        text is null ? new CallbackReading.Unreadable()
        : ProviderNumber.TryParse(from, out var number) ? new CallbackReading.Inbound(number, to, new Secret(text), signed)
        : new CallbackReading.Unreadable(NoNumber);
}
