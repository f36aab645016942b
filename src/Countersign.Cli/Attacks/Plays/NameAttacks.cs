using System.Globalization;
using System.Text.Json.Nodes;
using Countersign.Core.Limits;
using static Countersign.Cli.Attacks.Installation;

namespace Countersign.Cli.Attacks.Plays;

/// <summary>Attacks on whose number it is.</summary>
internal static class NameAttacks
{
    /// <summary>The test that plays I04 where nobody's source is down.</summary>
    public const string SourceIsDown = "OneCallTests.A_source_that_is_down_is_never_success";

    private const string Spent = "The names of the number are spent for today";

    // Test users (docs/sandbox.md): whose names are compared; whose record has another name; whose source is down.
    private static readonly OnRecord _compared = new("2001009007", "Jos\u00E9", "\u00C1lvarez-Garc\u00EDa");
    private const string Another = "2001004012";
    private const string SourceDown = "2001009006";

    // Latin letters, and Cyrillic ones that look the same.
    private const string Letters = "aceiopxyACEOPX";
    private const string Doubles = "\u0430\u0441\u0435\u0456\u043E\u0440\u0445\u0443\u0410\u0421\u0415\u041E\u0420\u0425";

    /// <summary>I01: names that only look like the right one.</summary>
    public static Task<Finding> DisguiseAsync(Installation on) => TryAsync(
        on, 0,
        person =>
        [
            (Disguised(person.First), Disguised(person.Last)), ($"\u202E{Reversed(person.First)}", $"\u202E{Reversed(person.Last)}"),
            (Initial(person.First) + new string('\u0301', 100), Initial(person.Last) + new string('\u0301', 100)), ("\U0001F600", "de la"),
        ],
        "names of other scripts, turned round, flooded with marks, or of nothing but a particle");

    /// <summary>I02: names that mean any name.</summary>
    public static Task<Finding> WildcardAsync(Installation on) => TryAsync(
        on, 1, person => [("%", "%"), ("*", "*"), (Initial(person.First), Initial(person.Last)), Many(person)],
        "wildcards, single letters and lists of names");

    /// <summary>I03: whose number it is, by trying.</summary>
    public static async Task<Finding> OracleAsync(Installation on)
    {
        var number = on.IsLive ? on.NextNumber() : Another;
        var (answered, rule) = (0, (string?)null);
        for (var n = 0; n < 12 && rule is null; n++)
        {
            var heard = await AskAsync(on, number, $"{(char)('A' + n)}nna", $"Attack{(char)('a' + n)}");
            rule = heard.Rule;
            Need(rule is LimitRule.NamesOfProject or LimitRule.NamesOfLine || heard.Status == 200, $"A name was answered {heard.Brief}"
                + $"{(rule is null ? "" : $", by {rule}")}, which says nothing of names.");
            answered += heard.Status == 200 ? 1 : 0;
        }
        Need(answered > 0, $"{Spent}: no name was answered.");
        return Finding.Of(
            rule is not null,
            $"{answered} different names for one number were "
                + $"answered{(rule is null ? ", and none was refused" : $"; then the limit {rule} refused")}.",
            "Set Budget:NamesPerProject and NamesPerLine (docs/limits.md); a sandbox has no limits unless they are set.");
    }

    /// <summary>I04: a source that is down.</summary>
    public static async Task<Finding> CutOffAsync(Installation on)
    {
        if (on.IsLive)
        {
            return Finding.Inside("Only a sandbox has a person whose source is down.", SourceIsDown);
        }
        var heard = await AskAsync(on, SourceDown, "Farid", "Haddad");
        Need(heard.Status == 200, $"{Spent}, or not compared: {heard.Brief}.");
        var isSaid = heard.Body.Contains("\"9900\"", StringComparison.Ordinal);
        return Finding.Of(
            heard.Word("verifyResult") == "failed" && isSaid,
            $"With the identity source down the answer is {heard.Brief}, {heard.Word("verifyResult")}"
                + $"{(isSaid ? ", with the reason 9900" : "")}.",
            "A source that is down must be neither a match nor a difference.");
    }

