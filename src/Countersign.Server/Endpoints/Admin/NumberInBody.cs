using Countersign.Core;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>The member <c>phoneNumber</c> of admin calls, in any way a person writes the number. A number stands in a body, never in an address.</summary>
internal static class NumberInBody
{
    private const string Member = "phoneNumber";
    private const string Rule = "must be a number with its country code";

    /// <summary>For a number that names no line of its numbering plan.</summary>
    public static Answer Refusal => Answer.Of(Fault.Invalid(Member, Rule));

    /// <summary>The number without punctuation, to be found in its numbering plan; null when it is not given or has not the shape of one.</summary>
    public static string? Read(RequestBody body, bool isRequired = false) =>
        body.Text(Member, isRequired, text => PhoneNumber.WithPlus(WithoutPunctuation(text)) is null ? Rule : null) is { } text ? WithoutPunctuation(text) : null;

    private static string WithoutPunctuation(string text) =>
        string.Concat(text.Where(c => !char.IsWhiteSpace(c) && c is not ('-' or '.' or '(' or ')' or '/')));
}
