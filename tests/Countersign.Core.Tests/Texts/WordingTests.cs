using Countersign.Core.Texts;
using CsCheck;

namespace Countersign.Core.Tests.Texts;

public sealed class WordingTests
{
    private const string Link = "contains a link of its own";
    private const string Telephone = "contains a telephone number";

    private static readonly string[] _names = ["www.shop.example", "shop.co.uk", "10.0.0.7", "Booking.com", "Co.KG", "bücher.de"];

    [Theory]
    [Trait("attack", "L13")]
    // An ending that phones know, with or without anything behind it.
    [InlineData("evil.com")]
    [InlineData("See EVIL.Com. Code")]
    [InlineData("evil.com/x")]
    [InlineData("evil.com?x=1")]
    [InlineData("evil.com:8080")]
    [InlineData("t.co")]
    [InlineData("Do not share.It is yours")]
    [InlineData("(evil.zip)")]
    [InlineData("a-b.evil.io,")]
    [InlineData("evil.com-now")]
    [InlineData("evil.com查看")]
    [InlineData("请访问evil.cn查看")]
    [InlineData("help@evil.de")]
    [InlineData("evil.com.")]
    [InlineData("sub.evil.com.nonsense")]
    [InlineData("482.com")]
    [InlineData("😀.ws")]
    [InlineData("◾.ws")]
    [InlineData("↔.ws")]
    [InlineData("∞.com")]
    [InlineData("a€.com")]
    [InlineData("×.ws/x")]
    [InlineData("מ׳.com")]
    [InlineData("テスト・.com")]
    [InlineData("l·l.cat")]
    [InlineData("“evil.com”")]
    [InlineData("evil.com”")]
    // Internationalised endings.
    [InlineData("evil.xn--p1ai/login")]
    [InlineData("evil.xn--p1ai")]
    [InlineData("пример.рф/в")]
    [InlineData("пример.рф")]
    [InlineData("ПРИМЕР.РФ")]
    [InlineData("例え.みんな")]
    [InlineData("店.セール")]
    [InlineData("उदाहरण.भारत")]
    [InlineData("bücher.ch")]
    [InlineData("пример.рф查看")]
    // Written so that it does not look like what phones read.
    [InlineData("evil。com")]
    [InlineData("evil．com")]
    [InlineData("evil｡com")]
    [InlineData("evil․com")]
    [InlineData("evil﹒com")]
    [InlineData("ｅｖｉｌ.ｃｏｍ")]
    [InlineData("ｅｖｉｌ．ｃｏｍ／ｘ")]
    [InlineData("𝐞𝐯𝐢𝐥.𝐜𝐨𝐦")]
    [InlineData("evil.com\u200D/x")]
    [InlineData("evil\u200D.\u200Cc\uFE0Fom")]
    [InlineData("e\u034Fvil.co\u3164m")]
    // Any ending, or none that is known, where something follows that nobody writes behind anything else.
    [InlineData("evil.example/x")]
    [InlineData("intranet.corp?token=1")]
    [InlineData("intranet.corp:8443")]
    [InlineData("пример.где/в")]
    [InlineData("www.evil")]
    [InlineData("WWW．evil")]
    // Addresses.
    [InlineData("10.1.2.3")]
    [InlineData("10.1.2.3/x")]
    [InlineData("１０.１.２.３")]
    [InlineData("١٠.١.٢.٣")]
    [InlineData("[2001:db8::1]")]
    [InlineData("::1")]
    [InlineData("2001:0:0:0:0:0:0:1")]
    // Schemes.
    [InlineData("https://evil.example")]
    [InlineData("ссылка://evil")]
    [InlineData("whatsapp:send")]
    [InlineData("JavaScript:alert")]
    [InlineData("market+app:x")]
    [InlineData("tel:12")]
    [InlineData("ｔｅｌ：12")]
    [InlineData("sm\u200Ds:12")]
    [InlineData("localhost:8080")]
    [InlineData("note:now")]
    [InlineData("2fa:now")]
    // Words that nobody means as schemes are by their form.
    [InlineData("Thanks:)")]
    [InlineData("kl.10:30")]
    [InlineData("T10:30")]
    [InlineData("OTP：【1】")]
    [InlineData("Code:\"1\"")]
    // Names that only begin or end like those that are let through, or lead on.
    [InlineData("www.shop.example/x")]
    [InlineData("www.shop.example:81")]
    [InlineData("www.shop.example?x")]
    [InlineData("https://www.shop.example")]
    [InlineData("shop.co.uk/")]
    [InlineData("shop.co.uk.evil.com")]
    [InlineData("evil-shop.co.uk")]
    [InlineData("shop.co.uk-evil.com")]
    [InlineData("shop.co.uk@evil.com")]
    [InlineData("m.shop.co.uk")]
    [InlineData("→shop.co.uk")]
    [InlineData("“shop.co.uk”.evil.com")]
    [InlineData("“shop.co.uk”/x")]
    [InlineData("10.0.0.7/x")]
    [InlineData("10.0.0.70")]
    public void What_a_phone_makes_a_link_of_is_refused(string text)
    {
        Assert.Equal(Link, Wording.Problem($"{text} ######", _names)?.Reason);
        Assert.Equal(Link, Wording.Problem($"Code ###### {text}", _names)?.Reason);
    }

