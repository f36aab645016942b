namespace Countersign.Server.Timeline;

/// <summary>What may be done after a flow's end: each in one place, since many ends leave the same to do.</summary>
internal static class NextSteps
{
    public const string Nobody = "nobody";
    public const string RelyingParty = "relying_party";
    public const string Person = "person";
    public const string Operator = "operator";

    public static NextStep Nothing { get; } = new(
        Nobody,
        "There is nothing to do.",
        "Es ist nichts zu tun.",
        "No hay nada que hacer.",
        "Il n’y a rien à faire.");

    public static NextStep Again { get; } = new(
        RelyingParty,
        "Begin a new flow when the person is ready.",
        "Beginnen Sie einen neuen Vorgang, sobald die Person bereit ist.",
        "Inicie un proceso nuevo cuando la persona esté preparada.",
        "Commencez un nouveau processus dès que la personne est prête.");

    public static NextStep AgainLater { get; } = new(
        RelyingParty,
        "Begin a new flow in some minutes.",
        "Beginnen Sie in einigen Minuten einen neuen Vorgang.",
        "Inicie un proceso nuevo dentro de unos minutos.",
        "Commencez un nouveau processus dans quelques minutes.");

    public static NextStep AgainAndFinish { get; } = new(
        RelyingParty,
        "Begin a new flow, and make the calls that follow before its time ends.",
        "Beginnen Sie einen neuen Vorgang und machen Sie die folgenden Aufrufe bevor seine Zeit um ist.",
        "Inicie un proceso nuevo y haga las llamadas siguientes antes de que termine su tiempo.",
        "Commencez un nouveau processus et faites les appels suivants avant que son temps ne soit écoulé.");

    public static NextStep AnotherWay { get; } = new(
        RelyingParty,
        "Identify the person in another way; a new flow will end in the same way.",
        "Stellen Sie die Identität auf anderem Weg fest; ein neuer Vorgang endet ebenso.",
        "Identifique a la persona de otra manera; un proceso nuevo terminará igual.",
        "Identifiez la personne autrement ; un nouveau processus finirait de la même façon.");

    public static NextStep CheckNames { get; } = new(
        RelyingParty,
        "Ask the person for the name under which the number is registered, and begin a new flow with it.",
        "Fragen Sie nach dem Namen, auf den die Nummer eingetragen ist, und beginnen Sie damit einen neuen Vorgang.",
        "Pregunte a nombre de quién está registrado el número e inicie un proceso nuevo con ese nombre.",
        "Demandez à quel nom le numéro est enregistré et commencez un nouveau processus avec ce nom.");

    public static NextStep AnotherNumber { get; } = new(
        Person,
        "Give a mobile number that receives texts, in a new flow.",
        "Geben Sie in einem neuen Vorgang eine Mobilnummer an, die Kurznachrichten empfängt.",
        "Indique en un proceso nuevo un número móvil que reciba mensajes.",
        "Indiquez dans un nouveau processus un numéro mobile qui reçoit des SMS.");

    public static NextStep CheckNumber { get; } = new(
        Person,
        "Check that the number is right and the phone has reception, and try again.",
        "Prüfen Sie, ob die Nummer stimmt und das Telefon Empfang hat, und versuchen Sie es noch einmal.",
        "Compruebe que el número es correcto y que el teléfono tiene cobertura, e inténtelo de nuevo.",
        "Vérifiez que le numéro est juste et que le téléphone a du réseau, puis réessayez.");

    public static NextStep EnterAgain { get; } = new(
        Person,
        "Try again with the newest text.",
        "Versuchen Sie es noch einmal mit der neuesten Nachricht.",
        "Inténtelo de nuevo con el mensaje más reciente.",
        "Réessayez avec le message le plus récent.");

    public static NextStep Suspect { get; } = new(
        RelyingParty,
        "Take it that somebody else used the number: tell the person, and do not repeat it without their wish.",
        "Vermutlich hat jemand anderes die Nummer benutzt: Sagen Sie es der Person und wiederholen Sie es nur auf ihren Wunsch.",
        "Suponga que otra persona usó el número: avise al titular y no lo repita sin que este lo desee.",
        "Considérez que quelqu’un d’autre a utilisé le numéro : prévenez la personne et ne recommencez qu’à sa demande.");

    public static NextStep MobileData { get; } = new(
        Person,
        "Switch to mobile data and try again.",
        "Schalten Sie auf mobile Daten um und versuchen Sie es noch einmal.",
        "Active los datos móviles e inténtelo de nuevo.",
        "Passez aux données mobiles et réessayez.");

    public static NextStep Start { get; } = new(
        Person,
        "Write START to the number that the texts come from, and try again.",
        "Schreiben Sie START an die Nummer, von der die Nachrichten kommen, und versuchen Sie es noch einmal.",
        "Escriba START al número del que llegan los mensajes e inténtelo de nuevo.",
        "Écrivez START au numéro d’où viennent les messages, puis réessayez.");

