using System.Globalization;
using Countersign.Core;
using Countersign.Providers.Numbers;
using Countersign.Providers.Sandbox;
using PhoneNumbers;
using PhoneNumber = Countersign.Core.PhoneNumber;

namespace Countersign.Providers.Tests.Numbers;

public sealed class NumberPlanTests
{
    private static readonly NumberPlan _plan = new();

    [Theory]
    [InlineData("+12025550142", "US")]
    [InlineData("+14165550142", "CA")]
    [InlineData("+447400123456", "GB")]
    [InlineData("+4915112345678", "DE")]
    [InlineData("+393312345678", "IT")]
    [InlineData("+5215512345678", "MX")]
    [InlineData("+870773123456", null)]
    [InlineData("+80012345678", null)]
    [InlineData("+9991234567", null)]
    [InlineData("+11234567890", null)]
    public void A_number_belongs_to_the_country_whose_plan_has_it(string number, string? country)
    {
        var found = _plan.CountryOf(PhoneNumber.Parse(number));

        Assert.Equal(country, found);
    }

    [Theory]
    [InlineData("+447400123456", LineKind.Mobile)]
    [InlineData("+442079460958", LineKind.Fixed)]
    [InlineData("+12025550142", LineKind.FixedOrMobile)]
    [InlineData("+445612345678", LineKind.Voip)]
    [InlineData("+18005550199", LineKind.Other)]
    [InlineData("+449012345678", LineKind.Other)]
    [InlineData("+11234567890", LineKind.Unknown)]
    public void A_plan_says_what_a_range_is_for(string number, LineKind kind) =>
        Assert.Equal(kind, _plan.KindOf(PhoneNumber.Parse(number)));

    [Theory]
    [Trait("attack", "F02")]
    // North America: national, with the trunk 1, with it behind the country code.
    [InlineData("+12025550142", "2025550142", "12025550142", "+112025550142", "112025550142")]
    // A trunk zero behind the country code.
    [InlineData("+447400123456", "447400123456", "+4407400123456", "4407400123456", "+44007400123456")]
    [InlineData("+4915123456789", "+49015123456789")]
    [InlineData("+33612345678", "+330612345678")]
    [InlineData("+61412345678", "+610412345678")]
    [InlineData("+972502345678", "+9720502345678")]
    [InlineData("+8613123456789", "+86013123456789")]
    // A trunk zero, and the code of a carrier behind it.
    [InlineData("+5511961234567", "+55011961234567", "+5501511961234567")]
    // Other trunk prefixes: 8 in Russia, 06 in Hungary, 80 and 8 in Belarus, 8 and 0 in Lithuania.
    [InlineData("+79123456789", "+789123456789")]
    [InlineData("+36201234567", "+3606201234567")]
    [InlineData("+375294911911", "+37580294911911")]
    [InlineData("+37061234567", "+370861234567", "+370061234567")]
    // A zero that people write although their plan has none, or had one once.
    [InlineData("+573211234567", "+5703211234567")]
    [InlineData("+48512345678", "+480512345678")]
    [InlineData("+34612345678", "+340612345678")]
    // The 9 before the area code, the 15 behind it, both, and the trunk zero with each.
    [InlineData("+5491123456789", "+54111523456789", "+540111523456789", "+549111523456789", "+5490111523456789", "+54901123456789",
        "+54091123456789")]
    [InlineData("+5493512345678", "+54351152345678", "+5403511523 45678", "+549351152345678")]
    // Mexico until 2019: 1 from abroad, 01, 044 and 045 within.
    [InlineData("+525512345678", "+5215512345678", "+52015512345678", "+520445512345678", "+520455512345678", "+5205512345678")]
    // A zero that belongs to the number.
    [InlineData("+390236618300", "390236618300")]
    [InlineData("+2250123456789", "2250123456789")]
    public void A_line_has_one_form_however_it_is_typed(string form, params string[] typed)
    {
        foreach (var text in typed.Select(text => text.Replace(" ", "", StringComparison.Ordinal)).Append(form))
        {
            Assert.Equal(form, _plan.Read(text)?.E164);
            if (PhoneNumber.TryParse(text, out var number))
            {
                Assert.Equal(form, _plan.FormOf(number).E164);
            }
        }
    }

    [Theory]
    // With and without its zero each is a line of its own, or none.
    [InlineData("+39236618300")]
    [InlineData("+3903123456789")]
    [InlineData("+393123456789")]
    // Fixed lines: a 9 is never put in or taken out.
    [InlineData("+541123456789")]
    [InlineData("+549112345678")]
    // Of no plan.
    [InlineData("+447700900951")]
    [InlineData("+22501234567")]
    [InlineData("+521551234567")]
    [InlineData("+9991234567")]
    // A prefix is taken away once.
    [InlineData("+1112025550142")]
    [InlineData("+7889161234567")]
    [InlineData("+360606201234567")]
    public void What_is_another_line_or_none_stays_as_it_is(string number)
    {
        Assert.Equal(number, _plan.Read(number)?.E164);
        Assert.Equal(number, _plan.FormOf(PhoneNumber.Parse(number)).E164);
    }

    [Theory]
    [InlineData("")]
    [InlineData("+")]
    [InlineData("12345")]
    [InlineData("+0447400123456")]
    [InlineData("00447400123456")]
    [InlineData("+44 7400 123456")]
    [InlineData("+44740012345678901")]
    // Of more than 15 digits, though its plan has it: Germany, Japan.
    [InlineData("+49401234567890123")]
    [InlineData("+494012345678901234")]
    [InlineData("+8100371234567890")]
    [InlineData("+447400123456ext5")]
    public void What_has_not_the_shape_of_a_number_is_none(string text) => Assert.Null(_plan.Read(text));

