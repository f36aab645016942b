using System.Text;
using Countersign.Core;
using Countersign.Core.Devices;
using Countersign.Core.Events;
using Countersign.Core.Flows;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Money;
using Countersign.Core.Names;
using Countersign.Core.Possession;
using Countersign.Core.Projects;
using Countersign.Core.Scenarios;
using Countersign.Core.Texts;
using Countersign.Providers.Numbers;
using Countersign.Providers.Sms;
using Countersign.Server.Security.WebAuthn;

namespace Countersign.Fuzzing;

/// <summary>
/// The readers of single values, wherever these stand: numbers, names, dates, addresses, wordings, persons' words, keys, credentials,
/// webhooks' events, price lists, scenarios. The first line says which, the rest is the value.
/// </summary>
internal static class ValueTarget
{
    private static readonly NumberPlan _plan = new();
    private static readonly NumberReader _numbers = new();
    private static readonly Countersign.Client.WebhookVerifier _verifier = new(["whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="]);

    private static readonly Dictionary<string, Func<byte[], string>> _readers = new(StringComparer.Ordinal)
    {
        ["number"] = value => Number(Encoding.UTF8.GetString(value)),
        ["name"] = value => Name(Encoding.UTF8.GetString(value)),
        ["date"] = value => Date(Encoding.UTF8.GetString(value)),
        ["url"] = value => Address(Encoding.UTF8.GetString(value)),
        ["wording"] = value => Wordings(Encoding.UTF8.GetString(value)),
        ["word"] = value => Word(Encoding.UTF8.GetString(value)),
        ["key"] = value => Key(Encoding.UTF8.GetString(value)),
        ["credential"] = value => Credential(Encoding.UTF8.GetString(value)),
        ["event"] = Event,
        ["prices"] = value => Prices(Encoding.UTF8.GetString(value)),
        ["scenario"] = value => ScenarioFile.Read(value, out var problem) is null ? problem! : "read",
    };

    public static Target Target { get; } = new("values", Read);

    private static string Read(byte[] input) =>
        Array.IndexOf(input, (byte)'\n') is > 0 and var end
            && _readers.TryGetValue(Encoding.UTF8.GetString(input, 0, end), out var reader)
            ? reader(input[(end + 1)..])
            : Target.NoInput;

    private static string Number(string text)
    {
        if (text.Length == 0)
        {
            return Target.NoInput;
        }
        BrokenPromise.Unless(
            !PhoneNumber.TryParse(text, out var number) || PhoneNumber.Parse(number.E164) == number,
            "a number is another one when it is written");
        var planned = NumberPlan.Find(text);
        BrokenPromise.Unless(
            planned is null || NumberPlan.Find(planned.Number.E164)?.Number == planned.Number, "a number's form has another form");
        foreach (var reading in WrittenNumber.ReadingsOf(text).Concat(ProviderNumber.ReadingsOf(text)))
        {
            var form = _plan.FormOf(reading);
            BrokenPromise.Unless(_plan.FormOf(form) == form, "a number's one form has another");
            _ = (_plan.CountryOf(reading), _plan.KindOf(reading), _plan.FormerFormsOf(reading));
        }
        return _numbers.Read(text, "US", out var read) ?? _numbers.Read(text, country: null, out read) ?? read.E164;
    }

    /// <summary>Four lines: a recorded given and family name, and those that are asked for.</summary>
    private static string Name(string text)
    {
        if (text.Split('\n') is not [var recordedGiven, var recordedFamily, var given, var family])
        {
            return Target.NoInput;
        }
        var (recorded, asked) = (new PersonName(recordedGiven, recordedFamily), new PersonName(given, family));
        // Both count as one try of a name. Strict refuses an initial, even against itself.
        BrokenPromise.Unless(
            NameMatcher.Fold(recorded) != NameMatcher.Fold(asked)
                || NameMatcher.Compare(recorded, asked, MatchPolicy.Lenient).Match != IdentityMatch.Differs,
            "names that fold to one differ");
        return string.Join(' ', MatchPolicy.All.Select(policy => NameMatcher.Compare(recorded, asked, policy)));
    }

    private static string Date(string text)
    {
        BrokenPromise.Unless(
            !PartialDate.TryParse(text, out var date) || PartialDate.Parse(date.ToText()).Equals(date),
            "a date is another one when it is written");
        return PartialDate.ProblemOf(text) ?? "a date";
    }

    private static string Address(string text)
    {
        _ = WebhookAddress.ProblemOf(text, ReceiverAddresses.Public);
        var problem = TargetUrl.Problem(text);
        // It becomes a Location, and its origin a part of a policy.
        BrokenPromise.Unless(
            problem is not null || (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.UserInfo.Length == 0 && url.Host.Length > 0),
            "what is no address passed for one");
        return problem ?? (TargetUrl.IsUnder(text, "https://shop.example/app") ? "under" : "elsewhere");
    }

    private static string Wordings(string text)
    {
        var template = SmsTemplate.TryParse(text, FlowType.Mobile, 0, 0, out var problem, ["shop.example"]);
        _ = SmsTemplate.TryParse(text, FlowType.Desktop, 60, 0, out _, ["shop.example"]);
        return template is null ? problem : $"{SmsAlphabet.CountSegments(text)} segments";
    }

    private static string Word(string text)
    {
        var code = TypedCode.Read(text);
        BrokenPromise.Unless(TypedCode.Read(code) == code, "a typed code is another one when it is typed as it was read");
        return $"{InboundWords.Of(text)} {SmsAlphabet.CountSegments(SmsAlphabet.Simplify(text))}";
    }

    /// <summary>A key in PEM, and behind a line of "%%" a signature.</summary>
    private static string Key(string text)
    {
        if (text.Split("\n%%\n") is not [var pem, var signature] || DevicePublicKey.FromPem(pem) is not { } key)
        {
            return "no key";
        }
        BrokenPromise.Unless(DevicePublicKey.FromSpki(key.Spki) is not null, "a key that was read cannot be read again");
        BrokenPromise.Unless(!key.IsSigner("nobody has signed this", signature), "a forged signature was taken");
        return "a key";
    }

    private static string Credential(string json) =>
        $"{BrowserCredential.Read(json, Ceremony.Registration)?.WithOwner("owner").Length} "
            + $"{BrowserCredential.Read(json, Ceremony.Assertion)?.WithOwner("owner").Length}";

    /// <summary>Id, time and signatures in a line each, and the body: as a receiver's helper in the SDK gets them.</summary>
    private static string Event(byte[] value)
    {
        var lines = Encoding.Latin1.GetString(value).Split('\n', 4);
        if (lines.Length < 4)
        {
            return Target.NoInput;
        }
        var body = Encoding.Latin1.GetBytes(lines[3]);
        BrokenPromise.Unless(
            _verifier.Verify(lines[0], lines[1], lines[2], body) != Countersign.Client.WebhookFault.None, "a forged event was taken");
        try
        {
            return Countersign.Client.WebhookEvent.Parse(body).Type;
        }
        catch (Countersign.Client.WebhookException exception)
        {
            return exception.Message;
        }
    }

    private static string Prices(string text) =>
        PriceList.Read(text, NumberPlan.Countries.Contains, out var problems)?.ToString() ?? problems[0];
}