    /// <summary>D04: who is on record.</summary>
    public static async Task<Finding> EnumerateAsync(Installation on)
    {
        if (!on.IsLive)
        {
            return Finding.NotHere("The sandbox tells by its test users' numbers what they do.");
        }
        var person = Known(on, on.Persons.Count - 1);
        await NeedMatchAsync(on, person);
        var (known, unknown) = (
            await AskAsync(on, person.Number, FirstName, LastName), await AskAsync(on, on.NextNumber(), FirstName, LastName));
        Need(known.Status == 200 && unknown.Status == 200, $"Wrong names were answered {known.Brief} and {unknown.Brief}: not compared.");
        var isSame = WithoutIds(known) == WithoutIds(unknown);
        return Finding.Of(
            isSame,
            $"The right name of a number on record matches; a wrong one there: {known.Brief}, at a number that is not: {unknown.Brief}, "
                + $"{(isSame ? "the same bytes but for ids" : "not the same")}.",
            "Leave IdentityReasons at its default (docs/configuration.md).");
    }

    private static OnRecord Known(Installation on, int n) => n >= 0 && n < on.Persons.Count ? on.Persons[n]
        : throw new CannotPlay($"It needs {(n < 1 ? "somebody" : "a second person")} on record: --persons.", isBroken: false);

    /// <param name="n">Which person: as many names of one are answered a day as one attack needs.</param>
    private static async Task<Finding> TryAsync(
        Installation on, int n, Func<OnRecord, (string First, string Last)[]> disguises, string what)
    {
        var person = on.IsLive ? Known(on, n) : _compared;
        Need(
            Initial(person.First) != person.First && Initial(person.Last) != person.Last,
            "A name of one letter is what its first letter is: name persons of --persons whose names have two letters and more.");
        // The sandbox has one whose names are compared, and counts them for each project.
        var by = on.IsLive || n == 0 ? null : on.NeedOther();
        await NeedMatchAsync(on, person, by);
        var names = disguises(person);
        var (matched, failed) = (0, 0);
        for (var asked = 0; asked < names.Length; asked++)
        {
            var heard = await AskAsync(on, person.Number, names[asked].First, names[asked].Last, by);
            Need(heard.Rule is null, $"{Spent}: {asked} of {names.Length} were asked.");
            Need(heard.Status == 200 || heard.IsFailure, $"A name was answered {heard.Brief}, which compares nothing.");
            matched += heard.Text("verifyResult") == "success" ? 1 : 0;
            failed += heard.IsFailure ? 1 : 0;
        }
        return Finding.Of(
            matched == 0 && failed == 0,
            $"The right name of a record matched. Of {names.Length} {what} {matched} matched it and {failed} made the server fail.",
            "Compare names as docs/name-matching.md says.");
    }

    /// <summary>That there is a record, and that names are compared with it. A name that matches costs none.</summary>
    private static async Task NeedMatchAsync(Installation on, OnRecord person, Client? by = null)
    {
        var right = await AskAsync(on, person.Number, person.First, person.Last, by);
        Need(right.Rule is null, $"{Spent}.");
        Need(
            right.Status == 200 && right.Text("verifyResult") == "success",
            $"The right name of somebody on record does not match ({right.Brief}, {right.Word("verifyResult")}): that others do not either "
                + "would say nothing.");
    }

    private static Task<Heard> AskAsync(Installation on, string number, string first, string last, Client? by = null) => on.PostAsync(
        "/v3/verify",
        new JsonObject { ["possessionType"] = "none", ["phoneNumber"] = number, ["firstName"] = first, ["lastName"] = last }, by);

    private static (string First, string Last) Many(OnRecord person) =>
        ($"{person.First} Juan Maria Ana Luis", $"{person.Last} Garcia Smith Jones Brown");

    /// <summary>The name, with one of its letters in another script.</summary>
    private static string Disguised(string name)
    {
        var letter = Letters.FirstOrDefault(one => name.Contains(one, StringComparison.Ordinal));
        return letter == default ? $"\u0430{name}"
            : name.Replace(letter, Doubles[Letters.IndexOf(letter, StringComparison.Ordinal)]);
    }

    private static string Initial(string name) => StringInfo.GetNextTextElement(name);

    private static string Reversed(string name) => string.Concat(name.Reverse());

    private static string WithoutIds(Heard heard)
    {
        var body = (JsonObject?)heard.Json?.DeepClone() ?? [];
        foreach (var name in (string[])["correlationId", "phoneNumber"])
        {
            body.Remove(name);
        }
        return body.ToJsonString();
    }
}
