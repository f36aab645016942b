using Countersign.Core;

namespace Countersign.Server.Timeline;

/// <summary>What the answers of one-call verifications mean, by the reason of their assurance level.</summary>
internal static class AnswerMeanings
{
    public static IReadOnlyDictionary<string, Meaning> All { get; } = new Dictionary<string, Meaning>(StringComparer.Ordinal)
    {
        [FlowReason.Untrusted] = new(
            "The answer was no: the number or its record cannot be trusted.",
            "Die Antwort war nein: Der Nummer oder ihrem Eintrag ist nicht zu trauen.",
            "La respuesta fue no: el número o su registro no son de fiar.",
            "La réponse était non : le numéro ou son enregistrement n’est pas fiable.",
            NextSteps.AnotherWay),
        // In Live it is also said where another name is on record and may not be told.
        [FlowReason.NothingKnown] = new(
            "The answer was no: nothing on record speaks for it, or no identity source answered.",
            "Die Antwort war nein: Nichts Eingetragenes spricht dafür, oder keine Identitätsquelle hat geantwortet.",
            "La respuesta fue no: nada registrado lo respalda, o ninguna fuente de identidad respondió.",
            "La réponse était non : rien d’enregistré ne l’appuie, ou aucune source d’identité n’a répondu.",
            NextSteps.AnotherWay),
        [FlowReason.AnotherName] = new(
            "The answer was no: the number is on record under another name.",
            "Die Antwort war nein: Die Nummer ist auf einen anderen Namen eingetragen.",
            "La respuesta fue no: el número está registrado con otro nombre.",
            "La réponse était non : le numéro est enregistré sous un autre nom.",
            NextSteps.CheckNames),
        [FlowReason.OnRecord] = new(
            "Somebody is on record for the number; no name was compared.",
            "Zur Nummer ist jemand eingetragen; ein Name wurde nicht verglichen.",
            "Hay alguien registrado con el número; no se comparó ningún nombre.",
            "Quelqu’un est enregistré pour le numéro ; aucun nom n’a été comparé.",
            NextSteps.Nothing),
        [FlowReason.NameBelongs] = new(
            "The answer was yes: name and number belong together.",
            "Die Antwort war ja: Name und Nummer gehören zusammen.",
            "La respuesta fue sí: el nombre corresponde al número.",
            "La réponse était oui : le nom correspond au numéro.",
            NextSteps.Nothing),
        [FlowReason.ElementBelongs] = new(
            "The answer was yes: name, number and one further element belong together.",
            "Die Antwort war ja: Name, Nummer und eine weitere Angabe gehören zusammen.",
            "La respuesta fue sí: el nombre, el número y otro dato corresponden.",
            "La réponse était oui : le nom, le numéro et un autre élément correspondent.",
            NextSteps.Nothing),
    };
}
