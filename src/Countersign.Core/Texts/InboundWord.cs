namespace Countersign.Core.Texts;

/// <summary>What a person who writes to a sender of texts wants, by the words that carriers have agreed on.</summary>
public enum InboundWord
{
    /// <summary>Something else: nobody here reads it.</summary>
    None,

    /// <summary>No more texts of this sender.</summary>
    Stop,

    /// <summary>No more texts of any sender.</summary>
    StopAll,

    /// <summary>Texts are welcome again.</summary>
    Start,

    Help,
}

public static class InboundWords
{
    /// <summary>The word that a text consists of, in any case; signs and spaces around it do not count, words around it do.</summary>
    public static InboundWord Of(string text)
    {
        var word = text.Trim();
        var (from, to) = (0, word.Length);
        while (from < to && !char.IsLetterOrDigit(word[from]))
        {
            from++;
        }
        while (to > from && !char.IsLetterOrDigit(word[to - 1]))
        {
            to--;
        }
        return word[from..to].ToUpperInvariant() switch
        {
            "STOP" or "UNSUBSCRIBE" or "CANCEL" or "END" or "QUIT" => InboundWord.Stop,
            "STOPALL" or "STOP ALL" => InboundWord.StopAll,
            "START" or "UNSTOP" => InboundWord.Start,
            "HELP" => InboundWord.Help,
            _ => InboundWord.None,
        };
    }
}
