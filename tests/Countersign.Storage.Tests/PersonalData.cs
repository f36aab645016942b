using System.Text;

namespace Countersign.Storage.Tests;

/// <summary>Traces of the person in <see cref="Sample"/> that must stand nowhere in clear.</summary>
internal static class PersonalData
{
    private static readonly string[] _markers =
        ["2025550142", "Lori", "Montgomery", "is your code", "Marker", "shop.example", "\"possession\"", "\"proof\""];

    public static void AssertNoneIn(object value)
    {
        var bytes = value switch
        {
            byte[] b => b,
            string s => Encoding.UTF8.GetBytes(s),
            _ => [],
        };
        AssertNoneIn(bytes, "a column");
    }

    public static void AssertNoneIn(ReadOnlySpan<byte> bytes, string where)
    {
        foreach (var marker in _markers)
        {
            if (bytes.IndexOf(Encoding.UTF8.GetBytes(marker)) >= 0)
            {
                Assert.Fail($"'{marker}' stands in clear in {where}.");
            }
        }
    }
}
