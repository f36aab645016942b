using Countersign.Core;

namespace Countersign.Server.Timeline;

/// <summary>What the reasons mean for which a text was not taken or not delivered.</summary>
internal static class TextMeanings
{
    public static IReadOnlyDictionary<string, Meaning> All { get; } = new Dictionary<string, Meaning>(StringComparer.Ordinal)
    {
        [FlowReason.NoGateway] = new(
            "No gateway is set up for this number.",
            "Für diese Nummer ist kein Gateway eingerichtet.",
            "No hay ninguna pasarela configurada para este número.",
            "Aucune passerelle n’est configurée pour ce numéro.",
            NextSteps.FixGateway),
        [FlowReason.NoGatewayLeft] = new(
            "No other gateway was left to ask.",
            "Es war kein weiteres Gateway mehr zu fragen.",
            "No quedaba otra pasarela a la que preguntar.",
            "Il ne restait pas d’autre passerelle à interroger.",
            NextSteps.FixGateway),
        [FlowReason.InvalidDestination] = new(
            "The number cannot receive texts.",
            "Die Nummer kann keine Nachrichten empfangen.",
            "El número no puede recibir mensajes.",
            "Le numéro ne peut pas recevoir de messages.",
            NextSteps.AnotherNumber),
        [FlowReason.BlockedDestination] = new(
            "The number is blocked for texts.",
            "Die Nummer ist für Nachrichten gesperrt.",
            "El número está bloqueado para mensajes.",
            "Le numéro est bloqué pour les messages.",
            NextSteps.AnotherNumber),
        [FlowReason.OptedOut] = new(
            "The person wrote STOP and wants no texts.",
            "Die Person hat STOP geschrieben und will keine Nachrichten.",
            "La persona escribió STOP y no quiere mensajes.",
            "La personne a écrit STOP et ne veut pas de messages.",
            NextSteps.Start),
        [FlowReason.SenderNotAllowed] = new(
            "The network does not allow the text's sender.",
            "Das Netz erlaubt den Absender der Nachricht nicht.",
            "La red no permite el remitente del mensaje.",
            "Le réseau n’autorise pas l’expéditeur du message.",
            NextSteps.FixGateway),
        [FlowReason.ContentRejected] = new(
            "The network does not allow the text's wording.",
            "Das Netz erlaubt den Wortlaut der Nachricht nicht.",
            "La red no permite el contenido del mensaje.",
            "Le réseau n’autorise pas le contenu du message.",
            NextSteps.FixWording),
        [FlowReason.Throttled] = new(
            "Too many texts were sent at once.",
            "Es wurden zu viele Nachrichten auf einmal gesendet.",
            "Se enviaron demasiados mensajes a la vez.",
            "Trop de messages ont été envoyés à la fois.",
            NextSteps.AgainLater),
        [FlowReason.AuthFailed] = new(
            "The gateway does not accept this server's credentials.",
            "Das Gateway nimmt die Zugangsdaten dieses Servers nicht an.",
            "La pasarela no acepta las credenciales de este servidor.",
            "La passerelle n’accepte pas les identifiants de ce serveur.",
            NextSteps.FixGateway),
        [FlowReason.InsufficientCredit] = new(
            "The account at the gateway has no credit left.",
            "Das Konto beim Gateway hat kein Guthaben mehr.",
            "La cuenta en la pasarela se quedó sin saldo.",
            "Le compte auprès de la passerelle n’a plus de crédit.",
            NextSteps.FixGateway),
        [FlowReason.ProviderDown] = new(
            "The gateway could not be reached.",
            "Das Gateway war nicht erreichbar.",
            "No se pudo contactar con la pasarela.",
            "La passerelle n’était pas joignable.",
            NextSteps.AgainLater),
        [FlowReason.TooLittleTime] = new(
            "Too little of the time was left to send a text.",
            "Für eine Nachricht blieb zu wenig Zeit.",
            "Quedaba muy poco tiempo para enviar un mensaje.",
            "Il restait trop peu de temps pour envoyer un message.",
            NextSteps.Again),
        [FlowReason.NotWritten] = new(
            "The file that the gateway writes texts to could not be written.",
            "Die Datei, in die das Gateway Nachrichten schreibt, war nicht zu schreiben.",
            "No se pudo escribir el archivo en el que la pasarela deja los mensajes.",
            "Le fichier dans lequel la passerelle écrit les messages n’a pas pu être écrit.",
            NextSteps.FixGateway),
        [FlowReason.Refused] = new(
            "The gateway or the network refused the text without saying why.",
            "Das Gateway oder das Netz hat die Nachricht ohne Angabe von Gründen abgelehnt.",
            "La pasarela o la red rechazó el mensaje sin decir por qué.",
            "La passerelle ou le réseau a refusé le message sans dire pourquoi.",
            NextSteps.CheckNumber),
    };
}
