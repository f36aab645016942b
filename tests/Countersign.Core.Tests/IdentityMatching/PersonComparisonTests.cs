using Countersign.Core.IdentityMatching;
using Countersign.Core.Names;

namespace Countersign.Core.Tests.IdentityMatching;

public sealed class PersonComparisonTests
{
    private static readonly Person _record = new(
        new PersonName("José", "Álvarez-García"),
        [
            new PostalAddress("12 Main St.", null, "Portland", "ME", "04101-2001"),
            new PostalAddress("7 Hill Road", "Apt 2", "Austin", "TX", "78744"),
        ],
        ["jose@example.com", "old@example.com"],
        PartialDate.Parse("1981-01-17"),
        Ssn.Parse("847350596"));

    private static readonly Person _nobody = new(null, [], []);

    [Theory]
    [InlineData("José", "Álvarez-García", true, true)]
    [InlineData("JOSE", "alvarez", true, true)]
    [InlineData("jose", "Garcia Lopez", true, true)]
    [InlineData(" José ", "García", true, true)]
    [InlineData("Jo\ufffese", "Alva\ufffere\u0301z", true, true)]
    [InlineData("Juan", "Alvarez", false, true)]
    [InlineData("Jose", "Alva", true, false)]
    public void Names_agree_but_for_case_accents_and_one_of_two_surnames(string given, string family, bool givenAgrees, bool familyAgrees)
    {
        var comparison = PersonComparison.Of(_record, _nobody with { Name = new PersonName(given, family) });

        Assert.Equal((givenAgrees, familyAgrees), (comparison.GivenName, comparison.FamilyName));
        Assert.Equal(givenAgrees && familyAgrees, comparison.IsConfirmed);
        Assert.Equal(givenAgrees && familyAgrees, NameRules.Agree(_record.Name!, new PersonName(given, family)));
    }

    [Theory]
    [InlineData("847350596", true, true)]
    [InlineData("947350596", false, true)]
    [InlineData("847350597", false, false)]
    [InlineData("0596", null, true)]
    [InlineData("0597", null, false)]
    public void An_ssn_is_compared_as_far_as_it_is_given(string ssn, bool? whole, bool lastFour)
    {
        var comparison = PersonComparison.Of(_record, _nobody with { Ssn = Ssn.Parse(ssn) });

        Assert.Equal((whole, lastFour), (comparison.WholeSsn, comparison.LastFour));
        Assert.Equal(whole != false && lastFour, comparison.IsConfirmed);
    }

    [Theory]
    [InlineData("12 Main St.", "Portland", "ME", "04101", true, true, true, true)]
    [InlineData("12  main st", "PORTLAND", "me", "04101-9999", true, true, true, true)]
    [InlineData("7 Hill Road", "Austin", "TX", "78744", true, true, true, true)]
    [InlineData("13 Main St", "Portland", "ME", "04101", false, true, true, true)]
    [InlineData(null, "Portland", null, null, null, true, null, null)]
    [InlineData("1 Elsewhere", "Reno", "NV", "89501", false, false, false, false)]
    public void An_address_is_compared_with_the_recorded_one_that_agrees_best(
        string? street, string? city, string? region, string? postalCode, bool? streets, bool? cities, bool? regions, bool? codes)
    {
        var described = _nobody with { Addresses = [new PostalAddress(street, "Flat 9", city, region, postalCode), _record.Addresses[0]] };

        Assert.Equal(new AddressComparison(streets, cities, regions, codes), PersonComparison.Of(_record, described).Address);
    }

    [Theory]
    [InlineData("jose@example.com", true)]
    [InlineData("JOSE@Example.com", true)]
    [InlineData("old@example.com", true)]
    [InlineData("other@example.com", false)]
    public void The_first_email_address_is_compared_with_all_on_record(string email, bool agrees) =>
        Assert.Equal(agrees, PersonComparison.Of(_record, _nobody with { EmailAddresses = [email, "jose@example.com"] }).EmailAddress);

    [Fact]
    public void What_one_side_does_not_hold_is_not_compared()
    {
        Assert.Equal(new PersonComparison(), PersonComparison.Of(_record, _nobody));
        Assert.Equal(new PersonComparison(), PersonComparison.Of(_nobody, _record));
    }

    [Fact]
    public void A_person_compared_with_themselves_agrees_in_everything()
    {
        var comparison = PersonComparison.Of(_record, _record);

        Assert.Equal(
            new PersonComparison
            {
                GivenName = true, FamilyName = true, BirthDate = true, WholeSsn = true, LastFour = true, EmailAddress = true,
                Address = new AddressComparison(true, true, true, true),
            },
            comparison);
        Assert.True(comparison.IsConfirmed);
    }