    [Theory]
    [InlineData("Call +1 900 555 0142")]
    [InlineData("9005550142")]
    [InlineData("1234567")]
    [InlineData("900-555-0142")]
    [InlineData("(900) 555-0142")]
    [InlineData("(0) 30 / 90 18 20")]
    [InlineData("900.555.0142")]
    [InlineData("900\u2011555\u20110142")]
    [InlineData("900\u00A0555\u20090142")]
    [InlineData("９００５５５０１４２")]
    [InlineData("٩٠٠٥٥٥٠١٤٢")]
    [InlineData("900\u200D555\u200D0142")]
    [InlineData("01 23 45 67 89")]
    [InlineData("0900ー123ー456")]
    [InlineData("900555 ######")]
    [InlineData("1900######")]
    [InlineData("0900-12-12-2026")]
    // Behind a name that is let through.
    [InlineData("Call shop.co.uk-900-555-0142")]
    [InlineData("Booking.com-9005550142")]
    [InlineData("“Booking.com”-9005550142")]
    // Whatever people and phones put between the digits, and however much of it.
    [InlineData("900[555]0142")]
    [InlineData("900~555~0142")]
    [InlineData("900～555∼0142")]
    [InlineData("900⁓555−0142")]
    [InlineData("900〜555〰0142")]
    [InlineData("900x555x0142")]
    [InlineData("900    555     0142")]
    [InlineData("900\u3000\u3000\u3000\u3000555 . . . 0142")]
    [InlineData("900\u00AD555\u200B0142")]
    [InlineData("（900）．［555］．0142")]
    [InlineData("9\u20E30\u20E30\u20E35\u20E35\u20E35\u20E30142")]
    // Only like dates, times and amounts.
    [InlineData("20-12-2020 14")]
    [InlineData("21.32.1920 25")]
    [InlineData("30.11.1999")]
    [InlineData("31.13.2026")]
    [InlineData("32.12.2026")]
    [InlineData("00.12.2026")]
    [InlineData("2026-13-01")]
    [InlineData("28.11-2026")]
    [InlineData("28 11 2026")]
    [InlineData("28112026")]
    [InlineData("+20-12-2020")]
    [InlineData("+ (20-12-2020")]
    [InlineData("28.11.2026 0142")]
    [InlineData("900 28.11.2026")]
    [InlineData("28.11.2026 14.30 15")]
    [InlineData("28.11.2026 24:30")]
    [InlineData("28.11.2026 14:60")]
    [InlineData("900 55 12 14:30")]
    [InlineData("10.00-18.60")]
    [InlineData("09.00 15.55")]
    [InlineData("2025/1926")]
    [InlineData("1.000.000")]
    [InlineData("806.555.142 EUR")]
    [InlineData("0900.555 EUR 0900.555.142")]
    [InlineData("5550142 EUR")]
    [InlineData("1.000.0000 EUR")]
    [InlineData("1.000.000 europe")]
    // What makes one number with the code.
    [InlineData("0900 ######")]
    [InlineData("+1900 ######")]
    [InlineData("1 900 ######")]
    [InlineData("1900-######")]
    [InlineData("19005 ######")]
    [InlineData("###### 0900")]
    [InlineData("###### 90055")]
    [InlineData("######2026")]
    public void What_a_phone_makes_a_call_of_is_refused(string text) =>
        Assert.Equal(Telephone, Wording.Problem($"{text} now", _names)?.Reason);

