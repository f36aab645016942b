namespace Countersign.Core.Texts;

/// <summary>How many segments a text takes on the air (3GPP TS 23.038: 160 septets, or 70 UTF-16 units; 153 and 67 when it is cut).</summary>
public static class SmsAlphabet
{
    private const string Basic =
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

    // These cost two septets: an escape and the character.
    private const string Extension = "^{}\\[~]|€\f";

    public static int CountSegments(string text)
    {
        var septets = 0;
        foreach (var character in text)
        {
            if (Basic.Contains(character, StringComparison.Ordinal))
            {
                septets++;
            }
            else if (Extension.Contains(character, StringComparison.Ordinal))
            {
                septets += 2;
            }
            else
            {
                return Segments(text.Length, whole: 70, part: 67);
            }
        }
        return Segments(septets, whole: 160, part: 153);
    }

    private static int Segments(int units, int whole, int part) => units <= whole ? 1 : (units + part - 1) / part;
}
