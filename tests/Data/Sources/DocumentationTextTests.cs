using System.Xml;

namespace PretrainBench.Data.Tests.Sources;

public class DocumentationTextTests
{
    [Theory]
    [InlineData("T:System.String", "String")]
    [InlineData("M:System.Text.Encoding.GetBytes(System.String,System.Int32)", "GetBytes")]
    [InlineData("T:System.Collections.Generic.List`1", "List")]
    [InlineData("M:System.Collections.Generic.List`1.Add(`0)", "Add")]
    [InlineData("M:System.Linq.Enumerable.Select``2(System.Func{``0,``1})", "Select")]
    [InlineData("M:System.Uri.#ctor(System.String)", "Uri")]
    [InlineData("F:System.DayOfWeek.Monday", "Monday")]
    [InlineData("plain", "plain")]
    public void References_become_simple_names(string reference, string name)
        => Assert.Equal(name, DocumentationText.NameOf(reference));

    [Theory]
    [InlineData("<summary>Gets  the\n  <see cref=\"P:A.B.Length\" />.</summary>", "Gets the Length.")]
    [InlineData(
        "<summary>One.</summary><param name=\"x\">Two.</param><returns>\n<see langword=\"true\" /> if so.</returns>",
        "One. Two. true if so.")]
    [InlineData("<summary>Use <paramref name=\"value\" />, or <see cref=\"T:A.B\">that one</see>.</summary>",
        "Use value, or that one.")]
    [InlineData("<summary>A<para>B</para>C</summary>", "A B C")]
    [InlineData("<remarks><list><item><term>Key</term><description>Value</description></item></list></remarks>",
        "Key: Value")]
    [InlineData("<summary>a &lt;b&gt; <c>code</c>s</summary>", "a <b> codes")]
    [InlineData("<inheritdoc />", "")]
    public void Members_become_one_line_of_text(string member, string text)
    {
        using var reader = XmlReader.Create(new StringReader($"<member>{member}</member>"));
        reader.MoveToContent();
        Assert.Equal(text, new DocumentationText().Render(reader));
    }

    [Fact]
    public void The_sdk_carries_the_default_corpus()
    {
        var source = DocumentSource.Open([DotnetDocs.Name], new SourceReading("text"));
        var documents = source.Read().Take(2000).ToList();
        Assert.Equal(2000, documents.Select(document => document.Text).Distinct().Count());
        Assert.True(source.FileBytes > 10_000_000);
        Assert.All(documents, document => Assert.DoesNotContain('\n', document.Text));
    }

    [Fact]
    public void Only_the_newest_version_and_no_translations_are_read()
    {
        using var folder = new TemporaryFolder();
        foreach (var name in new[] { "9.0.1/ref/net9.0/A.xml", "10.0.2/ref/net10.0/B.xml",
                "10.0.2/ref/net10.0/de/B.xml", "10.0.2/ref/net10.0/B.dll" })
            folder.Write($"Microsoft.NETCore.App.Ref/{name}", "<doc/>");
        var file = Assert.Single(DotnetDocs.FilesBelow(folder.Path));
        Assert.EndsWith("10.0.2/ref/net10.0/B.xml", file, StringComparison.Ordinal);
    }
}
