using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Projects;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Whole;

/// <summary>
/// Whatever is wrong with a request, the answer says what, in the contract's words and order; nothing breaks and nothing is stored.
/// </summary>
public abstract class BadInputTests(ServerFixture fixture)
{
    private const string Verify = "/v3/verify";
    private const string Batch = "/v3/verify/batch";
    private const string Status = "/v3/verify-status";
    private const string Clock = "/sandbox/clock";
    private const string UnknownId = "0199d5a4-1b2c-7d3e-8f40-5a6b7c8d9e0f";

    private const string NoJson = "400 8001 body is not valid JSON, or nested too deeply";
    private const string NoObject = "400 8001 body must be a JSON object";
    private const string BadMembers = "400 8001 body has a member name that is not valid, or the same one twice";
    private const string NotText = "must be text";
    private const string WrongType = "400 8001 content type must be application/json";
    private const string TooLarge = "400 8001 body is larger than 4096 bytes";
    private const string BothFamilies =
        "belongs to the one-call contract, possessionType and flowType to the two-call one: send one of them";
    private const string NoBody = "400 8001 body is missing";

    private sealed record Row(string Name, string Path, byte[]? Body, string Expected)
    {
        public string Method { get; init; } = "POST";
        public string? ContentType { get; init; } = "application/json";
        public bool IsChunked { get; init; }
        public (string Name, string Value)? Header { get; init; }
    }

