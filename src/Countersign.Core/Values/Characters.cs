using System.Globalization;
using System.Text;

namespace Countersign.Core;

/// <summary>Characters that a screen does not show.</summary>
public static class Invisible
{
    /// <summary>
    /// A format character, or another that Unicode lets programs leave out (Default_Ignorable_Code_Point): joiners, direction and byte order marks,
    /// variation selectors, fillers.
    /// </summary>
    public static bool Is(Rune rune) => Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format || rune.Value is
        0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5
        or (>= 0x180B and <= 0x180F)
        or (>= 0x2060 and <= 0x206F)
        or 0x3164
        or (>= 0xFE00 and <= 0xFE0F)
        or 0xFFA0
        or (>= 0xFFF0 and <= 0xFFF8)
        or (>= 0xE0000 and <= 0xE0FFF);
}
