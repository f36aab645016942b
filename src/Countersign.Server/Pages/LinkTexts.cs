namespace Countersign.Server.Pages;

/// <summary>A text in all languages: a translation cannot be forgotten.</summary>
/// <remarks><c>{0}</c> stands for the one thing that varies, most often the project's name.</remarks>
public sealed record Phrase(string English, string German, string Spanish, string French)
{
    public string In(Language language, object? what = null)
    {
        var text = language switch
        {
            Language.German => German,
            Language.Spanish => Spanish,
            Language.French => French,
            _ => English,
        };
        return text.Replace("{0}", what?.ToString(), StringComparison.Ordinal);
    }
}

/// <summary>Every text of the link page. Short words: it is read on a small screen by somebody in a hurry.</summary>
internal static class LinkTexts
{
    public static Phrase AskTitle { get; } = new(
        "Is this you?",
        "Sind Sie das?",
        "¿Es usted?",
        "Est-ce bien vous ?");

    public static Phrase AskWho { get; } = new(
        "{0} wants to make sure it is you at the other screen.",
        "{0} möchte sichergehen, dass Sie es sind, dort am anderen Bildschirm.",
        "{0} quiere asegurarse de que es usted quien está ante la otra pantalla.",
        "{0} veut s’assurer que c’est bien vous devant l’autre écran.");

    /// <summary>Where the link was asked for in the very browser that shows the page: there is no other screen.</summary>
    public static Phrase AskWhoHere { get; } = new(
        "{0} wants to make sure it is you.",
        "{0} möchte sichergehen, dass Sie es sind.",
        "{0} quiere asegurarse de que es usted.",
        "{0} veut s’assurer que c’est bien vous.");

    public static Phrase AskWhatFor { get; } = new(
        "Confirming shows that you have this phone with you.",
        "Mit der Bestätigung zeigen Sie, dass Sie dieses Telefon bei sich haben.",
        "Al confirmar demuestra que tiene este teléfono consigo.",
        "En confirmant, vous montrez que ce téléphone est avec vous.");

    public static Phrase BegunNow { get; } = new(
        "Started just now",
        "Gerade eben begonnen",
        "Iniciado ahora mismo",
        "Commencé à l’instant");

    public static Phrase BegunAMinuteAgo { get; } = new(
        "Started 1 minute ago",
        "Vor 1 Minute begonnen",
        "Iniciado hace 1 minuto",
        "Commencé il y a 1 minute");

    public static Phrase BegunMinutesAgo { get; } = new(
        "Started {0} minutes ago",
        "Vor {0} Minuten begonnen",
        "Iniciado hace {0} minutos",
        "Commencé il y a {0} minutes");

    public static Phrase SomeBrowser { get; } = new(
        "A browser",
        "Ein Browser",
        "Un navegador",
        "Un navigateur");

    public static Phrase OnPlatform { get; } = new(
        "on {0}",
        "auf {0}",
        "en {0}",
        "sur {0}");

    public static Phrase ThisBrowser { get; } = new(
        "This browser, on this device",
        "Dieser Browser, auf diesem Gerät",
        "Este navegador, en este dispositivo",
        "Ce navigateur, sur cet appareil");

    public static Phrase AskWarning { get; } = new(
        "If you did not start this on your computer, do not continue, even if a caller asks you to.",
        "Sie haben das nicht selbst am Computer begonnen? Dann machen Sie nicht weiter, auch wenn ein Anrufer darum bittet.",
        "¿No ha empezado esto en su ordenador? Entonces no continúe, aunque se lo pida alguien por teléfono.",
        "Vous n’avez pas commencé cela sur votre ordinateur ? Alors ne continuez pas, même si quelqu’un vous le demande au téléphone.");