    private static readonly Row[] _rows =
    [
        // Bodies that cannot be read at all.
        new("no body", Verify, null, NoBody) { ContentType = null },
        new("empty body", Verify, [], NoBody),
        new("empty chunked body", Verify, [], "400 8001 body is missing") { IsChunked = true },
        new("no content type", Verify, Good(), WrongType) { ContentType = null },
        new("plain text", Verify, Good(), WrongType) { ContentType = "text/plain" },
        new("a form", Verify, Good(), WrongType) { ContentType = "application/x-www-form-urlencoded" },
        new("problem+json", Verify, Good(), WrongType) { ContentType = "application/problem+json" },
        new("a charset that is not UTF-8", Verify, Good(), WrongType) { ContentType = "application/json; charset=iso-8859-1" },
        new("half a body", Verify, Utf8("{\"flowType\":"), NoJson),
        new("two bodies", Verify, Utf8("{}{}"), NoJson),
        new("a comment", Verify, Utf8("{/* */}"), NoJson),
        new("a comma too many", Verify, Utf8("{\"a\":1,}"), NoJson),
        new("single quotes", Verify, Utf8("{'a':1}"), NoJson),
        new("no number", Verify, Utf8("{\"a\":NaN}"), NoJson),
        new("a line break in a text", Verify, Utf8("{\"a\":\"\n\"}"), NoJson),
        new("a byte order mark alone", Verify, [0xEF, 0xBB, 0xBF], NoBody),
        new("two byte order marks", Verify, [0xEF, 0xBB, 0xBF, 0xEF, 0xBB, 0xBF, .. Good()], NoJson),
        new("half a byte order mark", Verify, [0xEF, 0xBB, .. Good()], "400 8001 body is not valid UTF-8"),
        new("a byte order mark behind the first byte", Verify, [(byte)' ', 0xEF, 0xBB, 0xBF, .. Good()], NoJson),
        new("a byte order mark of UTF-16", Verify, [0xFF, 0xFE, .. Good()], "400 8001 body is not valid UTF-8"),
        new("UTF-16", Verify, Encoding.Unicode.GetBytes("{}"), NoJson),
        new("a list", Verify, Utf8("[]"), NoObject),
        new("a text", Verify, Utf8("\"flowType\""), NoObject),
        new("null", Verify, Utf8("null"), NoObject),
        new("nine deep", Verify, Utf8("{\"a\":[[[[[[[[1]]]]]]]]}"), NoJson),
        new("a thousand deep", Verify, Utf8(new string('[', 1000) + new string(']', 1000)), NoJson),
        new("a byte that is no UTF-8", Verify, Replaced(0xFF), "400 8001 body is not valid UTF-8"),
        new("an overlong slash", Verify, Replaced(0xC0, 0xAF), "400 8001 body is not valid UTF-8"),
        new("half a surrogate pair in bytes", Verify, Replaced(0xED, 0xA0, 0x80), "400 8001 body is not valid UTF-8"),
        new("4097 bytes", Verify, Good(bytes: 4097), TooLarge),
        new("5 kilobytes", Verify, Good(bytes: 5120), TooLarge),
        new("5 kilobytes in chunks", Verify, Good(bytes: 5120), TooLarge) { IsChunked = true },
        new("a hundred kilobytes in chunks", Verify, Good(bytes: 102_400), TooLarge) { IsChunked = true },
        new("half a surrogate pair as an escape", Verify, With("firstName", "\"\\ud800\""), Bad("firstName", NotText)),
        new("a member name that is no text", Verify, Utf8("{\"\\ud800\":1}"), BadMembers),
        new("a nested member name that is no text", Verify, Utf8("{\"a\":{\"\\ud800\":1}}"), BadMembers),

        // Members given twice.
        new("a known member twice", Verify, Utf8(GoodText()[..^1] + ",\"lastName\":\"Vance\"}"), Bad("lastName", "given twice")),
        new("a known member twice, once escaped", Verify, Utf8(GoodText()[..^1] + ",\"last\\u004eame\":\"Vance\"}"),
            Bad("lastName", "given twice")),
        new("an unknown member twice", Verify, Utf8(GoodText()[..^1] + ",\"x\":1,\"x\":2}"), Bad("x", "given twice")),
        new("an unknown member with an evil name twice", Verify, Utf8(GoodText()[..^1] + ",\"<b>\":1,\"<b>\":2}"),
            Bad("?b?", "given twice")),
        new("a nested member twice", Verify, Utf8(GoodText()[..^1] + ",\"x\":{\"y\":1,\"y\":2}}"), BadMembers),
        new("a member twice in a list", Verify, Utf8(GoodText()[..^1] + ",\"x\":[{\"y\":1,\"y\":2}]}"), BadMembers),

        // Fields of verify, in the order of the contract.
        new("nothing given", Verify, Utf8("{}"),
            "400 8001 field 'flowType' is missing; field 'phoneNumber' is missing; field 'firstName' is missing; field 'lastName' is "
                + "missing"),
        new("null and empty are missing", Verify,
            Utf8("""{"flowType":null,"possessionType":"","phoneNumber":null,"firstName":"","lastName":""}"""),
            "400 8001 field 'flowType' is missing; field 'phoneNumber' is missing; field 'firstName' is missing; field 'lastName' is "
                + "missing"),
        new("everything wrong at once", Verify, Utf8("""
            {"allowOTPRetry":1,"emailAddress":"x","clientRequestId":[],"clientCustomerId":{},"smsMessage":1,"finalTargetUrl":"ftp://a/",
             "lastName":true,"firstName":7,"phoneNumber":"1-2","flowType":"desktop"}
            """),
            "400 8001 field 'phoneNumber' is invalid: only letters, digits and + are allowed; field 'firstName' is invalid: must be text; "
            + "field 'lastName' is invalid: must be text; field 'finalTargetUrl' is invalid: must be an absolute http or https URL; "
            + "field 'smsMessage' is invalid: must be text; field 'clientCustomerId' is invalid: must be text; field 'clientRequestId' is "
                + "invalid: must be text; "
            + "field 'emailAddress' is invalid: must contain exactly one @; field 'allowOTPRetry' is invalid: must be true or false"),
        new("both families", Verify, With("verificationType", "\"verifiedUser\""), Bad("verificationType", BothFamilies)),
        new("both families by the other name", Verify,
            Utf8("""{"verificationType":"prefill","possessionType":"mobile","phoneNumber":"2001009421"}"""),
            Bad("verificationType", BothFamilies)),
        new("a type that is none of ours", Verify, With("flowType", "\"tablet\""), Bad("flowType", "must be desktop, mobile or none")),
        new("a type in capitals", Verify, With("flowType", "\"Mobile\""), Bad("flowType", "must be desktop, mobile or none")),
        new("a type as a number", Verify, With("flowType", "1"), Bad("flowType", NotText)),
        new("the other type field is bad", Verify, With("possessionType", "\"tablet\""),
            Bad("possessionType", "must be desktop, mobile or none")),
        new("two types that differ", Verify, With("possessionType", "\"none\""), Bad("flowType", "differs from possessionType")),
        .. NotTexts("phoneNumber"),
        new("a number too long", Verify, With("phoneNumber", Text('1', 33)), Bad("phoneNumber", "longer than 32 characters")),
        new("a number with a dash", Verify, With("phoneNumber", "\"200-100-9002\""),
            Bad("phoneNumber", "only letters, digits and + are allowed")),
        new("a number with a space", Verify, With("phoneNumber", "\" 2001009002\""),
            Bad("phoneNumber", "only letters, digits and + are allowed")),
        new("a number in other digits", Verify, With("phoneNumber", "\"٢٠٠١٠٠٩٠٠٢\""),
            Bad("phoneNumber", "only letters, digits and + are allowed")),
        new("a number with NUL", Verify, With("phoneNumber", "\"2001009002\\u0000\""),
            Bad("phoneNumber", "only letters, digits and + are allowed")),
        new("the longest number that nobody has", Verify, With("phoneNumber", Text('1', 32)),
            "400 8007 no test user found matching the phone number"),
        new("letters for a number", Verify, With("phoneNumber", "\"1800FLOWERS\""),
            "400 8007 no test user found matching the phone number"),
        .. NotTexts("firstName"),
        .. NotTexts("lastName"),
        new("a given name of spaces", Verify, With("firstName", "\"   \""), Bad("firstName", "must be 1 to 128 characters after trimming")),
        new("a given name too long", Verify, With("firstName", Text('a', 129)),
            Bad("firstName", "must be 1 to 128 characters after trimming")),
        new("a family name too long in emoji", Verify, With("lastName", "\"" + string.Concat(Enumerable.Repeat("😀", 129)) + "\""),
            Bad("lastName", "must be 1 to 128 characters after trimming")),
        new("a given name with NUL", Verify, With("firstName", "\"Lo\\u0000ri\""), Bad("firstName", "contains control characters")),
        new("a family name with a line break", Verify, With("lastName", "\"Mont\\ngomery\""),
            Bad("lastName", "contains control characters")),
        .. NotTexts("finalTargetUrl"),
        .. NotTexts("smsMessage"),
        .. NotTexts("clientCustomerId"),
        .. NotTexts("clientRequestId"),
        .. NotTexts("emailAddress"),
        new("a customer id too long", Verify, With("clientCustomerId", Text('a', 257)),
            Bad("clientCustomerId", "longer than 256 characters")),
        new("a request id too long", Verify, With("clientRequestId", Text('é', 257)), Bad("clientRequestId", "longer than 256 characters")),
        new("a request id with an escape character", Verify, With("clientRequestId", "\"a\\u001bb\""),
            Bad("clientRequestId", "contains control characters")),
        new("an address without @", Verify, With("emailAddress", "\"shop.example\""), Bad("emailAddress", "must contain exactly one @")),
        new("an address with two @", Verify, With("emailAddress", "\"a@b@c\""), Bad("emailAddress", "must contain exactly one @")),
        new("an address too long", Verify, With("emailAddress", "\"a@" + new string('b', 253) + "\""),
            Bad("emailAddress", "longer than 254 characters")),
        new("a truth value as text", Verify, With("allowOTPRetry", "\"true\""), Bad("allowOTPRetry", "must be true or false")),
        new("a truth value as a number", Verify, With("allowOTPRetry", "1"), Bad("allowOTPRetry", "must be true or false")),
        new("a truth value in a list", Verify, With("allowOTPRetry", "[true]"), Bad("allowOTPRetry", "must be true or false")),

        // finalTargetUrl.
        new("no target in a desktop flow", Verify, Desktop(null), "400 8001 field 'finalTargetUrl' is missing"),
        .. Target("longer than 128 characters", "https://shop.example/" + new string('a', 108)),
        .. Target("only letters, digits and -._+=/:? are allowed",
            "https://shop.example/#part", "https://user@shop.example/", "https://shop.example/a b", "https://shop.example/%2e%2e/",
            "https://shop.example/a\\b", "https://shop.example/~x", "https://shop.example/?a=1&b=2", "https://[::1]/",
            "https://shöp.example/", "https://shop.example/\r\nX: y", "javascript:alert(1)"),
        .. Target("must be an absolute http or https URL",
            "ftp://shop.example/", "/done", "done", "//shop.example/", "shop.example/done", "https:shop.example", "https:/shop.example/",
            "https://", "https:///done", "javascript:void", "data:text/html", "file:///etc/passwd", "https://shop.example:99999/",
            "https://:80/"),
        .. Target("must not contain // after the host", "https://shop.example//done", "https://shop.example/done//",
            "https://shop.example/?u=//evil.example", "https://shop.example/?u=https://evil.example"),

        // smsMessage.
        .. Sms("must contain exactly one placeholder of # characters", "your code", "#### and ####", "# ####"),
        .. Sms("the placeholder for the code is ####, ##### or ######", "###", "#######", "##########"),
        .. Sms("contains a link of its own", "https://evil.example ####", "www.evil.example ####", "evil.example/x ####", "evil.com ####",
            "пример.рф/в ####",
            "evil.xn--p1ai/login ####", "10.1.2.3/x ####", "evil。com ####", "ｅｖｉｌ.com ####", "evil.com\u200d/x ####",
            "evil.example:8080 ####", "evil.example?x=1 ####", "whatsapp:send ####", "javascript:alert ####"),
        .. Sms("contains a telephone number", "Call +1 900 555 0142 ####", "0900-1234567 ####", "(900) 555.0142 ####"),
        .. Sms("contains control characters", "a\tb ####", "\u202e ####", "\u200b ####", "\0 ####"),
        .. Sms("longer than 160 characters", new string('a', 157) + "####"),
        .. Sms("longer than 2 text segments when filled", string.Concat(Enumerable.Repeat("😀", 70)) + "####"),
        new("a code's placeholder in a desktop flow", Verify,
            Utf8(TestServer.VerifyBody("desktop", "2001009002", new JsonObject { ["smsMessage"] = "######" })),
            Bad("smsMessage", "the placeholder for the link is ####")),

        // Idempotency-Key.
        new("a key of 256 characters", Verify, Good(),
            Bad("Idempotency-Key", "must be 1 to 255 visible ASCII characters")) { Header = ("Idempotency-Key", new string('k', 256)) },
        new("a key with a space", Verify, Good(),
            Bad("Idempotency-Key", "must be 1 to 255 visible ASCII characters")) { Header = ("Idempotency-Key", "a b") },
        new("an empty key", Verify, Good(),
            Bad("Idempotency-Key", "must be 1 to 255 visible ASCII characters")) { Header = ("Idempotency-Key", "") },

        // verify-status.
        new("status without a body", Status, null, NoBody) { ContentType = null },
        new("status without an id", Status, Utf8("{}"), "400 8001 field 'correlationId' is missing"),
        new("status with an empty id", Status, Utf8("""{"correlationId":""}"""), "400 8001 field 'correlationId' is missing"),
        new("status with a number for an id", Status, Utf8("""{"correlationId":1}"""), Bad("correlationId", NotText)),
        new("status with an id in capitals", Status, Utf8($$"""{"correlationId":"{{UnknownId.ToUpperInvariant()}}"}"""),
            Bad("correlationId", "must be 8-4-4-4-12 lower-case hexadecimal digits")),
        new("status with an id in braces", Status, Utf8($$"""{"correlationId":"{{{UnknownId}}}"}"""),
            Bad("correlationId", "must be 8-4-4-4-12 lower-case hexadecimal digits")),
        new("status with a space after the id", Status, Utf8($$"""{"correlationId":"{{UnknownId}} "}"""),
            Bad("correlationId", "must be 8-4-4-4-12 lower-case hexadecimal digits")),
        new("status with an unknown id", Status, Utf8($$"""{"correlationId":"{{UnknownId}}"}"""), "400 8008 correlation id is not valid"),
        new("status with an id given twice", Status, Utf8($$"""{"correlationId":"{{UnknownId}}","correlationId":"{{UnknownId}}"}"""),
            Bad("correlationId", "given twice")),
        new("status with two bad fields", Status, Utf8($$"""{"clientRequestId":"{{new string('a', 257)}}"}"""),
            "400 8001 field 'correlationId' is missing; field 'clientRequestId' is invalid: longer than 256 characters"),

        // One-call verify, in the order of the contract.
        new("one call without anything else", Verify, Utf8("""{"verificationType":"verifiedUser"}"""),
            "400 8001 field 'phoneNumber' is missing; field 'firstName' is missing; field 'lastName' is missing"),
        new("one call of a type that needs no name", Verify, Utf8("""{"verificationType":"bot","firstName":"","lastName":null}"""),
            "400 8001 field 'phoneNumber' is missing"),
        new("one call with everything wrong at once", Verify, Utf8("""
            {"identityAttributes":[{"attributeType":1},7],"proveId":"x","clientRequestId":[],"clientHumanId":1,"clientCustomerId":{},
             "userAgent":true,"ipAddress":"::g","emailAddress":"x","lastName":true,"firstName":7,"phoneNumber":"1-2",
             "verificationType":"everything"}
            """),
            "400 8001 field 'verificationType' is invalid: must be verifiedUser, accountOpening, humanAssurance, prefill, prefillForBiz "
            + "or identityResolution; "
            + "field 'phoneNumber' is invalid: only letters, digits and + are allowed; field 'firstName' is invalid: must be text; "
            + "field 'lastName' is invalid: must be text; field 'emailAddress' is invalid: must contain exactly one @; "
            + "field 'ipAddress' is invalid: only hexadecimal digits, : and . are allowed; field 'userAgent' is invalid: must be text; "
            + "field 'clientCustomerId' is invalid: must be text; field 'clientHumanId' is invalid: must be text; field 'clientRequestId' "
                + "is invalid: must be text; "
            + "field 'proveId' is invalid: must be a UUID: 8-4-4-4-12 hexadecimal digits; field 'identityAttributes[0].attributeType' is "
                + "invalid: must be text; "
            + "field 'identityAttributes[0].attributeValue' is missing; field 'identityAttributes[1]' is invalid: must be an object"),
        new("one call with a type in capitals", Verify, OneCall("verificationType", "\"VerifiedUser\""), Bad("verificationType",
            "must be verifiedUser, accountOpening, humanAssurance, prefill, prefillForBiz or identityResolution")),
        new("one call with a type as a number", Verify, OneCall("verificationType", "1"), Bad("verificationType", NotText)),
        new("one call with a type given twice", Verify,
            Utf8("""{"verificationType":"bot","verificationType":"prefill","phoneNumber":"2001009421"}"""),
            Bad("verificationType", "given twice")),
        new("one call with an address too long", Verify, OneCall("ipAddress", Text('1', 46)),
            Bad("ipAddress", "longer than 45 characters")),
        new("one call with a browser's name too long", Verify, OneCall("userAgent", Text('a', 513)),
            Bad("userAgent", "longer than 512 characters")),
        new("one call with a browser's name with NUL", Verify, OneCall("userAgent", "\"a\\u0000\""),
            Bad("userAgent", "contains control characters")),
        new("one call with a human id too long", Verify, OneCall("clientHumanId", Text('a', 257)),
            Bad("clientHumanId", "longer than 256 characters")),
        new("one call with an id in braces", Verify, OneCall("proveId", $$"""
            "{{{UnknownId}}}"
            """), Bad("proveId", "must be a UUID: 8-4-4-4-12 hexadecimal digits")),
        new("one call with attributes that are no list", Verify, OneCall("identityAttributes", "{}"),
            Bad("identityAttributes", "must be a list")),
        new("one call with 21 attributes", Verify, OneCall("identityAttributes", $"[{string.Join(',', Enumerable.Repeat("1", 21))}]"),
            Bad("identityAttributes", "must have 0 to 20 entries")),
        new("one call of nobody", Verify, OneCall("phoneNumber", "\"2001009999\""),
            "400 8007 no test user found matching the phone number"),
        new("one call of a verify user", Verify, OneCall("phoneNumber", "\"2001004011\""), "403 8009 test user belongs to another product"),
        new("one call of another type's user", Verify, OneCall("phoneNumber", "\"2001009421\""),
            "403 8009 test user belongs to another product"),
        new("two calls of a one-call user", Verify, With("phoneNumber", "\"2001004053\""), "403 8009 test user belongs to another product"),
        new("one call with a bad key", Verify, OneCall("userAgent", "\"a\""),
            Bad("Idempotency-Key", "must be 1 to 255 visible ASCII characters")) { Header = ("Idempotency-Key", "a b") },

        // A batch of them.
        new("a batch without a body", Batch, null, NoBody) { ContentType = null },
        new("a batch without items", Batch, Utf8("{}"), "400 8001 field 'items' is missing"),
        new("a batch with no items", Batch, Utf8("""{"items":[]}"""), Bad("items", "must have 1 to 1000 entries")),
        new("a batch of 1001 items", Batch, Items(1001), Bad("items", "must have 1 to 1000 entries")),
        new("a batch that is no list", Batch, Utf8("""{"items":{}}"""), Bad("items", "must be a list")),
        new("a batch with two bad fields", Batch, Utf8("""{"items":"x","clientRequestId":1}"""),
            "400 8001 field 'clientRequestId' is invalid: must be text; field 'items' is invalid: must be a list"),
        new("a batch nine deep beside its items", Batch, Utf8("""{"items":[{}],"a":[[[[[[[[1]]]]]]]]}"""), NoJson),
        new("a batch nine deep in what is no list", Batch, Utf8("""{"items":{"a":[[[[[[[1]]]]]]]}}"""), NoJson),
        new("a batch of an item 63 deep", Batch, Utf8("{\"items\":[" + new string('[', 63) + new string(']', 63) + "]}"), NoJson),
        new("a batch with a member twice beside its items", Batch, Utf8("""{"items":[{}],"a":{"b":1,"b":1}}"""), BadMembers),
        new("a batch with items twice", Batch, Utf8("""{"items":[{}],"items":[{}]}"""), Bad("items", "given twice")),
        new("a batch of a megabyte and a byte", Batch, Good(bytes: 1_048_577), "400 8001 body is larger than 1048576 bytes"),
        new("a batch of more than a megabyte in chunks", Batch, Good(bytes: 1_100_000),
            "400 8001 body is larger than 1048576 bytes") { IsChunked = true },
        new("a batch of nearly two megabytes", Batch, Good(bytes: 2_000_000), "400 8001 body is larger than 1048576 bytes"),
        new("a batch of nearly two megabytes in chunks", Batch, Good(bytes: 2_000_000),
            "400 8001 body is larger than 1048576 bytes") { IsChunked = true },
        new("GET of a batch", Batch, null, "403 8003 step not allowed") { Method = "GET", ContentType = null },

        // Paths and methods.
        new("a path that is none", "/v3/nothing", Good(), "403 8003 step not allowed"),
        new("the token endpoint below v3", "/v3/token", Good(), "403 8003 step not allowed"),
        new("v3 itself", "/v3", null, "403 8003 step not allowed") { ContentType = null },
        new("GET of verify", Verify, null, "403 8003 step not allowed") { Method = "GET", ContentType = null },
        new("PUT of verify", Verify, Good(), "403 8003 step not allowed") { Method = "PUT" },
        new("DELETE of verify-status", Status, null, "403 8003 step not allowed") { Method = "DELETE", ContentType = null },
        new("a path outside v3", "/nothing", null, "404 8011 not found") { Method = "GET", ContentType = null },
        new("a path that only begins like v3", "/v31/verify", Good(), "404 8011 not found"),
        new("a browser path that is none", "/v1/client/nothing", Good(), "404 8011 not found"),
        new("GET of token", "/token", null, "405 8001 method not allowed") { Method = "GET", ContentType = null },
        new("GET of a browser step", "/v1/client/mobile/otp/start", null, "405 8001 method not allowed") { Method = "GET",
            ContentType = null },
        new("POST of messages", "/sandbox/messages", Good(), "405 8001 method not allowed"),
        new("GET of the status socket without a socket", "/v1/client/status", null,
            "400 8001 a WebSocket request is expected") { Method = "GET", ContentType = null },

        // The sandbox's own endpoints.
        new("clock without a body", Clock, null, NoBody) { ContentType = null },
        new("clock without a number", Clock, Utf8("{}"), "400 8001 field 'advanceSeconds' is missing"),
        .. new[] { "-1", "86401", "1.5", "\"10\"", "1e99", "9223372036854775808", "true", "[1]" }.Select(n =>
            new Row($"clock by {n}", Clock, Utf8($$"""{"advanceSeconds":{{n}}}"""),
                Bad("advanceSeconds", "must be a whole number of seconds from 0 to 86400"))),
        new("clock in plain text", Clock, Utf8("1"), WrongType) { ContentType = "text/plain" },
        new("messages to nobody", "/sandbox/messages", null, "400 8001 field 'to' is missing") { Method = "GET", ContentType = null },
        new("messages to a word", "/sandbox/messages?to=Ada", null, Bad("to", "not a telephone number")) { Method = "GET",
            ContentType = null },
        new("a handset flow without fields", "/sandbox/flows", Utf8("""{"flowType":"mobile"}"""),
            "400 8001 field 'phoneNumber' is missing; field 'firstName' is missing; field 'lastName' is missing"),
        new("a handset flow of nobody", "/sandbox/flows", With("phoneNumber", "\"2001009999\""),
            "400 8007 no test user found matching the phone number"),
        new("a handset flow of another product's user", "/sandbox/flows", With("phoneNumber", "\"2001001695\""),
            "403 8009 test user belongs to another product"),
        new("a one-call verification on the handset", "/sandbox/flows", With("verificationType", "\"verifiedUser\""),
            Bad("verificationType", "a one-call verification begins no flow")),
        new("an unknown flow on the handset", "/sandbox/flows/" + UnknownId, null, "400 8008 correlation id is not valid") { Method = "GET",
            ContentType = null },
        new("a malformed flow on the handset", "/sandbox/flows/x", null,
            Bad("correlationId", "must be 8-4-4-4-12 lower-case hexadecimal digits")) { Method = "GET", ContentType = null },
    ];

