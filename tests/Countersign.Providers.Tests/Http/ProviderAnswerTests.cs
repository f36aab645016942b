using System.Text;
using Countersign.Providers.Http;

namespace Countersign.Providers.Tests.Http;

public sealed class ProviderAnswerTests
{
    [Theory]
    [InlineData("""{"code":"\ud800"}""")]
    [InlineData("""{"\ud800":1,"\udfff-longer-than-the-name":2}""")]
    [InlineData("""{"code":[]}""")]
    [InlineData("""{"code":null}""")]
    [InlineData("[]")]
    [InlineData("")]
    public void What_is_something_else_is_none(string body)
    {
        var answer = new ProviderAnswer(200, Encoding.UTF8.GetBytes(body));

        Assert.Null(answer.Json?.Text("code"));
        Assert.Null(answer.Json?.Word("code"));
        Assert.Null(answer.Json?.Number("code"));
        Assert.Null(answer.Json?.Flag("code"));
        Assert.Null(answer.Json?.Object("code"));
        Assert.Null(answer.Json?.LongNumber("code"));
    }

    [Fact]
    public void A_number_is_no_text_but_may_be_a_word()
    {
        var answer = new ProviderAnswer(200, """{"code":1050,"iat":4102444800,"codes":[1]}"""u8.ToArray());

        Assert.Equal((null, "1050", 1050), (answer.Json?.Text("code"), answer.Json?.Word("code"), answer.Json?.Number("code")));
        Assert.Equal(
            (null, 4102444800, 1050),
            (answer.Json?.Number("iat"), answer.Json?.LongNumber("iat"), answer.Json?.LongNumber("code")));
        Assert.Equal((1, null), (answer.Json?.Array("codes")?.GetArrayLength(), answer.Json?.Array("code")));
    }
}
