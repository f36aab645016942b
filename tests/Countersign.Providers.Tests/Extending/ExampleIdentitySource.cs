using Countersign.Core;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Names;

namespace Countersign.Providers.Tests.Extending;

/// <summary>A file of customers, one "number;given name;family name" a line: the smallest identity source there is.</summary>
internal sealed class ExampleIdentitySource(string path) : IIdentitySource
{
    public async Task<IdentityAnswer> MatchAsync(IdentityQuestion question, CancellationToken cancellationToken)
    {
        string[] lines;
        try
        {
            lines = await File.ReadAllLinesAsync(path, cancellationToken);
        }
        catch (IOException)
        {
            // What the world may do is an answer: nobody is matched, and nobody differs.
            return IdentityAnswer.SourceDown;
        }

        var columns = lines.Select(line => line.Split(';')).FirstOrDefault(columns => columns[0] == question.Number.E164);
        if (columns is not [_, var given, var family])
        {
            return new IdentityAnswer(IdentityMatch.NotAvailable);
        }
        var names = NameMatcher.Compare(new(given, family), question.Name, question.Policy ?? MatchPolicy.Standard);
        return new IdentityAnswer(names.Match, Source: SourceName.Parse("customers"), Rule: names.Family.Rule.Name, Score: names.Score);
    }
}
