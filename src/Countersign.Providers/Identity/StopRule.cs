namespace Countersign.Providers.Identity;

/// <summary>After which answer of a source no further one is asked. One that cannot be asked is always passed over.</summary>
public enum StopRule
{
    /// <summary>After matched or differs: the first that knows the number decides.</summary>
    Answer,

    /// <summary>After matched alone: a further source may know the person by another name.</summary>
    Matched,

    /// <summary>After any reply: that it has no record of the number counts too.</summary>
    Reply,
}
