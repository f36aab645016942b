namespace Countersign.Fuzzing;

/// <summary>The committed inputs, of which each was thought of or found: what ./fuzz begins with is played here without afl-fuzz.</summary>
public sealed class CorpusTests
{
    public static TheoryData<string> Names => [.. Targets.All.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_input_of_a_target_is_read_or_refused(string name)
    {
        var target = Targets.Find(name);
        var inputs = Corpus.Of(name);

        var problems = inputs.Select(input => (input.Name, Problem: ProblemOf(target, input.Bytes)))
            .Where(read => read.Problem is not null)
            .Select(read => $"{read.Name}: {read.Problem}");

        Assert.NotEmpty(inputs);
        Assert.Equal("", string.Join('\n', problems));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Inputs_that_are_cut_off_or_bent_are_read_or_refused_too(string name)
    {
        var target = Targets.Find(name);

        var problems = Corpus.Of(name).SelectMany(input => Bent(input.Bytes))
            .Select(input => ProblemOf(target, input))
            .Where(problem => problem is not null);

        Assert.Equal("", string.Join('\n', problems.Distinct()));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_input_still_comes_to_what_it_was_put_there_for(string name)
    {
        var target = Targets.Find(name);
        var expected = Corpus.Outcomes(name);

        var outcomes = Corpus.Of(name)
            .ToDictionary(input => input.Name, input => Execution.Run(target, input.Bytes), StringComparer.Ordinal);

        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), outcomes.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("", string.Join('\n', outcomes.Where(one => !one.Value.StartsWith(expected[one.Key], StringComparison.Ordinal))
            .Select(one => $"{name}/{one.Key}: {one.Value} (expected: {expected[one.Key]})")));
    }

    [Fact]
    public void Each_folder_of_the_corpus_has_its_target()
    {
        var folders = Corpus.Folders;

        Assert.Equal(Targets.All.Select(target => target.Name).Order(), folders.Order());
    }

    private static IEnumerable<byte[]> Bent(byte[] input)
    {
        yield return input[..(input.Length / 2)];
        yield return [.. input, .. input];
        // One byte in each of eight places, to what JSON, JWTs, forms and addresses give a meaning.
        for (var place = 0; place < 8; place++)
        {
            var bent = input.ToArray();
            if (bent.Length > 0)
            {
                bent[bent.Length * place / 8] = "\"\0\\.%\xff-9"u8[place];
            }
            yield return bent;
        }
    }

    private static string? ProblemOf(Target target, byte[] input)
    {
        try
        {
            Execution.Run(target, input);
            return null;
        }
        catch (Exception exception)
        {
            return exception.ToString();
        }
    }
}
