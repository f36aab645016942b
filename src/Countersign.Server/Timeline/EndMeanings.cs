using Countersign.Core.History;
using Countersign.Core.IdentityMatching;

namespace Countersign.Server.Timeline;

/// <summary>What each end of a flow means.</summary>
internal static class EndMeanings
{
    /// <summary>
    /// Of <see cref="FlowEnd.Differs"/> where nobody may be told which of two it is (<see cref="IdentityAnswer.WithoutRecord"/>).
    /// </summary>
    public static Meaning NotTold { get; } = new(
        "Nobody is on record for the number, or another name is.",
        "Zur Nummer ist niemand eingetragen, oder ein anderer Name.",
        "No hay nadie registrado con ese número, o lo está otro nombre.",
        "Personne n’est enregistré pour ce numéro, ou un autre nom l’est.",
        NextSteps.CheckNames);

    public static IReadOnlyDictionary<string, Meaning> All { get; } = new Dictionary<string, Meaning>(StringComparer.Ordinal)
    {
        [FlowEnd.Matched] = new(
            "It succeeded: the name belongs to the number, and where that was asked for, the person holds the phone.",
            "Erfolg: Der Name gehört zur Nummer, und wo danach gefragt war, hat die Person das Telefon.",
            "Éxito: el nombre corresponde al número y, si se pidió comprobarlo, la persona tiene el teléfono.",
            "Succès : le nom correspond au numéro et, si c’était demandé, la personne détient le téléphone.",
            NextSteps.Nothing),
        [FlowEnd.Differs] = new(
            "The number belongs to another name.",
            "Die Nummer gehört zu einem anderen Namen.",
            "El número corresponde a otro nombre.",
            "Le numéro correspond à un autre nom.",
            NextSteps.CheckNames),
        [FlowEnd.NotComparable] = new(
            "There is a record of the number, and its name cannot be compared with the one given.",
            "Zur Nummer gibt es einen Eintrag, dessen Name mit dem genannten nicht vergleichbar ist.",
            "Hay un registro del número, pero su nombre no se puede comparar con el indicado.",
            "Il existe un enregistrement du numéro, mais son nom n’est pas comparable à celui donné.",
            NextSteps.CheckNames),
        [FlowEnd.NoRecord] = new(
            "Nobody is on record for the number.",
            "Zur Nummer ist niemand eingetragen.",
            "No hay nadie registrado con ese número.",
            "Personne n’est enregistré pour ce numéro.",
            NextSteps.AnotherWay),
        [FlowEnd.SourceUnavailable] = new(
            "Who the number belongs to could not be asked: no identity source answered.",
            "Wem die Nummer gehört, war nicht zu erfragen: Keine Identitätsquelle hat geantwortet.",
            "No se pudo preguntar a quién pertenece el número: ninguna fuente de identidad respondió.",
            "Impossible de demander à qui appartient le numéro : aucune source d’identité n’a répondu.",
            NextSteps.FixSource),
        [FlowEnd.Completed] = new(
            "All calls of the flow were made and answered.",
            "Alle Aufrufe des Vorgangs wurden gemacht und beantwortet.",
            "Se hicieron y respondieron todas las llamadas del proceso.",
            "Tous les appels du processus ont été faits et ont reçu réponse.",
            NextSteps.Nothing),
        [FlowEnd.Bound] = new(
            "Number and person are tied together.",
            "Nummer und Person sind verbunden.",
            "El número y la persona quedan vinculados.",
            "Le numéro et la personne sont liés.",
            NextSteps.Nothing),
        [FlowEnd.AnotherPerson] = new(
            "The number is no longer that of the person who was asked for.",
            "Die Nummer gehört nicht mehr der Person, nach der gefragt wurde.",
            "El número ya no pertenece a la persona por la que se preguntó.",
            "Le numéro n’est plus celui de la personne demandée.",
            NextSteps.AnotherWay),
        [FlowEnd.KeyVoid] = new(
            "The browser's key was revoked, or its number went to somebody else, while it was used.",
            "Der Schlüssel des Browsers wurde während der Benutzung widerrufen, oder seine Nummer ging an jemand anderen.",
            "La clave del navegador se revocó, o su número pasó a otra persona, mientras se usaba.",
            "La clé du navigateur a été révoquée, ou son numéro est passé à quelqu’un d’autre, pendant son usage.",
            NextSteps.RegisterKey),
        [FlowEnd.NotAccepted] = new(
            "The person holds the phone, and it is not accepted for what has happened to the number lately.",
            "Die Person hat das Telefon; wegen dessen, was mit der Nummer zuletzt geschah, wird das nicht anerkannt.",
            "La persona tiene el teléfono, pero no se acepta por lo que le ha ocurrido al número últimamente.",
            "La personne détient le téléphone, mais ce n’est pas accepté à cause de ce qui est arrivé au numéro récemment.",
            NextSteps.AnotherWay),
        [FlowEnd.Expired] = new(
            "The time was over before the person confirmed.",
            "Die Zeit war um, bevor die Person bestätigt hat.",
            "Se acabó el tiempo antes de que la persona confirmara.",
            "Le temps était écoulé avant que la personne ne confirme.",
            NextSteps.Again),
        [FlowEnd.Undelivered] = new(
            "The text did not reach the phone.",
            "Die Nachricht hat das Telefon nicht erreicht.",
            "El mensaje no llegó al teléfono.",
            "Le message n’est pas arrivé au téléphone.",
            NextSteps.CheckNumber),
        [FlowEnd.WrongEntries] = new(
            "What was entered was wrong, and no entry was left.",
            "Die Eingabe war falsch, und es war keine mehr übrig.",
            "Lo que se introdujo era incorrecto y no quedaban intentos.",
            "La saisie était fausse et il n’en restait plus.",
            NextSteps.Again),
        [FlowEnd.Unavailable] = new(
            "None of the ways to show that one holds the phone could be used.",
            "Keiner der Wege, den Besitz des Telefons zu zeigen, war gangbar.",
            "No se pudo usar ninguna de las maneras de demostrar que se tiene el teléfono.",
            "Aucun des moyens de montrer que l’on détient le téléphone n’était utilisable.",
            NextSteps.AnotherNumber),
        [FlowEnd.GivenUp] = new(
            "The person, or the page for them, gave up.",
            "Die Person, oder die Seite für sie, hat aufgegeben.",
            "La persona, o la página por ella, abandonó.",
            "La personne, ou la page pour elle, a abandonné.",
            NextSteps.Again),
        [FlowEnd.Declined] = new(
            "The phone's holder said: this was not me.",
            "Wer das Telefon hat, sagte: Das war ich nicht.",
            "Quien tiene el teléfono dijo: no fui yo.",
            "La personne qui détient le téléphone a dit : ce n’était pas moi.",
            NextSteps.Suspect),
        [FlowEnd.BudgetSpent] = new(
            "A limit on texts or entries, or a cap on their cost, is reached.",
            "Ein Limit für Nachrichten oder Eingaben, oder eine Obergrenze ihrer Kosten, ist erreicht.",
            "Se alcanzó un límite de mensajes o intentos, o el tope de su coste.",
            "Une limite de messages ou de saisies, ou un plafond de leur coût, est atteint.",
            NextSteps.WaitForBudget),
        [FlowEnd.Cancelled] = new(
            "The relying party cancelled it.",
            "Der Vorgang wurde vom anfragenden Dienst abgebrochen.",
            "El servicio que lo inició lo canceló.",
            "Le service qui l’avait commencé l’a annulé.",
            NextSteps.Nothing),
        [FlowEnd.RanOutReady] = new(
            "The flow's time ended before the browser began, or went on.",
            "Die Zeit des Vorgangs war um, bevor der Browser begann oder weitermachte.",
            "El tiempo del proceso terminó antes de que el navegador empezara o siguiera.",
            "Le temps du processus s’est écoulé avant que le navigateur ne commence ou ne continue.",
            NextSteps.Again),
        [FlowEnd.RanOutChallenged] = new(
            "The flow's time ended while the person was asked to confirm.",
            "Die Zeit des Vorgangs war um, während die Person bestätigen sollte.",
            "El tiempo del proceso terminó mientras se esperaba que la persona confirmara.",
            "Le temps du processus s’est écoulé pendant que la personne devait confirmer.",
            NextSteps.Again),
        [FlowEnd.RanOutMatching] = new(
            "The flow's time ended before it was known whether the name belongs to the number.",
            "Die Zeit des Vorgangs war um, bevor feststand, ob der Name zur Nummer gehört.",
            "El tiempo del proceso terminó antes de que se supiera si el nombre corresponde al número.",
            "Le temps du processus s’est écoulé avant que l’on sache si le nom correspond au numéro.",
            NextSteps.AgainLater),
        [FlowEnd.RanOutProven] = new(
            "The person showed that they hold the phone, and validate was not called.",
            "Die Person hat den Besitz des Telefons gezeigt, und validate wurde nicht aufgerufen.",
            "La persona demostró que tiene el teléfono, y no se llamó a validate.",
            "La personne a montré qu’elle détient le téléphone, et validate n’a pas été appelé.",
            NextSteps.AgainAndFinish),
        [FlowEnd.RanOutAwaitingChallenge] = new(
            "Possession was told, and challenge was not called.",
            "Der Besitz wurde mitgeteilt, und challenge wurde nicht aufgerufen.",
            "Se comunicó la posesión, y no se llamó a challenge.",
            "La possession a été communiquée, et challenge n’a pas été appelé.",
            NextSteps.AgainAndFinish),
        [FlowEnd.RanOutChallenging] = new(
            "The flow's time ended while the identity source was asked for challenge.",
            "Die Zeit des Vorgangs war um, während die Identitätsquelle für challenge gefragt wurde.",
            "El tiempo del proceso terminó mientras se consultaba la fuente de identidad para challenge.",
            "Le temps du processus s’est écoulé pendant que la source d’identité était interrogée pour challenge.",
            NextSteps.AgainLater),
        [FlowEnd.RanOutAwaitingComplete] = new(
            "Everything before it was answered, and complete was not called.",
            "Alles davor wurde beantwortet, und complete wurde nicht aufgerufen.",
            "Se respondió todo lo anterior, y no se llamó a complete.",
            "Tout ce qui précède a reçu réponse, et complete n’a pas été appelé.",
            NextSteps.AgainAndFinish),
        [FlowEnd.RanOutCompleting] = new(
            "The flow's time ended while the person's data were checked for complete.",
            "Die Zeit des Vorgangs war um, während die Angaben für complete geprüft wurden.",
            "El tiempo del proceso terminó mientras se comprobaban los datos para complete.",
            "Le temps du processus s’est écoulé pendant que les données étaient vérifiées pour complete.",
            NextSteps.AgainLater),
        [FlowEnd.RanOutAwaitingOwnCheck] = new(
            "The relying party was to check possession itself, and unify-bind was not called.",
            "Der anfragende Dienst sollte den Besitz selbst prüfen, und unify-bind wurde nicht aufgerufen.",
            "El servicio debía comprobar la posesión por sí mismo, y no se llamó a unify-bind.",
            "Le service devait vérifier lui-même la possession, et unify-bind n’a pas été appelé.",
            NextSteps.AgainAndFinish),
        [FlowEnd.RanOutBinding] = new(
            "The flow's time ended before number, person and device were tied together.",
            "Die Zeit des Vorgangs war um, bevor Nummer, Person und Gerät verbunden waren.",
            "El tiempo del proceso terminó antes de vincular número, persona y dispositivo.",
            "Le temps du processus s’est écoulé avant que numéro, personne et appareil ne soient liés.",
            NextSteps.AgainLater),
        [FlowEnd.Answered] = new(
            "A one-call verification was answered.",
            "Eine Prüfung in einem einzigen Aufruf wurde beantwortet.",
            "Se respondió una verificación de una sola llamada.",
            "Une vérification en un seul appel a reçu sa réponse.",
            NextSteps.Nothing),
        [FlowEnd.RefusedLimit] = new(
            "The call was refused before a flow began: a limit, or a cap on costs, is reached.",
            "Der Aufruf wurde vor Beginn eines Vorgangs abgelehnt: Ein Limit oder eine Kostengrenze ist erreicht.",
            "La llamada se rechazó antes de iniciar un proceso: se alcanzó un límite o un tope de costes.",
            "L’appel a été refusé avant tout processus : une limite ou un plafond de coût est atteint.",
            NextSteps.WaitForBudget),
        [FlowEnd.RefusedNumber] = new(
            "The call was refused: this number may not be used here.",
            "Der Aufruf wurde abgelehnt: Diese Nummer ist hier nicht zugelassen.",
            "La llamada se rechazó: este número no se puede usar aquí.",
            "L’appel a été refusé : ce numéro n’est pas admis ici.",
            NextSteps.AnotherNumber),
        [FlowEnd.RefusedUnknownTestUser] = new(
            "The call was refused: no test user of the sandbox has this number.",
            "Der Aufruf wurde abgelehnt: Kein Testnutzer der Sandbox hat diese Nummer.",
            "La llamada se rechazó: ningún usuario de prueba del sandbox tiene este número.",
            "L’appel a été refusé : aucun utilisateur de test du bac à sable n’a ce numéro.",
            NextSteps.UseTestUser),
        [FlowEnd.RefusedOtherProduct] = new(
            "The call was refused: the sandbox's test user belongs to another product.",
            "Der Aufruf wurde abgelehnt: Der Testnutzer der Sandbox gehört zu einem anderen Produkt.",
            "La llamada se rechazó: el usuario de prueba del sandbox es de otro producto.",
            "L’appel a été refusé : l’utilisateur de test du bac à sable est d’un autre produit.",
            NextSteps.UseTestUser),
    };
}
