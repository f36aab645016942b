using Countersign.Core;

namespace Countersign.Server.Timeline;

/// <summary>What the reasons mean for which a passkey was refused.</summary>
internal static class PasskeyMeanings
{
    public static IReadOnlyDictionary<string, Meaning> All { get; } = new Dictionary<string, Meaning>(StringComparer.Ordinal)
    {
        [FlowReason.PasskeyMalformed] = new(
            "What the browser sent as proof of its key cannot be read.",
            "Was der Browser als Beweis seines Schlüssels sandte, ist nicht lesbar.",
            "Lo que el navegador envió como prueba de su clave no se puede leer.",
            "Ce que le navigateur a envoyé comme preuve de sa clé est illisible.",
            NextSteps.RegisterKey),
        [FlowReason.PasskeyNotAskedFor] = new(
            "The browser sent a proof that was not asked for.",
            "Der Browser sandte einen Beweis, nach dem nicht gefragt war.",
            "El navegador envió una prueba que no se le había pedido.",
            "Le navigateur a envoyé une preuve qui n’était pas demandée.",
            NextSteps.Again),
        [FlowReason.PasskeyPageNotAllowed] = new(
            "The page that asked for the key is not one of the project's.",
            "Die Seite, die nach dem Schlüssel fragte, gehört nicht zum Projekt.",
            "La página que pidió la clave no es una de las del proyecto.",
            "La page qui a demandé la clé n’est pas de celles du projet.",
            NextSteps.FixPage),
        [FlowReason.PasskeyCounter] = new(
            "The key's counter did not grow, so there may be a copy of it.",
            "Der Zähler des Schlüssels ist nicht gewachsen: Es kann eine Kopie davon geben.",
            "El contador de la clave no aumentó, así que puede haber una copia.",
            "Le compteur de la clé n’a pas augmenté : il peut en exister une copie.",
            NextSteps.RegisterKey),
        [FlowReason.PasskeyOvertaken] = new(
            "A later proof of the same key was accepted before.",
            "Ein späterer Beweis desselben Schlüssels wurde schon anerkannt.",
            "Ya se había aceptado una prueba posterior de la misma clave.",
            "Une preuve plus récente de la même clé a déjà été acceptée.",
            NextSteps.Again),
        [FlowReason.PasskeyNotVerified] = new(
            "The device did not check who used the key, which the project requires.",
            "Das Gerät hat nicht geprüft, wer den Schlüssel benutzt; das Projekt verlangt es.",
            "El dispositivo no comprobó quién usaba la clave, y el proyecto lo exige.",
            "L’appareil n’a pas vérifié qui utilisait la clé, ce que le projet exige.",
            NextSteps.UnlockDevice),
        [FlowReason.PasskeyBackupChanged] = new(
            "Whether the key can be copied has changed since it was registered.",
            "Ob der Schlüssel kopiert werden kann, hat sich seit der Anmeldung geändert.",
            "Desde que se registró la clave ha cambiado si se puede copiar.",
            "Depuis l’enregistrement de la clé, la possibilité de la copier a changé.",
            NextSteps.RegisterKey),
        [FlowReason.PasskeyNotProven] = new(
            "The proof of the key does not hold.",
            "Der Beweis des Schlüssels ist nicht gültig.",
            "La prueba de la clave no es válida.",
            "La preuve de la clé n’est pas valable.",
            NextSteps.RegisterKey),
    };
}