    [Theory]
    [InlineData("राजेश", "कुमार", "0596")]
    [InlineData("राजेश", "कुमार", "847350596")]
    [InlineData("राजेश", "Álvarez", "0596")]
    [InlineData("José", "कुमार", "0596")]
    public void A_name_that_cannot_be_compared_is_not_made_good_by_an_ssn(string given, string family, string ssn)
    {
        var comparison = PersonComparison.Of(
            _record, _nobody with { Name = new PersonName(given, family), Ssn = Ssn.Parse(ssn) }, MatchPolicy.Standard);

        Assert.True(comparison.LastFour);
        Assert.False(comparison.IsConfirmed);
        Assert.True(PersonComparison.Of(_record, _nobody with { Ssn = Ssn.Parse(ssn) }, MatchPolicy.Standard).IsConfirmed);
    }

    public static TheoryData<string, PersonComparison, bool> Confirmations => new()
    {
        { "nothing compared", new PersonComparison(), false },
        { "the birth date alone", new PersonComparison { BirthDate = true }, false },
        { "the given name alone", new PersonComparison { GivenName = true }, false },
        { "the name", new PersonComparison { GivenName = true, FamilyName = true }, true },
        { "the last four", new PersonComparison { LastFour = true }, true },
        { "the name, but not the birth date", new PersonComparison { GivenName = true, FamilyName = true, BirthDate = false }, false },
        { "the name, but not the SSN", new PersonComparison { GivenName = true, FamilyName = true, LastFour = false }, false },
        { "the last four, but not the rest", new PersonComparison { WholeSsn = false, LastFour = true }, false },
        { "the SSN, but not the name", new PersonComparison { WholeSsn = true, LastFour = true, GivenName = true, FamilyName = false },
            false },
        {
            "the name, but neither address nor e-mail",
            new PersonComparison { GivenName = true, FamilyName = true, EmailAddress = false,
                Address = new AddressComparison(false, false, false, false) }, true
        },
    };

    [Theory]
    [MemberData(nameof(Confirmations))]
    public void Name_or_ssn_confirm_unless_one_of_them_or_the_birth_date_differs(string name, PersonComparison comparison, bool isConfirmed)
    {
        Assert.NotEmpty(name);
        Assert.Equal(isConfirmed, comparison.IsConfirmed);
    }

    [Theory]
    [InlineData("1981-01-17", null, true)]
    [InlineData("1981-01", null, true)]
    [InlineData(null, "847350596", true)]
    [InlineData(null, "0596", true)]
    [InlineData("01-17", "0596", true)]
    [InlineData("01-18", "0596", false)]
    [InlineData("01-17", "0597", false)]
    [InlineData(null, null, false)]
    public void A_record_is_given_out_when_all_that_was_given_agrees(string? birthDate, string? ssn, bool isFound)
    {
        var answer = PersonAnswer.Of(_record, birthDate is null ? null : PartialDate.Parse(birthDate), ssn is null ? null : Ssn.Parse(ssn));

        Assert.Equal(isFound, answer is PersonAnswer.Found found && found.Person == _record);
        Assert.Equal(!isFound, answer is PersonAnswer.Differs);
    }

    [Fact]
    public void The_answer_says_what_differs_and_what_is_not_on_record_does()
    {
        Assert.Equal(new PersonAnswer.Differs(true, false), PersonAnswer.Of(_record, PartialDate.Parse("01-18"), Ssn.Parse("0596")));
        Assert.Equal(new PersonAnswer.Differs(false, true),
            PersonAnswer.Of(_record with { Ssn = null }, PartialDate.Parse("01-17"), Ssn.Parse("0596")));
        Assert.Equal(
            new PersonAnswer.Differs(true, false), PersonAnswer.Of(_record with { BirthDate = null }, PartialDate.Parse("01-17"), null));
    }

    [Fact]
    public void Watch_lists_need_name_birth_date_and_ssn_or_address()
    {
        Assert.True(_record.IsEnoughForWatchLists);
        Assert.True((_record with { Ssn = null }).IsEnoughForWatchLists);
        Assert.True((_record with { Addresses = [] }).IsEnoughForWatchLists);
        Assert.False((_record with { Ssn = null, Addresses = [] }).IsEnoughForWatchLists);
        Assert.False((_record with { Name = null }).IsEnoughForWatchLists);
        Assert.False((_record with { BirthDate = null }).IsEnoughForWatchLists);
    }
}
