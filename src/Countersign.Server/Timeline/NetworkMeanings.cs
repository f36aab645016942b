using Countersign.Core;

namespace Countersign.Server.Timeline;

/// <summary>What the reasons mean for which the mobile network did not confirm a number.</summary>
internal static class NetworkMeanings
{
    public static IReadOnlyDictionary<string, Meaning> All { get; } = new Dictionary<string, Meaning>(StringComparer.Ordinal)
    {
        [FlowReason.AnotherNumber] = new(
            "The mobile network says that the connection has another number.",
            "Das Mobilfunknetz sagt, die Verbindung habe eine andere Nummer.",
            "La red móvil dice que la conexión tiene otro número.",
            "Le réseau mobile dit que la connexion a un autre numéro.",
            NextSteps.MobileData),
        [FlowReason.AnotherFlow] = new(
            "What came back from the mobile operator does not belong to this flow.",
            "Was vom Mobilfunkbetreiber zurückkam, gehört nicht zu diesem Vorgang.",
            "Lo que devolvió el operador móvil no corresponde a este proceso.",
            "Ce qui est revenu de l’opérateur mobile n’appartient pas à ce processus.",
            NextSteps.Again),
        [FlowReason.BrowserFailed] = new(
            "The browser could not ask the mobile network.",
            "Der Browser konnte das Mobilfunknetz nicht fragen.",
            "El navegador no pudo preguntar a la red móvil.",
            "Le navigateur n’a pas pu interroger le réseau mobile.",
            NextSteps.MobileData),
        [FlowReason.PageNotAllowed] = new(
            "The page may not come back to the address that it named.",
            "Die Seite darf nicht an die Adresse zurückkehren, die sie genannt hat.",
            "La página no puede volver a la dirección que indicó.",
            "La page ne peut pas revenir à l’adresse qu’elle a indiquée.",
            NextSteps.FixPage),
        [FlowReason.OtherAddress] = new(
            "Not all steps came from one network address.",
            "Nicht alle Schritte kamen von einer Netzadresse.",
            "No todos los pasos llegaron desde una misma dirección de red.",
            "Toutes les étapes ne sont pas venues d’une même adresse réseau.",
            NextSteps.MobileData),
        [FlowReason.UnknownAddress] = new(
            "The server does not see the browser's network address.",
            "Der Server sieht die Netzadresse des Browsers nicht.",
            "El servidor no ve la dirección de red del navegador.",
            "Le serveur ne voit pas l’adresse réseau du navigateur.",
            NextSteps.FixProxies),
        [FlowReason.NoOperatorConfigured] = new(
            "No mobile operator is set up on this server.",
            "Auf diesem Server ist kein Mobilfunkbetreiber eingerichtet.",
            "En este servidor no hay ningún operador móvil configurado.",
            "Aucun opérateur mobile n’est configuré sur ce serveur.",
            NextSteps.Nothing),
        [FlowReason.TestUser] = new(
            "The number is a test user's, whose network cannot be asked.",
            "Die Nummer gehört einem Testnutzer, dessen Netz nicht gefragt werden kann.",
            "El número es de un usuario de prueba, cuya red no se puede consultar.",
            "Le numéro est celui d’un utilisateur de test, dont le réseau ne peut pas être interrogé.",
            NextSteps.Nothing),
        [FlowReason.NotOnMobileNetwork] = new(
            "The phone was not connected by mobile data.",
            "Das Telefon war nicht über mobile Daten verbunden.",
            "El teléfono no estaba conectado por datos móviles.",
            "Le téléphone n’était pas connecté en données mobiles.",
            NextSteps.MobileData),
        [FlowReason.NoOperator] = new(
            "No mobile operator that is set up is responsible for this number and connection.",
            "Für diese Nummer und Verbindung ist kein eingerichteter Mobilfunkbetreiber zuständig.",
            "Ningún operador móvil configurado es responsable de este número y esta conexión.",
            "Aucun opérateur mobile configuré n’est responsable de ce numéro et de cette connexion.",
            NextSteps.Nothing),
        [FlowReason.PageMustGo] = new(
            "This operator can only be asked by a page that goes to it and comes back.",
            "Dieser Betreiber lässt sich nur von einer Seite fragen, die zu ihm geht und zurückkommt.",
            "A este operador solo puede preguntarle una página que vaya a él y vuelva.",
            "Cet opérateur ne peut être interrogé que par une page qui va chez lui et en revient.",
            NextSteps.Nothing),
        [FlowReason.ImageBringsNothing] = new(
            "The page asked by an image, and this operator answers none.",
            "Die Seite fragte mit einem Bild, und dieser Betreiber beantwortet keines.",
            "La página preguntó con una imagen, y este operador no responde a ninguna.",
            "La page a interrogé par une image, et cet opérateur n’en accepte pas.",
            NextSteps.Nothing),
        [FlowReason.OperatorTookTooLong] = new(
            "The mobile operator took too long to answer.",
            "Der Mobilfunkbetreiber brauchte zu lange für die Antwort.",
            "El operador móvil tardó demasiado en responder.",
            "L’opérateur mobile a mis trop de temps à répondre.",
            NextSteps.AgainLater),
        [FlowReason.OperatorUnreachable] = new(
            "The mobile operator could not be reached.",
            "Der Mobilfunkbetreiber war nicht erreichbar.",
            "No se pudo contactar con el operador móvil.",
            "L’opérateur mobile n’était pas joignable.",
            NextSteps.AgainLater),
        [FlowReason.OperatorFailing] = new(
            "The mobile operator has failed too often lately and is not asked for a while.",
            "Der Mobilfunkbetreiber hat zuletzt zu oft versagt und wird eine Weile nicht gefragt.",
            "El operador móvil ha fallado demasiado últimamente y no se le pregunta por un tiempo.",
            "L’opérateur mobile a échoué trop souvent ces derniers temps et n’est pas interrogé pendant un moment.",
            NextSteps.AgainLater),
        [FlowReason.OperatorFailed] = new(
            "The mobile operator reports a failure of its own.",
            "Der Mobilfunkbetreiber meldet einen eigenen Fehler.",
            "El operador móvil comunica un fallo propio.",
            "L’opérateur mobile signale une panne de son côté.",
            NextSteps.AgainLater),
        [FlowReason.AnswerUnreadable] = new(
            "The mobile operator's answer cannot be read.",
            "Die Antwort des Mobilfunkbetreibers ist nicht lesbar.",
            "La respuesta del operador móvil no se puede leer.",
            "La réponse de l’opérateur mobile est illisible.",
            NextSteps.FixOperator),
        [FlowReason.ConsentMissing] = new(
            "The mobile operator wants the person's consent, and does not have it.",
            "Der Mobilfunkbetreiber verlangt die Einwilligung der Person und hat sie nicht.",
            "El operador móvil exige el consentimiento de la persona y no lo tiene.",
            "L’opérateur mobile exige le consentement de la personne et ne l’a pas.",
            NextSteps.Nothing),
        [FlowReason.OperatorDenied] = new(
            "The mobile operator refused.",
            "Der Mobilfunkbetreiber hat abgelehnt.",
            "El operador móvil lo rechazó.",
            "L’opérateur mobile a refusé.",
            NextSteps.MobileData),
        [FlowReason.RequestRefused] = new(
            "The mobile operator does not take this server's request.",
            "Der Mobilfunkbetreiber nimmt die Anfrage dieses Servers nicht an.",
            "El operador móvil no acepta la petición de este servidor.",
            "L’opérateur mobile n’accepte pas la requête de ce serveur.",
            NextSteps.FixOperator),
        [FlowReason.ClientRefused] = new(
            "The mobile operator does not know this server or its key.",
            "Der Mobilfunkbetreiber kennt diesen Server oder seinen Schlüssel nicht.",
            "El operador móvil no conoce este servidor o su clave.",
            "L’opérateur mobile ne connaît pas ce serveur ou sa clé.",
            NextSteps.FixOperator),
        [FlowReason.CodeRefused] = new(
            "The mobile operator did not accept the code that the browser brought back.",
            "Der Mobilfunkbetreiber nahm den Code nicht an, den der Browser zurückbrachte.",
            "El operador móvil no aceptó el código que trajo el navegador.",
            "L’opérateur mobile n’a pas accepté le code rapporté par le navigateur.",
            NextSteps.Again),
        [FlowReason.TokenRefused] = new(
            "The mobile operator did not accept the access token that it had given itself.",
            "Der Mobilfunkbetreiber nahm sein eigenes Zugriffstoken nicht an.",
            "El operador móvil no aceptó el token de acceso que él mismo había dado.",
            "L’opérateur mobile n’a pas accepté le jeton d’accès qu’il avait lui-même donné.",
            NextSteps.FixOperator),
        [FlowReason.CheckRefused] = new(
            "The mobile operator does not permit this check.",
            "Der Mobilfunkbetreiber erlaubt diese Prüfung nicht.",
            "El operador móvil no permite esta comprobación.",
            "L’opérateur mobile n’autorise pas cette vérification.",
            NextSteps.FixOperator),
        [FlowReason.WrongIssuer] = new(
            "The mobile operator's answer names another issuer than the one that is set up.",
            "Die Antwort des Mobilfunkbetreibers nennt einen anderen Aussteller als den eingerichteten.",
            "La respuesta del operador móvil nombra a otro emisor que el configurado.",
            "La réponse de l’opérateur mobile nomme un autre émetteur que celui configuré.",
            NextSteps.FixOperator),
        [FlowReason.WrongNonce] = new(
            "The mobile operator's answer is for another question.",
            "Die Antwort des Mobilfunkbetreibers gehört zu einer anderen Frage.",
            "La respuesta del operador móvil es de otra pregunta.",
            "La réponse de l’opérateur mobile répond à une autre question.",
            NextSteps.Again),
        [FlowReason.WrongAudience] = new(
            "The mobile operator's answer is meant for somebody else.",
            "Die Antwort des Mobilfunkbetreibers ist für jemand anderen bestimmt.",
            "La respuesta del operador móvil está destinada a otro.",
            "La réponse de l’opérateur mobile est destinée à un autre.",
            NextSteps.FixOperator),
        [FlowReason.ExpiredToken] = new(
            "The mobile operator's answer had expired when it came.",
            "Die Antwort des Mobilfunkbetreibers war beim Eintreffen abgelaufen.",
            "La respuesta del operador móvil ya había caducado al llegar.",
            "La réponse de l’opérateur mobile avait expiré à son arrivée.",
            NextSteps.FixOperator),
        [FlowReason.WrongSignature] = new(
            "The signature of the mobile operator's answer does not hold.",
            "Die Signatur der Antwort des Mobilfunkbetreibers ist nicht gültig.",
            "La firma de la respuesta del operador móvil no es válida.",
            "La signature de la réponse de l’opérateur mobile n’est pas valable.",
            NextSteps.FixOperator),
        [FlowReason.NoIdToken] = new(
            "The mobile operator's answer lacks the id token.",
            "In der Antwort des Mobilfunkbetreibers fehlt das ID-Token.",
            "A la respuesta del operador móvil le falta el token de identidad.",
            "Il manque le jeton d’identité dans la réponse de l’opérateur mobile.",
            NextSteps.FixOperator),
    };
}