    [Fact]
    public void In_every_country_the_national_prefix_behind_the_country_code_makes_no_other_line()
    {
        var plans = PhoneNumberUtil.GetInstance();
        var seen = 0;
        foreach (var (region, type) in NumberPlan.Countries.SelectMany(region =>
            new[] { (region, PhoneNumberType.MOBILE), (region, PhoneNumberType.FIXED_LINE) }))
        {
            if (plans.GetExampleNumberForType(region, type) is not { } example
                || plans.GetNddPrefixForRegion(region, stripNonDigits: true) is not { Length: > 0 } prefix)
            {
                continue;
            }
            seen++;
            var form = plans.Format(example, PhoneNumberFormat.E164);
            var typed = form.Insert(1 + example.CountryCode.ToString(CultureInfo.InvariantCulture).Length, prefix);

            Assert.Equal((region, form, form), (region, _plan.Read(form)?.E164, _plan.Read(typed)?.E164));
        }
        Assert.InRange(seen, 250, 1000);
    }

    [Theory]
    [InlineData("+447400123456", "+4407400123456")]
    [InlineData("+12025550142", "+112025550142")]
    [InlineData("+79161234567", "+789161234567")]
    [InlineData("+36201234567", "+3606201234567")]
    [InlineData("+5491123456789", "+54091123456789", "+54111523456789", "+540111523456789")]
    [InlineData("+525512345678", "+5215512345678")]
    [InlineData("+375294911911", "+3758294911911", "+37580294911911", "+3750294911911")]
    [InlineData("+37061234567", "+370061234567", "+370861234567")]
    [InlineData("+5511961234567", "+55011961234567", "+559011961234567")]
    [InlineData("+34612345678")]
    [InlineData("+393123456789")]
    [InlineData("+9991234567")]
    public void The_former_forms_of_a_line_are_those_that_were_let_through(string form, params string[] former)
    {
        Assert.Equal(former, _plan.FormerFormsOf(PhoneNumber.Parse(form)).Select(number => number.E164));
    }

    /// <summary>Before, a number was let through as typed when the plan had it, prefixes that the plan takes away included.</summary>
    [Fact]
    public void In_every_country_whatever_prefix_was_let_through_is_a_former_form()
    {
        string[] prefixes =
        [
            .. Enumerable.Range(0, 10).Select(n => $"{n}"), .. Enumerable.Range(0, 100).Select(n => $"{n:00}"),
            .. Enumerable.Range(0, 1000).Select(n => $"{n:000}"),
            // Australia, Liechtenstein and the Faroe Islands, Costa Rica.
            "1831", "1832", "1001", "1010", "1020", "1088",
            "1900", "1901", "1902", "1904", "1906", "1908", "1910", "1919", "1920", "1966", "1977", "1999",
        ];
        var plans = PhoneNumberUtil.GetInstance();
        var (missing, seen) = (new List<string>(), 0);
        foreach (var (region, type) in NumberPlan.Countries.SelectMany(region =>
            new[] { (region, PhoneNumberType.MOBILE), (region, PhoneNumberType.FIXED_LINE) }))
        {
            if (plans.GetExampleNumberForType(region, type) is not { } example)
            {
                continue;
            }
            var form = plans.Format(example, PhoneNumberFormat.E164);
            var behindCode = 1 + example.CountryCode.ToString(CultureInfo.InvariantCulture).Length;
            var former = _plan.FormerFormsOf(PhoneNumber.Parse(form)).Select(number => number.E164).ToHashSet(StringComparer.Ordinal);
            Assert.InRange(former.Count, 0, INumberPlan.MaxFormerForms);
            var letThrough = prefixes.Select(prefix => form.Insert(behindCode, prefix)).Where(text => WasLetThrough(text, form)).ToList();
            seen += letThrough.Count;
            missing.AddRange(letThrough.Where(text => !former.Contains(text)).Select(text => $"{region} {text}"));
        }

        Assert.Empty(missing);
        Assert.InRange(seen, 300, 2000);

        bool WasLetThrough(string text, string form)
        {
            try
            {
                return PhoneNumber.TryParse(text, out _) && plans.Parse(text, null) is var line && plans.IsValidNumber(line)
                    && plans.Format(line, PhoneNumberFormat.E164) == form;
            }
            catch (NumberParseException)
            {
                return false;
            }
        }
    }

    [Fact]
    public void No_test_user_of_the_sandbox_has_another_form_than_the_printed_one()
    {
        foreach (var user in TestUsers.Load().All)
        {
            var number = PhoneNumber.Parse(user.Number);

            Assert.Equal((number, number), (_plan.FormOf(number), _plan.Read(user.Number)));
        }
    }

    [Theory]
    [InlineData("+447400123456", null, "+447400123456")]
    [InlineData("+4407400123456", null, "+447400123456")]
    [InlineData("+44 (0)7400 123456", null, "+447400123456")]
    [InlineData("07400 123456", "GB", "+447400123456")]
    [InlineData("+52 1 55 1234 5678", null, "+525512345678")]
    [InlineData("044 55 1234 5678", "MX", "+525512345678")]
    [InlineData("1 55 1234 5678", "MX", "+525512345678")]
    [InlineData("+54 9 11 15 2345-6789", null, "+5491123456789")]
    [InlineData("011 15-2345-6789", "AR", "+5491123456789")]
    [InlineData("(202) 555-0142", "US", "+12025550142")]
    [InlineData("02 3661 8300", "IT", "+390236618300")]
    public void An_import_reads_a_line_into_the_same_form(string text, string? country, string form)
    {
        Assert.Null(new NumberReader().Read(text, country, out var number));
        Assert.Equal(form, number.E164);
    }
}
