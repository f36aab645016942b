using System.Text;
using Countersign.Core.IdentityMatching.Records;

namespace Countersign.Core.Tests.IdentityMatching.Records;

public sealed class ImportLinesTests
{
    private const string Good = "+12025550142,Lori,Montgomery";

    private static readonly DateOnly _today = new(2026, 11, 23);

    [Theory]
    [InlineData("phone", "", "phone is missing")]
    [InlineData("phone", "abc", "phone is no number")]
    [InlineData("given_name", " ", "given_name is missing")]
    [InlineData("family_name", "", "family_name is missing")]
    [InlineData("given_name", "A\u0007", "given_name has a control character")]
    [InlineData("birthdate", "23.11.1980", "birthdate must be a date, YYYY-MM-DD")]
    [InlineData("birthdate", "1980-02-30", "birthdate must be a date, YYYY-MM-DD")]
    [InlineData("birthdate", "1850-01-01", "birthdate must be from 1900 on")]
    [InlineData("birthdate", "2026-11-24", "birthdate lies in the future")]
    [InlineData("country", "USA", "country is longer than 2 characters")]
    [InlineData("country", "1A", "country must be two letters (ISO 3166-1)")]
    [InlineData("email", "lori", "email must contain exactly one @")]
    [InlineData("ssn", "12345", "ssn must be nine digits, or the last four")]
    [InlineData("valid_to", "2020-01-01", "valid_to is before valid_from")]
    public void A_bad_field_is_named_with_its_line_and_without_its_value(string field, string value, string problem)
    {
        string[] columns = ["phone", "given_name", "family_name", "birthdate", "country", "email", "ssn", "valid_from", "valid_to"];
        string[] values = ["+12025550142", "Lori", "Montgomery", "1980-05-06", "US", "lori@example.com", "1234", "2021-01-01", ""];
        values[Array.IndexOf(columns, field)] = value;

        var lines = ReadCsv(columns, $"{Good},,,,,,\n{string.Join(',', values)}\n");

        var told = Assert.Single(lines.Problems);
        Assert.Equal((3, field, problem), (told.Line, told.Field, $"{told.Field} {told.Problem}"));
        Assert.Equal((1, 1, 4), (lines.Records.Count, lines.Rejected, lines.NextLine));
    }

    [Fact]
    public void All_problems_of_a_line_are_told_at_once()
    {
        var lines = ReadCsv(["phone", "given_name", "family_name", "birthdate"], ",,x,y\n");

        Assert.Equal(["phone", "given_name", "birthdate"], lines.Problems.Select(problem => problem.Field));
        Assert.Equal(1, lines.Rejected);
    }

    [Fact]
    public void A_line_of_another_number_of_columns_is_bad()
    {
        var lines = ReadCsv(["phone", "given_name", "family_name"], $"{Good}\n{Good},x\n{Good}\n");

        Assert.Equal((2, 3), (lines.Records.Count, lines.Problems[0].Line));
        Assert.Equal("has 4 columns; the header has 3", lines.Problems[0].Problem);
    }

    [Fact]
    public void A_whole_record_is_read_from_either_format()
    {
        var json = """
            {"phone":"+12025550142","given_name":" José ","family_name":"Montgomery","middle_names":"Ann Lee","birthdate":"1980-05-06",
            "street":"1 Main St","city":"Springfield","region":"IL","postal_code":"62701","country":"us","email":"j@example.com",
            "ssn":"123-45-6789","record_id":"7","valid_from":"2020-01-01","valid_to":"2030-01-01"}
            """.ReplaceLineEndings("");
        var csv = ReadCsv(
            [.. RecordFields.All],
            "+12025550142,José,Montgomery,Ann Lee,1980-05-06,1 Main "
                + "St,Springfield,IL,62701,US,j@example.com,123456789,7,2020-01-01,2030-01-01\n");

        var lines = ReadJson(json + "\n");

        var record = Assert.Single(lines.Records).Record;
        Assert.Equivalent(csv.Records[0].Record, record, strict: true);
        Assert.Equal(("José", "Montgomery", "Ann Lee", "US", "7"),
            (record.Person.Name!.Given, record.Person.Name.Family, record.MiddleNames, record.Country, record.RecordId));
        Assert.Equal("123456789", record.Person.Ssn!.Digits);
    }

    [Theory]
    [InlineData("{", "is not a JSON object")]
    [InlineData("[]", "is not a JSON object")]
    [InlineData("{} {}", "is not a JSON object")]
    [InlineData("""{"phone":"\ud800"}""", "is not a JSON object")]
    [InlineData("""{"name":"x"}""", "has a member that is no field of a record")]
    [InlineData("""{"phone":"1","phone":"2"}""", "has the same member twice")]
    public void A_line_that_is_no_record_is_told(string line, string problem)
    {
        var lines = ReadJson($"{line}\n\n{Json()}\n");

        Assert.Equal(problem, Assert.Single(lines.Problems).Problem);
        Assert.Equal((1, 3), (lines.Records.Count, lines.Records[0].Line));
    }

    [Fact]
    public void A_member_that_is_no_text_is_named()
    {
        var lines = ReadJson("""{"phone":12025550142,"given_name":"Lori","family_name":"Montgomery"}""");

        Assert.Contains(new LineProblem(1, "phone", "must be text"), lines.Problems);
    }

    [Fact]
    public void Too_many_records_are_no_piece()
    {
        var piece = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(Good + "\n", ImportLines.MaxRecords + 1)));
        var plan = new ImportPlan(SourceName.Parse("crm"), ImportFormat.Csv, ["phone", "given_name", "family_name"]);

        Assert.Null(ImportLines.Read(piece, plan, 1, new Shapes(), _today));
        Assert.NotNull(ImportLines.Read(piece.AsSpan(Good.Length + 1), plan, 1, new Shapes(), _today));
    }

    private static string Json() => """{"phone":"+12025550142","given_name":"Lori","family_name":"Montgomery"}""";

    private static ImportLines ReadCsv(string[] columns, string text) =>
        ImportLines.Read(
            Encoding.UTF8.GetBytes(text), new ImportPlan(SourceName.Parse("crm"), ImportFormat.Csv, columns), 2, new Shapes(), _today)!;

    private static ImportLines ReadJson(string text) =>
        ImportLines.Read(
            Encoding.UTF8.GetBytes(text), new ImportPlan(SourceName.Parse("crm"), ImportFormat.JsonLines, []), 1, new Shapes(), _today)!;

    private sealed class Shapes : INumberReader
    {
        public bool Knows(string country) => true;

        public string? ProblemOfBeginning(string beginning) => throw new NotSupportedException();

        public string? Read(string text, string? country, out PhoneNumber number) =>
            PhoneNumber.TryParse(text, out number) ? null : "is no number";
    }
}
