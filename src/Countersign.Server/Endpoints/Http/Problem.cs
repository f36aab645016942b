using System.Text.Json;
using Countersign.Core.Projects;
using Microsoft.AspNetCore.WebUtilities;

namespace Countersign.Server.Endpoints.Http;

/// <summary>
/// Refusals as RFC 9457 has them, with the house's own members beside: for the operations that the published contract does not have.
/// </summary>
internal static class Problem
{
    public const string ContentType = "application/problem+json";

    // Section 4.2.1: the status says what kind it is, and the code says it more closely.
    public const string Type = "about:blank";

    public static Answer Of(Fault fault, ErrorCodes family = ErrorCodes.Standard)
    {
        var body = new ProblemBody(
            Type, TitleOf(fault), fault.Status, fault.Message, fault.CodeFor(family), fault.Message, fault.End);
        return new Answer(fault.Status, JsonSerializer.SerializeToUtf8Bytes(body, HttpJson.Answers.ProblemBody))
        {
            RetryAfter = fault.RetryAfter,
            IsProblem = true,
        };
    }

    /// <summary>With that type it is the status in words.</summary>
    public static string TitleOf(Fault fault) => ReasonPhrases.GetReasonPhrase(fault.Status);
}

/// <param name="Detail">The same text as the message.</param>
/// <param name="End">How the flow ended, where the refusal is about that.</param>
internal sealed record ProblemBody(string Type, string Title, int Status, string Detail, int Code, string Message, string? End)
{
    public override string ToString() => $"{Status} {Code}";
}
