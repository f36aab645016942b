namespace Countersign.NameMatching;

/// <summary>So many of so many, with the interval that the true share lies in, 19 times of 20 (Wilson).</summary>
internal sealed record Proportion(int Hits, int Of)
{
    public double? Share => Of == 0 ? null : (double)Hits / Of;

    public double Low => Bounds().Low;

    public double High => Bounds().High;

    public override string ToString() => Of == 0
        ? "-"
        : FormattableString.Invariant($"{100.0 * Hits / Of,6:0.00} % [{100 * Low,5:0.00}, {100 * High,6:0.00}]");

    private (double Low, double High) Bounds()
    {
        if (Of == 0)
        {
            return (0, 1);
        }
        const double Z = 1.959964;
        var (n, p) = ((double)Of, (double)Hits / Of);
        var middle = (p + Z * Z / (2 * n)) / (1 + Z * Z / n);
        var half = Z * Math.Sqrt(p * (1 - p) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n);
        return (Math.Max(0, middle - half), Math.Min(1, middle + half));
    }
}