    private TestServer Server => fixture.Server;

    public static TheoryData<string> Names => [.. _rows.Select(row => row.Name)];

    [Theory]
    [Trait("attack", "A04")]
    [MemberData(nameof(Names))]
    public async Task A_bad_request_is_refused_in_the_contracts_words_and_leaves_nothing_behind(string name)
    {
        var row = _rows.Single(r => r.Name == name);
        var before = await CountAsync();

        var reply = await SendAsync(row, await Server.GetTokenAsync());

        Assert.Equal(row.Expected, reply.Fault);
        Assert.Equal("application/json", reply.Header("Content-Type"));
        Assert.Equal("no-store", reply.Header("Cache-Control"));
        Assert.Equal("nosniff", reply.Header("X-Content-Type-Options"));
        Assert.Null(reply.Header("Server"));
        // The token endpoint says it in OAuth's words too.
        Assert.Equal(row.Path == "/token" ? 4 : 2, reply.Json!.AsObject().Count);
        Assert.Equal(before, await CountAsync());
    }

    private sealed record BrowserRow(string Name, string Path, byte[] Body, string Expected, string ContentType = "application/json");

    private static readonly BrowserRow[] _browserRows =
    [
        new("no code", "mobile/otp/finish", Utf8("{}"), "400 8001 field 'otp' is missing"),
        new("null for a code", "mobile/otp/finish", Utf8("""{"otp":null}"""), "400 8001 field 'otp' is missing"),
        new("a number for a code", "mobile/otp/finish", Utf8("""{"otp":1234}"""), Bad("otp", NotText)),
        new("a list of codes", "mobile/otp/finish", Utf8("""{"otp":["1234","1235"]}"""), Bad("otp", NotText)),
        new("an object for a code", "mobile/otp/finish", Utf8("""{"otp":{"$ne":""}}"""), Bad("otp", NotText)),
        new("two codes", "mobile/otp/finish", Utf8("""{"otp":"0000","otp":"1234"}"""), Bad("otp", "given twice")),
        new("a code that is no text", "mobile/otp/finish", Utf8("""{"otp":"\udc00"}"""), Bad("otp", NotText)),
        new("a code of 5 kilobytes", "mobile/otp/finish", Utf8($$"""{"otp":"{{new string('1', 5120)}}"}"""), TooLarge),
        new("no proof of the network", "mobile/instant/finish", Utf8("{}"), "400 8001 field 'vfp' is missing"),
        new("a number for the network's proof", "mobile/instant/finish", Utf8("""{"vfp":1}"""), Bad("vfp", NotText)),
        new("a number of the wrong kind", "mobile/otp/start", Utf8("""{"mobileNumber":2001009002}"""), Bad("mobileNumber", NotText)),
        new("a word for isMobile", "mobile/instantlink/start", Utf8("""{"isMobile":"yes"}"""), Bad("isMobile", "must be true or false")),
        new("a list to a step", "mobile/otp/start", Utf8("[]"), NoObject),
        new("half a body to a step", "mobile/otp/start", Utf8("{"), NoJson),
        new("plain text to a step", "mobile/otp/start", Utf8("{}"), WrongType, "text/plain"),
        new("a form to a step", "mobile/otp/error", Utf8("message=x"), WrongType, "application/x-www-form-urlencoded"),
    ];

