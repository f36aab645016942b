using Countersign.Core.Money;
using Countersign.Core.Projects;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>How much a project's texts may cost, as the admin API reads it: an object that is replaced as a whole.</summary>
internal static class CapSettings
{
    private const string Description = "How much the project's texts may cost, by the prices of the server. An amount or both.";

    private static readonly FractionShape _amount = new(0, Amounts.Max);

    private static readonly Member<decimal?> _perDay = Member.OptionalValue("perDay", _amount, "In a calendar day, in UTC.");
    private static readonly Member<decimal?> _perMonth = Member.OptionalValue("perMonth", _amount, "In a calendar month, in UTC.");
    private static readonly Member<string> _currency = Member.Required(
        "currency", Shape.Text() with { Pattern = "^[A-Z]{3}$" }, "That of the server's prices (ISO 4217).");

    private static readonly Member[] _members = [_perDay, _perMonth, _currency];

    public static ObjectMember Given { get; } = new(
        "caps", Schema.Closed(
            Description + " It replaces the caps that there are.", _perDay.OrNull("no cap"), _perMonth.OrNull("no cap"), _currency));

    /// <summary>Absent without caps of its own.</summary>
    public static Member Answered { get; } = new(Given, Schema.Closed(Description + " Absent without.", _members));

    public static ProjectSettings Read(RequestMembers body, ProjectSettings settings)
    {
        if (body.Read(Given) is not { } caps)
        {
            return settings;
        }
        return settings with { Caps = new Caps(caps.Read(_perDay), caps.Read(_perMonth), caps.Read(_currency) ?? "") };
    }
}

/// <summary>A project's caps, as they are answered.</summary>
internal sealed record CapsResponse(decimal? PerDay, decimal? PerMonth, string Currency)
{
    public static CapsResponse? Of(Caps? caps) => caps is null ? null : new(caps.PerDay, caps.PerMonth, caps.Currency);

    public override string ToString() => nameof(CapsResponse);
}
