using Countersign.Core.Erasure;

namespace Countersign.Core.Tests.Erasure;

/// <summary>What docs/erasure.md says of each class is what exports and proofs say.</summary>
public sealed class ErasurePageTests
{
    [Fact]
    public async Task Each_class_of_data_has_its_row_and_no_other_has_one()
    {
        var page = await File.ReadAllLinesAsync(
            Path.Combine(Repository.Root, "docs", "erasure.md"), TestContext.Current.CancellationToken);
        var table = page.SkipWhile(line => !line.StartsWith("| class | ", StringComparison.Ordinal)).Skip(2)
            .TakeWhile(line => line.StartsWith('|')).Select(line => line.Split(" | ")).ToList();

        Assert.Equal(
            DataClass.All.Select(of => of.Name).Order(StringComparer.Ordinal),
            table.Select(row => row[0].Trim('|', ' ', '`')).Order(StringComparer.Ordinal));
        Assert.Equal(
            DataClass.All.Select(of => (of.Name, InWords(of.CopiesLeadFor))).Order(),
            table.Select(row => (row[0].Trim('|', ' ', '`'), WordsIn(row[^1]))).Order());
    }

    private static string InWords(TimeSpan? time) =>
        time == DataClass.SecretCopies ? "seven days" : time == DataClass.DayCopies ? "nine days" : time is null ? "" : $"{time}";

    private static string WordsIn(string cell) =>
        ((string[])["seven days", "nine days"]).FirstOrDefault(words => cell.Contains(words, StringComparison.Ordinal)) ?? "";
}