    /// <inheritdoc cref="AskWhoHere"/>
    public static Phrase AskWarningHere { get; } = new(
        "If you did not start this yourself, do not continue, even if a caller asks you to.",
        "Sie haben das nicht selbst begonnen? Dann machen Sie nicht weiter, auch wenn ein Anrufer darum bittet.",
        "¿No ha empezado esto usted mismo? Entonces no continúe, aunque se lo pida alguien por teléfono.",
        "Vous n’avez pas commencé cela vous-même ? Alors ne continuez pas, même si quelqu’un vous le demande au téléphone.");

    public static Phrase Confirm { get; } = new(
        "Yes, it is me",
        "Ja, ich bin es",
        "Sí, soy yo",
        "Oui, c’est moi");

    public static Phrase Decline { get; } = new(
        "This was not me",
        "Das war ich nicht",
        "No he sido yo",
        "Ce n’était pas moi");

    public static Phrase Digits { get; } = new(
        "The six digits on your computer",
        "Die sechs Ziffern auf Ihrem Computer",
        "Los seis dígitos de su ordenador",
        "Les six chiffres affichés sur votre ordinateur");

    public static Phrase DigitsHint { get; } = new(
        "Type only what you see there yourself, never what somebody tells you.",
        "Geben Sie nur ein, was Sie dort selbst sehen, nie, was Ihnen jemand sagt.",
        "Escriba solo lo que usted mismo vea ahí, nunca lo que alguien le diga.",
        "Tapez seulement ce que vous y voyez vous-même, jamais ce qu’on vous dicte.");

    public static Phrase DigitsWrong { get; } = new(
        "These are not the digits on your computer. Tries left: {0}.",
        "Das sind nicht die Ziffern auf Ihrem Computer. Verbleibende Versuche: {0}.",
        "No son los dígitos de su ordenador. Intentos restantes: {0}.",
        "Ce ne sont pas les chiffres affichés sur votre ordinateur. Essais restants : {0}.");

    public static Phrase DigitsIncomplete { get; } = new(
        "Please type all six digits. This did not count as a try.",
        "Bitte geben Sie alle sechs Ziffern ein. Das zählte nicht als Versuch.",
        "Escriba los seis dígitos, por favor. Esto no ha contado como intento.",
        "Tapez les six chiffres, s’il vous plaît. Cela n’a pas compté comme un essai.");

    public static Phrase NotUnderstood { get; } = new(
        "Nothing has changed. Please use one of the two buttons.",
        "Es ist nichts geschehen. Bitte verwenden Sie eine der beiden Schaltflächen.",
        "No ha cambiado nada. Use uno de los dos botones, por favor.",
        "Rien n’a changé. Utilisez l’un des deux boutons, s’il vous plaît.");

    public static Phrase ConfirmedTitle { get; } = new(
        "Already confirmed",
        "Schon bestätigt",
        "Ya está confirmado",
        "Déjà confirmé");

    public static Phrase ConfirmedNext { get; } = new(
        "This link has done its work. Go on at your computer; you can close this page.",
        "Dieser Link hat seinen Zweck erfüllt. Machen Sie am Computer weiter; diese Seite können Sie schließen.",
        "Este enlace ya ha cumplido su función. Siga en su ordenador; puede cerrar esta página.",
        "Ce lien a fait son travail. Continuez sur votre ordinateur ; vous pouvez fermer cette page.");

    public static Phrase DeclinedTitle { get; } = new(
        "Thank you, it is stopped",
        "Danke, es ist gestoppt",
        "Gracias, se ha detenido",
        "Merci, tout est arrêté");

    public static Phrase DeclinedNext { get; } = new(
        "Nothing was confirmed, and there is nothing more to do. If you keep getting such messages, tell {0}.",
        "Es wurde nichts bestätigt, und Sie müssen nichts weiter tun. Kommen solche Nachrichten wieder, sagen Sie es {0}.",
        "No se ha confirmado nada y no tiene que hacer nada más. Si sigue recibiendo mensajes así, avise a {0}.",
        "Rien n’a été confirmé, et vous n’avez rien d’autre à faire. Si de tels messages reviennent, prévenez {0}.");

