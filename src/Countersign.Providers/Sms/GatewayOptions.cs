using System.Diagnostics.CodeAnalysis;
using Countersign.Core;

namespace Countersign.Providers.Sms;

/// <summary>What every text gateway has under <c>Countersign:Gateways:&lt;name&gt;</c>. Each type adds its own.</summary>
public abstract class GatewayOptions
{
    /// <summary>One of <see cref="GatewayTypes.Known"/>.</summary>
    public string? Type { get; set; }

    /// <summary>Bare origin under which the provider reaches this server with receipts.</summary>
    /// <value><c>Countersign:PublicUrl</c> by default.</value>
    public string? CallbackUrl { get; set; }

    /// <summary>The gateway's name, from the configuration's path.</summary>
    internal GatewayName Name { get; set; }

    /// <summary>The options' names as they are written in the configuration.</summary>
    internal abstract IReadOnlyCollection<string> Names { get; }

    /// <summary>Says of each option what is wrong with it.</summary>
    internal abstract void Check(OptionFaults faults);

    /// <summary>The names of a type's options, from its public properties.</summary>
    protected static string[] NamesOf<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] T>() =>
        [.. typeof(T).GetProperties().Select(property => property.Name)];

    public override string ToString() => $"{Type} {Name}";
}

/// <summary>A sender of one's own: what texts come from where no route says otherwise.</summary>
internal interface IHasSender
{
    /// <value>None by default: the provider's own, where it has one.</value>
    string? Sender { get; }
}
