using Countersign.Core;

namespace Countersign.Server.Timeline;

/// <summary>What the reasons mean that are of possession, of the number and of what was tied.</summary>
internal static class FlowMeanings
{
    public static IReadOnlyDictionary<string, Meaning> All { get; } = new Dictionary<string, Meaning>(StringComparer.Ordinal)
    {
        [FlowReason.Expired] = new(
            "The time was over.",
            "Die Zeit war um.",
            "Se acabó el tiempo.",
            "Le temps était écoulé.",
            NextSteps.Again),
        [FlowReason.WrongEntries] = new(
            "The entries were wrong.",
            "Die Eingaben waren falsch.",
            "Los intentos fueron incorrectos.",
            "Les saisies étaient fausses.",
            NextSteps.EnterAgain),
        [FlowReason.NoText] = new(
            "No text could be sent.",
            "Es konnte keine Nachricht gesendet werden.",
            "No se pudo enviar ningún mensaje.",
            "Aucun message n’a pu être envoyé.",
            NextSteps.AnotherNumber),
        [FlowReason.GivenUp] = new(
            "The person or the page gave up.",
            "Die Person oder die Seite hat aufgegeben.",
            "La persona o la página abandonó.",
            "La personne ou la page a abandonné.",
            NextSteps.Again),
        [FlowReason.Declined] = new(
            "The phone's holder declined.",
            "Wer das Telefon hat, hat abgelehnt.",
            "Quien tiene el teléfono lo rechazó.",
            "La personne qui détient le téléphone a refusé.",
            NextSteps.Suspect),
        [FlowReason.Undelivered] = new(
            "The text was not delivered.",
            "Die Nachricht wurde nicht zugestellt.",
            "El mensaje no se entregó.",
            "Le message n’a pas été remis.",
            NextSteps.CheckNumber),
        [FlowReason.BudgetSpent] = new(
            "A limit or a cap stood in the way.",
            "Ein Limit oder eine Obergrenze stand im Weg.",
            "Lo impidió un límite o un tope.",
            "Une limite ou un plafond l’a empêché.",
            NextSteps.WaitForBudget),
        [FlowReason.Cancelled] = new(
            "The relying party cancelled the flow.",
            "Der anfragende Dienst hat den Vorgang abgebrochen.",
            "El servicio canceló el proceso.",
            "Le service a annulé le processus.",
            NextSteps.Nothing),
        [FlowReason.WithoutBrowser] = new(
            "No browser was needed for it.",
            "Dafür war kein Browser nötig.",
            "No hizo falta ningún navegador.",
            "Aucun navigateur n’a été nécessaire.",
            NextSteps.Nothing),
        [FlowReason.SimSwap] = new(
            "The number's SIM was changed within the last 24 hours.",
            "Die SIM-Karte der Nummer wurde in den letzten 24 Stunden gewechselt.",
            "La SIM del número se cambió en las últimas 24 horas.",
            "La SIM du numéro a été changée au cours des dernières 24 heures.",
            NextSteps.WaitForSim),
        [FlowReason.SimSwapInWeek] = new(
            "The number's SIM was changed within the last seven days.",
            "Die SIM-Karte der Nummer wurde in den letzten sieben Tagen gewechselt.",
            "La SIM del número se cambió en los últimos siete días.",
            "La SIM du numéro a été changée au cours des sept derniers jours.",
            NextSteps.WaitForSim),
        [FlowReason.Recycled] = new(
            "The number was given to somebody else since it was last confirmed.",
            "Die Nummer wurde seit der letzten Bestätigung neu vergeben.",
            "El número se asignó a otra persona desde la última confirmación.",
            "Le numéro a été réattribué depuis la dernière confirmation.",
            NextSteps.AnotherWay),
        [FlowReason.VeryShortTenure] = new(
            "The person has had the number for a very short time.",
            "Die Person hat die Nummer erst seit sehr kurzer Zeit.",
            "La persona tiene el número desde hace muy poco.",
            "La personne a ce numéro depuis très peu de temps.",
            NextSteps.AnotherWay),
        [FlowReason.ShortTenure] = new(
            "The person has had the number for a short time.",
            "Die Person hat die Nummer erst seit kurzer Zeit.",
            "La persona tiene el número desde hace poco.",
            "La personne a ce numéro depuis peu de temps.",
            NextSteps.AnotherWay),
        [FlowReason.RiskUnknown] = new(
            "Nobody could say what has happened to the number lately, and the project takes that for a no.",
            "Niemand konnte sagen, was mit der Nummer zuletzt geschah, und das Projekt wertet das als Nein.",
            "Nadie pudo decir qué le ha ocurrido al número últimamente, y el proyecto lo toma por un no.",
            "Personne n’a pu dire ce qui est arrivé au numéro récemment, et le projet le prend pour un non.",
            NextSteps.AgainLater),
        [FlowReason.WithDevice] = new(
            "The browser is remembered, so that its next flow needs no text.",
            "Der Browser ist gemerkt; sein nächster Vorgang braucht keine Nachricht.",
            "El navegador queda recordado: su próximo proceso no necesitará mensaje.",
            "Le navigateur est mémorisé : son prochain processus n’aura pas besoin de SMS.",
            NextSteps.Nothing),
    };
}