    [Theory]
    [InlineData("###### is your verification code, valid for 2 minutes. Never read it to anyone.")]
    [InlineData("Shop: ###### is your code. Never read it to anyone.")]
    [InlineData("#### is your temporary code. Do not share it with anyone. Msg & data rates may apply.")]
    [InlineData("Tap the link to finish your verification. If you did not ask for it, do not tap: ####")]
    [InlineData("Code:####")]
    [InlineData("Code:\n####")]
    [InlineData("Code: ####, e.g. for login. See you at 10:30 a.m./p.m.")]
    [InlineData("Valid 10:30:45, version 1.2.3. Code ####")]
    [InlineData("Ihr Code z.B. für die App: ###### (gültig 5 Min.)")]
    [InlineData("Votre code : ######. Ne le partagez pas !")]
    [InlineData("【店铺】验证码：######。请勿泄露。")]
    [InlineData("認証コードは######です。他人に教えないでください。")]
    [InlineData("Код: ######.Никому не сообщайте")]
    [InlineData("رمز التحقق ###### ۔ صالح لمدة ١٠ دقائق")]
    [InlineData("2026-11-28 14:30: ######")]
    [InlineData("28.11.2026 ###### is your code")]
    [InlineData("Shop 24 ###### for 1.500 EUR")]
    [InlineData("28.11.26 14:30: ######")]
    [InlineData("28/11/26 14:30 ######")]
    [InlineData("2026/11/28: ######")]
    [InlineData("2026.11.28 ######")]
    [InlineData("2026. 11. 28. ######")]
    [InlineData("28. 11. 2026: ######")]
    [InlineData("11/28/2026 2:30 pm ######")]
    [InlineData("28.11.2026 - 14:30 ######")]
    [InlineData("28.11.2026 (14:30) ######")]
    [InlineData("28.11.2026, 14:30:45. ######")]
    [InlineData("28.11.2026 14.30 ######")]
    [InlineData("14:30 28.11.2026 ######")]
    [InlineData("14.30 28.11.2026: ######")]
    [InlineData("28.-30.11.2026: ######")]
    [InlineData("28.11.-30.11.2026: ######")]
    [InlineData("1.11.2026 - 28.11.2026: ######")]
    [InlineData("28.11.2026 10:00 - 30.11.2026 18:00: ######")]
    [InlineData("2026.11.28～2026.11.30: ######")]
    [InlineData("২৮.১১.২০২৬: ######")]
    [InlineData("###### 28.11.2026")]
    [InlineData("28.11. ######")]
    [InlineData("Offen 10.00-18.30 Uhr: ######")]
    [InlineData("Offen 10.00 – 18.30. ######")]
    [InlineData("Card ending in 4242. ######")]
    [InlineData("Card ending in 0042. ######")]
    [InlineData("###### (card 4242)")]
    [InlineData("Black Friday 2026 ######")]
    [InlineData("###### Shop 2026")]
    [InlineData("Saison 2025/2026: ######")]
    [InlineData("Saison 2025–26 ######")]
    [InlineData("Betrag 1250.00 ######")]
    [InlineData("Betrag 12500.00 EUR: ######")]
    [InlineData("USD 12500.00 ######")]
    [InlineData("1.000.000 EUR ######")]
    [InlineData("1.000.000€ ######")]
    [InlineData("€ 1.000.000 ######")]
    [InlineData("Shop – ###### – 28.11.2026")]
    [InlineData("24/7 help, his/her code ######")]
    [InlineData("St.Gallen U.S. i.e. No.5 ######")]
    [InlineData("👩‍👧 ❤️ ######")]
    // What was let through.
    [InlineData("Sign in at www.shop.example. Code ######")]
    [InlineData("Sign in at www.shop.example? ######")]
    [InlineData("WWW.Shop.Example: ######")]
    [InlineData("Your Booking.com code: ######")]
    [InlineData("Ihr Booking.com-Code: ######, Shop GmbH & Co.KG")]
    [InlineData("help@shop.co.uk ######")]
    [InlineData("„Booking.com“-Code: ######")]
    [InlineData("«Booking.com» ######, “shop.co.uk”!")]
    [InlineData("「Booking.com」の認証コード ######")]
    [InlineData("¿Booking.com? ######")]
    [InlineData("ｗｗｗ．ｓｈｏｐ．ｅｘａｍｐｌｅ ######")]
    [InlineData("Bücher.de ######")]
    [InlineData("10.0.0.7 ######")]
    public void What_people_write_is_taken(string text) => Assert.Null(Wording.Problem(text, _names));

