using BenchmarkDotNet.Attributes;
using Countersign.Core;
using Countersign.Core.Names;

namespace Countersign.Benchmarks;

/// <summary>What one comparison costs, by what separates the names.</summary>
[MemoryDiagnoser]
public class NameMatcherBenchmarks
{
    private static readonly Dictionary<string, (PersonName Recorded, PersonName Given)> _pairs = new(StringComparer.Ordinal)
    {
        ["exact"] = (new("Anna", "Smith"), new("Anna", "Smith")),
        ["diacritics"] = (new("Jürgen", "Müller"), new("Juergen", "Mueller")),
        ["transliteration"] = (new("Владимир", "Щукин"), new("Vladimir", "Shchukin")),
        ["nickname"] = (new("Robert", "Smith"), new("Bob", "Smith")),
        ["double-barrel"] = (new("Ana María", "García López"), new("Ana", "García")),
        ["typo"] = (new("Katherine", "Smith"), new("Kathrine", "Smith")),
        ["swapped"] = (new("Anna", "Smith"), new("Smith", "Anna")),
        ["unrelated"] = (new("Anna", "Smith"), new("Robert", "Jones")),
    };

    private (PersonName Recorded, PersonName Given) _pair;

    [ParamsSource(nameof(Categories))]
    public string Category { get; set; } = "exact";

    public static IEnumerable<string> Categories => _pairs.Keys;

    [GlobalSetup]
    public void Choose() => _pair = _pairs[Category];

    [Benchmark]
    public NameComparison Compare() => NameMatcher.Compare(_pair.Recorded, _pair.Given, MatchPolicy.Standard);
}
