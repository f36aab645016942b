using Countersign.Core;
using Countersign.Core.Possession;
using Countersign.Core.Possession.InstantLink;
using Countersign.Core.Possession.Otp;
using Countersign.Core.Projects;
using Countersign.Core.Texts;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>How the wordings of projects go over the air.</summary>
internal sealed class TextReports(PossessionOptions options, OtpMethod codes, InstantLinkMethod links, GuessBudget guesses)
{
    public IReadOnlyList<TextReport> Of(Project project)
    {
        var settings = project.Settings;
        var otp = Parse(settings.OtpText, FlowType.Mobile)
            ?? codes.DefaultText(project, guesses.DefaultDigits(settings.GuessProbability, allowsRetry: true));
        var code = new string('0', otp.Placeholder);
        var link = Parse(settings.LinkText, FlowType.Desktop) ?? SmsTemplate.DefaultLink(project.Brand, links.LinkLength, options.LinkLife);
        return
        [
            TextReport.Of("otp", otp.Fill(code, isLink: false) + OtpMethod.WebOtpLine(settings, code)),
            TextReport.Of("link", link.Fill(new string('0', links.LinkLength), isLink: true)),
        ];
    }

    private static SmsTemplate? Parse(string? text, FlowType type) => text is null ? null : SmsTemplate.OfChecked(text, type);
}

/// <summary>
/// How a wording goes over the air: each segment is paid for, and one letter outside the GSM alphabet more than halves what fits.
/// </summary>
/// <param name="Kind">"otp" or "link".</param>
/// <param name="Encoding">"GSM-7" or "UCS-2".</param>
/// <param name="Characters">With the code or link filled in, and the WebOTP line.</param>
/// <param name="Advice">What could be better; absent when nothing.</param>
internal sealed record TextReport(string Kind, string Encoding, int Segments, int Characters, string? Advice)
{
    public static TextReport Of(string kind, string text)
    {
        var (isGsm7, segments) = (SmsAlphabet.EncodingOf(text) == SmsEncoding.Gsm7, SmsAlphabet.CountSegments(text));
        var advice = segments == 1 ? null
            : isGsm7 ? "Shorten it to one segment: 160 characters with the code or link."
            : "It has letters outside the GSM alphabet, so only 70 characters fit into one segment: replace or shorten.";
        return new TextReport(kind, isGsm7 ? "GSM-7" : "UCS-2", segments, text.Length, advice);
    }

    public override string ToString() => Kind;
}
