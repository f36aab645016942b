namespace Countersign.Client;

/// <summary>What stands in a log where a person's data or a secret would.</summary>
internal static class Mask
{
    public const string Whole = "***";

    private const int ShownAtStart = 2;
    private const int ShownAtEnd = 2;

    /// <summary><c>+12001004011</c> → <c>+1********11</c>: enough to tell two numbers of a test apart, not to call one.</summary>
    public static string Phone(string? phoneNumber) => phoneNumber switch
    {
        null => "",
        { Length: < 8 } => Whole,
        _ => Hide(phoneNumber.ToCharArray()),
    };

    public static string Presence(string? value) => string.IsNullOrEmpty(value) ? "" : Whole;

    private static string Hide(char[] characters)
    {
        for (var i = ShownAtStart; i < characters.Length - ShownAtEnd; i++)
        {
            characters[i] = '*';
        }

        return new string(characters);
    }
}