    public static Phrase ExpiredTitle { get; } = new(
        "This link has expired",
        "Dieser Link ist abgelaufen",
        "Este enlace ha caducado",
        "Ce lien a expiré");

    public static Phrase ExpiredNext { get; } = new(
        "It worked for a few minutes only, for your safety. Start again on your computer and you will get a new one.",
        "Zu Ihrer Sicherheit galt er nur wenige Minuten. Beginnen Sie am Computer von vorn, dann bekommen Sie einen neuen.",
        "Por su seguridad solo valía unos minutos. Empiece de nuevo en su ordenador y recibirá otro.",
        "Pour votre sécurité, il n’était valable que quelques minutes. Recommencez sur votre ordinateur et vous en recevrez un autre.");

    public static Phrase WrongEntriesTitle { get; } = new(
        "Too many wrong tries",
        "Zu viele falsche Versuche",
        "Demasiados intentos fallidos",
        "Trop d’essais incorrects");

    public static Phrase WrongEntriesNext { get; } = new(
        "The digits did not match, so we stopped to be safe. To try again, start anew on your computer.",
        "Die Ziffern stimmten nicht, darum haben wir sicherheitshalber aufgehört. Für einen neuen Versuch beginnen Sie am Computer von "
            + "vorn.",
        "Los dígitos no coincidían y lo hemos detenido por seguridad. Para volver a intentarlo, empiece de nuevo en su ordenador.",
        "Les chiffres ne correspondaient pas ; par sécurité, nous avons arrêté. Pour réessayer, recommencez sur votre ordinateur.");

    public static Phrase StoppedTitle { get; } = new(
        "No longer needed",
        "Nicht mehr nötig",
        "Ya no hace falta",
        "Plus nécessaire");

    public static Phrase StoppedNext { get; } = new(
        "This was stopped on the computer where it began. If you still want to continue, start again there.",
        "Der Vorgang wurde dort beendet, wo er begann: am Computer. Möchten Sie doch weitermachen, beginnen Sie dort von vorn.",
        "Se detuvo en el ordenador donde empezó. Si aún quiere continuar, empiece de nuevo allí.",
        "L’opération a été arrêtée sur l’ordinateur où elle avait commencé. Pour continuer, recommencez là-bas.");

    public static Phrase NotAvailableTitle { get; } = new(
        "Not possible right now",
        "Im Moment nicht möglich",
        "Ahora mismo no es posible",
        "Impossible pour le moment");

    public static Phrase NotAvailableNext { get; } = new(
        "Something is wrong on our side. Please wait a moment and load this page again.",
        "Bei uns ist gerade etwas gestört. Bitte warten Sie einen Moment und laden Sie diese Seite dann neu.",
        "Hay un problema por nuestra parte. Espere un momento y vuelva a cargar esta página.",
        "Nous rencontrons un problème. Patientez un instant, puis rechargez cette page.");

    public static Phrase UnknownTitle { get; } = new(
        "This link does not work",
        "Dieser Link funktioniert nicht",
        "Este enlace no funciona",
        "Ce lien ne fonctionne pas");

    public static Phrase UnknownNext { get; } = new(
        "Perhaps there is a newer message, or the link was not copied whole. Open the link in the newest message, or start again on your "
            + "computer.",
        "Vielleicht gibt es eine neuere Nachricht, oder der Link wurde nicht ganz kopiert. Öffnen Sie den Link der neuesten Nachricht, "
            + "oder beginnen Sie am Computer von vorn.",
        "Quizá haya un mensaje más reciente o el enlace no se copió entero. Abra el enlace del último mensaje o empiece de nuevo en su "
            + "ordenador.",
        "Il y a peut-être un message plus récent, ou le lien n’a pas été copié en entier. Ouvrez le lien du dernier message, ou "
            + "recommencez sur votre ordinateur.");
}