    public static TheoryData<string> BrowserNames => [.. _browserRows.Select(row => row.Name)];

    [Theory]
    [Trait("attack", "S12")]
    [MemberData(nameof(BrowserNames))]
    public async Task A_bad_step_of_a_browser_is_refused_and_counts_as_nothing(string name)
    {
        var row = _browserRows.Single(r => r.Name == name);
        var flow = await Server.BeginAsync("mobile", "2001009002");
        var page = Server.Browser(flow.AuthToken!);
        await page.Post("mobile/instant/start");
        await page.Post("mobile/otp/start");
        var before = await CountAsync();

        var reply = await SendAsync(
            new Row(row.Name, "/v1/client/" + row.Path, row.Body, row.Expected) { ContentType = row.ContentType }, flow.AuthToken!);

        Assert.Equal(row.Expected, reply.Fault);
        Assert.Equal("*", reply.Header("Access-Control-Allow-Origin"));
        Assert.Equal(before, await CountAsync());
        Assert.Equal("""{"next":"done"}""", (await page.Enter("1234")).ToJsonString());
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/json;charset=UTF-8")]
    [InlineData("application/json; charset=\"utf-8\"")]
    [InlineData("Application/JSON")]
    public async Task Json_in_utf8_is_taken_however_its_type_is_written(string contentType)
    {
        var reply = await SendAsync(new Row("", Verify, Good(), "") { ContentType = contentType }, await Server.GetTokenAsync());

        Assert.Equal(200, reply.Status);
    }

    [Fact]
    public async Task A_body_that_begins_with_a_byte_order_mark_is_read()
    {
        byte[] mark = [0xEF, 0xBB, 0xBF];
        var token = await Server.GetTokenAsync();
        var (id, secret) = (Credentials.Sandbox.Id, Credentials.Sandbox.Secret);
        var json = $$"""{"client_id":"{{id}}","client_secret":"{{secret}}","grant_type":"client_credentials"}""";
        var form = $"client_id={id}&client_secret={secret}&grant_type=client_credentials";
        Row[] rows =
        [
            new("two-call", Verify, [.. mark, .. Good()], ""),
            new("in chunks", Verify, [.. mark, .. Good()], "") { IsChunked = true },
            new("one-call", Verify, [.. mark, .. Utf8("""{"verificationType":"humanAssurance","phoneNumber":"2002000001"}""")], ""),
            new("an item of a batch", "/v3/identity/batch", [.. mark, .. Utf8("""{"items":[{"phoneNumber":"2002000001"}]}""")], ""),
            new("an optional body", "/v3/identity", [.. mark, .. Utf8("""{"phoneNumber":"2002000001"}""")], ""),
            new("credentials as JSON", "/token", [.. mark, .. Utf8(json)], ""),
            new("credentials as a form", "/token", [.. mark, .. Utf8(form)], "") { ContentType = "application/x-www-form-urlencoded" },
            new("the sandbox's clock", "/sandbox/clock", [.. mark, .. Utf8("""{"advanceSeconds":0}""")], ""),
        ];

        foreach (var row in rows)
        {
            var reply = await SendAsync(row, token);
            Assert.True(reply.Status is 200 or 204, $"{row.Name} {reply}");
        }
        var flow = await Server.BeginAsync("mobile", "2002000001");
        var step = await SendAsync(new Row("a step", "/v1/client/mobile/otp/start", [.. mark, .. Utf8("{}")], ""), flow.AuthToken!);
        Assert.Equal("""{"next":""}""", step.Body);
    }

    [Fact]
    public async Task A_body_of_exactly_4096_bytes_is_taken()
    {
        var whole = await SendAsync(new Row("", Verify, Good(bytes: 4096), ""), await Server.GetTokenAsync());
        var chunked = await SendAsync(new Row("", Verify, Good(bytes: 4096), "") { IsChunked = true }, await Server.GetTokenAsync());

        Assert.Equal((200, 200), (whole.Status, chunked.Status));
    }

    [Theory]
    [InlineData(4097)]
    [InlineData(60_000)]
    public async Task After_a_body_that_was_too_large_the_next_call_is_answered(int bytes)
    {
        var token = await Server.GetTokenAsync();
        for (var i = 0; i < 20; i++)
        {
            var reply = await SendAsync(new Row("", Verify, Good(bytes), "") { IsChunked = i % 2 == 0 }, token);

            Assert.Equal((TooLarge, "close"), (reply.Fault, reply.Header("Connection")));
            Assert.Equal(8008, (await Server.StatusAsync(UnknownId)).Code);
        }
    }

    [Theory]
    [InlineData("firstName", 128)]
    [InlineData("lastName", 128)]
    [InlineData("clientCustomerId", 256)]
    [InlineData("clientRequestId", 256)]
    public async Task A_field_may_be_as_long_as_its_bound_in_unicode_scalar_values(string field, int max)
    {
        var reply = await Server.VerifyAsync(TestServer.VerifyBody("mobile", "2001009002", new JsonObject
        {
            [field] = string.Concat(Enumerable.Repeat("😀", max)),
        }));

        Assert.Equal(200, reply.Status);
    }

    [Theory]
    [InlineData("https://shop.example")]
    [InlineData("http://127.0.0.1:8080/")]
    [InlineData("https://shop.example:8443/a/b.c/d-e_f+g=h?x=1:2/3")]
    [InlineData("HTTPS://SHOP.EXAMPLE/Done")]
    [InlineData("https://shop.example/...")]
    [InlineData("https://shop.example?a=..")]
    public async Task A_target_of_permitted_characters_is_taken(string url)
    {
        var reply = await Server.VerifyAsync(TestServer.VerifyBody("desktop", "2001009002", new JsonObject { ["finalTargetUrl"] = url }));

        Assert.Equal(200, reply.Status);
    }

    [Fact]
    public async Task A_target_may_have_128_characters_and_an_address_254()
    {
        var reply = await Server.VerifyAsync(TestServer.VerifyBody("desktop", "2001009002", new JsonObject
        {
            ["finalTargetUrl"] = "https://shop.example/".PadRight(128, 'a'),
            ["emailAddress"] = "a@".PadRight(254, 'b'),
        }));

        Assert.Equal(200, reply.Status);
    }

    [Theory]
    [Trait("attack", "T07")]
    [InlineData("/v3/verify", "2001009002")]
    [InlineData("/v3/start", PreFillSteps.Milo)]
    [InlineData("/v3/unify", "2001004014")]
    public async Task The_id_of_a_flow_is_not_the_callers_to_choose(string path, string number)
    {
        var reply = await Server.PostAsync(path, $$"""
            {"possessionType":"mobile","phoneNumber":"{{number}}","firstName":"Lori","lastName":"Montgomery",
             "correlationId":"{{UnknownId}}","id":"{{UnknownId}}"}
            """);

        Assert.Equal(200, reply.Status);
        Assert.NotEqual(UnknownId, reply.Text("correlationId"));
        Assert.Equal(8008, (await Server.StatusAsync(UnknownId)).Code);
    }

    [Fact]
    public async Task Unknown_members_are_ignored_and_null_and_empty_are_as_good_as_absent()
    {
        var reply = await Server.VerifyAsync("""
            {"possessionType":"mobile","flowType":"mobile","phoneNumber":"2001009002","firstName":" Lori ","lastName":"Montgomery",
             "finalTargetUrl":"","smsMessage":null,"clientCustomerId":"","clientRequestId":null,"emailAddress":"","allowOTPRetry":null,
             "verificationType":null,"unknown":{"a":[[[[[1]]]]]}}
            """);

        Assert.Equal(200, reply.Status);
    }

    [Fact]
    public async Task A_bad_head_is_answered_without_a_body()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, Verify);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await Server.GetTokenAsync());

        var reply = await Server.SendAsync(request);

        Assert.Equal((403, ""), (reply.Status, reply.Body));
    }

    [Fact]
    [Trait("attack", "S08")]
    [Trait("attack", "T04")]
    public async Task Another_projects_an_expired_and_an_unknown_id_get_the_same_bytes()
    {
        await using var server = await fixture.StartAsync();
        var other = await server.AddProjectAsync("other");
        var flow = await server.BeginAsync("mobile", "2001009002");

        var unknown = await server.StatusAsync(UnknownId);
        var foreign = await server.StatusAsync(flow.Id, other);
        var living = await server.StatusAsync(flow.Id);
        await server.AdvanceAsync(TimeSpan.FromMinutes(15));
        var expired = await server.StatusAsync(flow.Id);

        Assert.Equal("400 8008 correlation id is not valid", unknown.Fault);
        Assert.Equal(unknown.Body, foreign.Body);
        Assert.Equal(unknown.Body, expired.Body);
        Assert.Equal((400, 400, 200), (foreign.Status, expired.Status, living.Status));
        Assert.Equal(unknown.Headers.Keys.Order(), foreign.Headers.Keys.Order());
    }

    [Theory]
    [InlineData(Verify, "{}",
        "400 1001 field 'flowType' is missing; field 'phoneNumber' is missing; field 'firstName' is missing; field 'lastName' is missing")]
    [InlineData("/v3/nothing", "{}", "403 1003 step not allowed")]
    [InlineData(Status, """{"correlationId":"0199d5a4-1b2c-7d3e-8f40-5a6b7c8d9e0f"}""", "400 8008 correlation id is not valid")]
    [InlineData(Verify, """{"flowType":"none","phoneNumber":"2009999999","firstName":"A","lastName":"B"}""",
        "400 8007 no test user found matching the phone number")]
    [InlineData(Verify, """{"flowType":"none","phoneNumber":"2001001695","firstName":"A","lastName":"B"}""",
        "403 8009 test user belongs to another product")]
    public async Task A_project_that_wants_the_older_codes_gets_them_and_no_other_difference(string path, string body, string expected)
    {
        var legacy = await Server.AddProjectAsync("legacy", new ProjectSettings { ErrorCodes = ErrorCodes.Legacy });

        var reply = await Server.PostAsync(path, body, legacy);

        Assert.Equal(expected, reply.Fault);
    }

    [Fact]
    [Trait("attack", "S08")]
    public async Task A_flow_of_another_project_and_an_expired_one_are_no_rows_at_all()
    {
        await using var server = await fixture.StartAsync();
        var flow = await server.BeginAsync("mobile", "2001009002");
        var store = server.Services.GetRequiredService<IFlowStore>();
        var now = server.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        var id = CorrelationId.Parse(flow.Id);

        var own = await store.FindAsync(id, ProjectId.Parse("sandbox"), Product.VerifiedUsers, now,
            TestContext.Current.CancellationToken);
        var others = await store.FindAsync(id, ProjectId.Parse("another"), Product.VerifiedUsers, now,
            TestContext.Current.CancellationToken);
        var late = await store.FindAsync(id, ProjectId.Parse("sandbox"), Product.VerifiedUsers, own!.ExpiresAt,
            TestContext.Current.CancellationToken);

        Assert.Equal((true, null, null), (own is not null, others, late));
    }

    private async Task<(long Flows, long Texts, long Keys, long Identities)> CountAsync() => (
        await Server.CountAsync("flows"), await Server.CountAsync("texts"), await Server.CountAsync("idempotency"),
        await Server.CountAsync("identities"));

    private async Task<Reply> SendAsync(Row row, string token)
    {
        using var request = new HttpRequestMessage(new HttpMethod(row.Method), row.Path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (row.Header is { } header)
        {
            request.Headers.TryAddWithoutValidation(header.Name, header.Value);
        }
        if (row.Body is { } body)
        {
            request.Content = new ByteArrayContent(body);
            if (row.ContentType is { } type)
            {
                request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
            }
            request.Headers.TransferEncodingChunked = row.IsChunked ? true : null;
        }
        return await Server.SendAsync(request);
    }

    private static string GoodText() => TestServer.VerifyBody("mobile", "2001009002");

    private static byte[] Good(int bytes = 0) => Utf8(GoodText().PadRight(bytes));

    /// <summary>A good body with one member set to this JSON.</summary>
    private static byte[] With(string field, string json)
    {
        var body = JsonNode.Parse(GoodText())!.AsObject();
        body[field] = "@";
        // The value need not be JSON that a writer would write.
        return Utf8(body.ToJsonString().Replace("\"@\"", json, StringComparison.Ordinal));
    }

    /// <summary>A good one-call body with one member set to this JSON.</summary>
    private static byte[] OneCall(string field, string json)
    {
        var body = new JsonObject
        {
            ["verificationType"] = "verifiedUser", ["phoneNumber"] = "2001004053", ["firstName"] = "Elena", ["lastName"] = "Coldman",
        };
        body[field] = "@";
        return Utf8(body.ToJsonString().Replace("\"@\"", json, StringComparison.Ordinal));
    }

    private static byte[] Items(int count) => Utf8($$"""{"items":[{{string.Join(',', Enumerable.Repeat("1", count))}}]}""");

    private static byte[] Desktop(string? target) =>
        Utf8(TestServer.VerifyBody("desktop", "2001009002", new JsonObject { ["finalTargetUrl"] = target }));

    /// <summary>A good body with these bytes in a name.</summary>
    private static byte[] Replaced(params byte[] bytes)
    {
        var parts = GoodText().Split("Lori");
        return [.. Utf8(parts[0]), .. bytes, .. Utf8(parts[1])];
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(char character, int count) => $"\"{new string(character, count)}\"";

    private static string Bad(string field, string reason) => $"400 8001 field '{field}' is invalid: {reason}";

    private static IEnumerable<Row> NotTexts(string field) =>
        new[] { "1", "true", "{}", "[\"a\"]" }.Select(json =>
            new Row($"{field} as {json}", Verify, With(field, json), Bad(field, NotText)));

    private static IEnumerable<Row> Target(string reason, params string[] urls) =>
        urls.Select(url => new Row($"target {url}", Verify, Desktop(url), Bad("finalTargetUrl", reason)));

    private static IEnumerable<Row> Sms(string reason, params string[] texts) => texts.Select(text =>
        new Row($"text {reason} {text}", Verify,
            Utf8(TestServer.VerifyBody("mobile", "2001009002", new JsonObject { ["smsMessage"] = text })), Bad("smsMessage", reason)));
}

public sealed class BadInputOnSqlite(OnSqlite fixture) : BadInputTests(fixture), IClassFixture<OnSqlite>;

// What is refused before the store is asked is the same on both.
[Trait("tier", "long")]
public sealed class BadInputOnPostgres(OnPostgres fixture) : BadInputTests(fixture), IClassFixture<OnPostgres>;