    [Theory]
    [InlineData("shop.example", true)]
    [InlineData("Node.js", true)]
    [InlineData("Bücher-Shop", true)]
    [InlineData("", false)]
    [InlineData("shop.example/x", false)]
    [InlineData("shop.example:80", false)]
    [InlineData("https://shop.example", false)]
    [InlineData(".com", false)]
    [InlineData("shop.", false)]
    [InlineData("two words", false)]
    [InlineData("sh\u200Dop.example", false)]
    public void A_name_that_is_let_through_is_a_name_alone(string name, bool isTaken) =>
        Assert.Equal(isTaken, Wording.ProblemOfName(name) is null);

    [Fact]
    public void A_link_of_ours_ends_whatever_stands_before_it()
    {
        // The code's digits count; the link's do not, since it stands alone.
        Assert.Equal(Telephone, Parse("900 12####", FlowType.Mobile));
        Assert.Equal("", Parse("900 12####", FlowType.Desktop));
    }

    [Theory]
    [InlineData("Go to Booking.com for ######", "booking.com",
        "leave it out, or add the name to the project's AllowedWords, or an address of that host to its TargetUrls")]
    [InlineData("“My.Brand.de” ######", "my.brand.de",
        "leave it out, or add the name to the project's AllowedWords, or an address of that host to its TargetUrls")]
    [InlineData("See evil.com/x ######", "evil.com/",
        "leave it out; names in the project's AllowedWords and hosts of its TargetUrls may stand there alone")]
    [InlineData("See shop.example/x ######", "shop.example/", "write the name without what stands behind it")]
    [InlineData("shop.com###### it is", "shop.com######", "leave it out, or part the name from what is written beside it")]
    [InlineData("Code:###### or sms:Lori", "sms:", "leave it out, or write a space behind the colon")]
    [InlineData("https://x.example ######", "https:", "leave it out, or write a space behind the colon")]
    [InlineData("at ::1 ######", "::1", "leave it out")]
    [InlineData("Call 0900 123 456 7: ######", "**** *** **6 7", "leave it out")]
    [InlineData("1900######", "**00######", "leave it out")]
    public void What_is_meant_and_what_can_be_done_is_told_to_whose_wording_it_is(string text, string piece, string cure)
    {
        var problem = Wording.Problem(text, ["shop.example"]);

        Assert.Equal((piece, cure), (problem?.Piece, problem?.Cure));
        Assert.Equal($"{problem!.Reason} ('{piece}'): {cure}", problem.Told);
    }

    [Fact]
    public void The_cures_cure()
    {
        Assert.Null(Wording.Problem("Go to Booking.com for ######", ["Booking.com"]));
        Assert.Null(Wording.Problem("See shop.example ######", ["shop.example"]));
        Assert.Null(Wording.Problem("shop.com ###### it is", ["shop.com"]));
        Assert.Null(Wording.Problem("Code: ###### or sms: Lori", []));
    }

    [Fact]
    public void A_wording_that_was_taken_is_not_asked_again()
    {
        Assert.Equal(Link, Parse("Shop.example.com ######", FlowType.Mobile));
        Assert.NotNull(SmsTemplate.OfChecked("Shop.example.com ######", FlowType.Mobile));
    }

    [Fact]
    public void Endings_are_those_of_the_root_zone()
    {
        Assert.All(["com", "de", "uk", "zip", "рф", "中国", "भारत", "xn--p1ai"], ending =>
            Assert.Equal(ending != "xn--p1ai", HostEndings.Contains(ending)));
        Assert.All(["example", "test", "invalid", "", "co.uk", "#"], ending => Assert.False(HostEndings.Contains(ending)));
    }

    [Fact]
    public void Whatever_is_written_is_judged() =>
        Gen.String[0, 160].Sample(text => Wording.Problem(text + "\uFFFE\uD800", [text])?.Reason is null or Link or Telephone);

    private static string Parse(string text, FlowType type)
    {
        _ = SmsTemplate.TryParse(text, type, maxProofLength: type == FlowType.Desktop ? 45 : 0, suffix: 0, out var problem);
        return problem;
    }
}
