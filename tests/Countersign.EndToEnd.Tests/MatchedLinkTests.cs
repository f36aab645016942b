using Countersign.EndToEnd.Tests.Fixtures;
using Microsoft.Playwright;

namespace Countersign.EndToEnd.Tests;

/// <summary>Links that are confirmed by the six digits the desktop shows (<c>linkConfirmation: match</c>).</summary>
public sealed class MatchedLinkTests(PostgresServer postgres, Chromium chromium)
{
    private const string Number = "2002800001";

    private static readonly Dictionary<string,
        string> _match = new(StringComparer.Ordinal) { ["Countersign__Sandbox__LinkConfirmation"] = "Match" };

    [Fact]
    public async Task The_desktops_digits_typed_on_the_phone_pass()
    {
        await using var stage = await Stage.SetAsync(Store.Sqlite, postgres, chromium, _match);
        var visit = await stage.VisitAsync(Sdk.Ours, "desktop", Number);
        var phone = await stage.OpenLinkAsync(Number);
        var digits = await DigitsAsync(visit);

        await TypeAsync(phone, digits == "000000" ? "111111" : "000000");
        await TypeAsync(phone, digits);

        await visit.ExpectSuccessAsync();
    }

    [Fact]
    public async Task Three_wrong_entries_fail()
    {
        await using var stage = await Stage.SetAsync(Store.Sqlite, postgres, chromium, _match);
        var visit = await stage.VisitAsync(Sdk.Ours, "desktop", Number);
        var phone = await stage.OpenLinkAsync(Number);
        var wrong = await DigitsAsync(visit) == "000000" ? "111111" : "000000";

        for (var entry = 0; entry < 3; entry++)
        {
            await TypeAsync(phone, wrong);
        }

        await visit.ExpectFailureAsync();
    }

    private static async Task<string> DigitsAsync(Visit visit)
    {
        var shown = visit.Page.Locator("#match-code");
        await Assertions.Expect(shown).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^[0-9]{6}$"));
        return await shown.TextContentAsync() ?? "";
    }

    private static async Task TypeAsync(IPage phone, string digits)
    {
        await phone.Locator("#digits").FillAsync(digits);
        await phone.Locator("button").First.ClickAsync();
    }
}