    public static NextStep WaitForBudget { get; } = new(
        RelyingParty,
        "Wait until the limit is free again; in an urgent case the server's operator can lift it.",
        "Warten Sie, bis das Limit wieder frei ist; in dringenden Fällen kann der Betreiber des Servers es aufheben.",
        "Espere a que el límite vuelva a quedar libre; en un caso urgente puede levantarlo quien opera el servidor.",
        "Attendez que la limite soit de nouveau libre ; en cas d’urgence, l’exploitant du serveur peut la lever.");

    public static NextStep WaitForSim { get; } = new(
        RelyingParty,
        "Identify the person in another way, or try again some days later.",
        "Stellen Sie die Identität auf anderem Weg fest, oder versuchen Sie es einige Tage später noch einmal.",
        "Identifique a la persona de otra manera o inténtelo de nuevo unos días después.",
        "Identifiez la personne autrement, ou réessayez quelques jours plus tard.");

    public static NextStep FixPage { get; } = new(
        RelyingParty,
        "Correct the page: its address or origin has to be one that the project allows.",
        "Berichtigen Sie die Seite: Ihre Adresse oder Herkunft muss eine sein, die das Projekt erlaubt.",
        "Corrija la página: su dirección u origen debe ser uno que el proyecto permita.",
        "Corrigez la page : son adresse ou son origine doit être de celles que le projet autorise.");

    public static NextStep UseTestUser { get; } = new(
        RelyingParty,
        "Use the number of one of the sandbox's test users for this product.",
        "Verwenden Sie die Nummer eines Testnutzers der Sandbox für dieses Produkt.",
        "Use el número de un usuario de prueba del sandbox para este producto.",
        "Utilisez le numéro d’un utilisateur de test du bac à sable pour ce produit.");

    public static NextStep FixWording { get; } = new(
        RelyingParty,
        "Change the wording of the text, or leave it out to use the server's own.",
        "Ändern Sie den Wortlaut der Nachricht, oder lassen Sie ihn weg: Dann gilt der des Servers.",
        "Cambie el texto del mensaje, u omítalo para usar el del servidor.",
        "Changez le texte du message, ou omettez-le pour utiliser celui du serveur.");

    public static NextStep RegisterKey { get; } = new(
        Person,
        "Try again and confirm by a text; the browser then registers a new key.",
        "Versuchen Sie es noch einmal und bestätigen Sie mit einer Nachricht; der Browser legt dann einen neuen Schlüssel an.",
        "Inténtelo de nuevo y confirme con un mensaje; el navegador registrará entonces una clave nueva.",
        "Réessayez et confirmez par un SMS ; le navigateur enregistre alors une nouvelle clé.");

    public static NextStep UnlockDevice { get; } = new(
        Person,
        "Try again and unlock the device when it asks.",
        "Versuchen Sie es noch einmal und entsperren Sie das Gerät, wenn es danach fragt.",
        "Inténtelo de nuevo y desbloquee el dispositivo cuando lo pida.",
        "Réessayez et déverrouillez l’appareil quand il le demande.");

    public static NextStep FixGateway { get; } = new(
        Operator,
        "Look at the gateway's settings and its account, and at the server's log.",
        "Sehen Sie nach den Einstellungen des Gateways, seinem Konto und dem Protokoll des Servers.",
        "Revise la configuración de la pasarela, su cuenta y el registro del servidor.",
        "Vérifiez les réglages de la passerelle, son compte et le journal du serveur.");

    public static NextStep FixOperator { get; } = new(
        Operator,
        "Look at the settings of the mobile operator's interface, and at the server's log.",
        "Sehen Sie nach den Einstellungen der Schnittstelle zum Mobilfunkbetreiber und dem Protokoll des Servers.",
        "Revise la configuración de la interfaz del operador móvil y el registro del servidor.",
        "Vérifiez les réglages de l’interface de l’opérateur mobile et le journal du serveur.");

    public static NextStep FixProxies { get; } = new(
        Operator,
        "Name the proxies in front of the server (TrustedProxies), so that it sees the browser's address.",
        "Nennen Sie die Proxys vor dem Server (TrustedProxies), damit er die Adresse des Browsers sieht.",
        "Indique los proxies que hay delante del servidor (TrustedProxies), para que vea la dirección del navegador.",
        "Indiquez les proxys placés devant le serveur (TrustedProxies), afin qu’il voie l’adresse du navigateur.");

    public static NextStep FixSource { get; } = new(
        Operator,
        "Look why the identity source does not answer; then the relying party begins a new flow.",
        "Sehen Sie nach, warum die Identitätsquelle nicht antwortet; danach wird ein neuer Vorgang begonnen.",
        "Averigüe por qué la fuente de identidad no responde; después se inicia un proceso nuevo.",
        "Cherchez pourquoi la source d’identité ne répond pas ; ensuite, un nouveau processus est commencé.");
}
