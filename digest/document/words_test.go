package document_test

import "testing"

func TestScripts(t *testing.T) {
	checkMarkup(t, []markup{
		{"power", "It gives 10<sup>3</sup> lumen and 2<sup>-10</sup> more.", "It gives 10³ lumen and 2⁻¹⁰ more."},
		{"power of Pandoc", "It gives 10^3^ lumen and x^n+1^ more.", "It gives 10³ lumen and xⁿ⁺¹ more."},
		{"index", "Drink H<sub>2</sub>O and CO~2~, add x<sub>i</sub>.", "Drink H₂O and CO₂, add xᵢ."},
		{"no such character", "It is e<sup>iπ</sup> and 2<sup>Q</sup> and a<sub>Q</sub>.", "It is e^(iπ) and 2^Q and a_Q."},
		{"ordinals", "The 4<sup>th</sup>, the 2<sup>e</sup>, M<sup>me</sup> Lamp<sup>TM</sup>, n<sup>o</sup> 1<sup>o</sup>.", "The 4th, the 2e, Mme Lamp™, nᵒ 1º."},
		{"small text", "Lamp <sub>by the pier</sub> and <sup>1</sup> here.", "Lamp by the pier and 1 here."},
		{"with a link", "Lamp<sup><a href=\"https://a.example/\">1</a></sup>.", "Lamp<a href=\"https://a.example/\">1</a>."},
		{"not these", "Here 2^10 and 3^5, ^_^ and ^-^ stay, as a~b and 3~5 or 6~8.", "Here 2^10 and 3^5, ^_^ and ^-^ stay, as a~b and 3~5 or 6~8."},
		{"struck out", "The ~old~ and ~~older~~ lamp.", "The <s>old</s> and <s>older</s> lamp."},
		{"quoted", "She said <q>never </q>.", "She said “never” ."},
		{"in code", "Write `x^2^` here.", "Write <code>x^2^</code> here."},
	})
}

func TestNotesInText(t *testing.T) {
	checkMarkup(t, []markup{
		{"note", "The lamp^[an old one, see [here](https://a.example/)] is lit.", "The lamp (an old one, see <a href=\"https://a.example/\">here</a>) is lit."},
		{"after a sentence", "The lamp is lit.^[At last.]", "The lamp is lit. (At last.)"},
		{"behind a space", "The lamp ^[an old one, see [here](https://a.example/)] is lit.", "The lamp (an old one, see <a href=\"https://a.example/\">here</a>) is lit."},
		{"of one word behind a space", "The lamp ^[sic!] is lit. Others ^[maybe] are.", "The lamp ^[sic!] is lit. Others (maybe) are."},
		{"in Chinese behind a space", "灯 ^[这是旧的] 亮了。", "灯 (这是旧的) 亮了。"},
		{"patterns with spaces", "Look for ^[a-z A-Z]+ and ^[a-z 0-9]* there.", "Look for ^[a-z A-Z]+ and ^[a-z 0-9]* there."},
		{"pattern", "Look for ^[a-z] there.", "Look for ^[a-z] there."},
		{"in code", "Write `a^[b]` here.", "Write <code>a^[b]</code> here."},
	})
}

func TestLineBreaksOfKramdown(t *testing.T) {
	checkMarkup(t, []markup{
		{"two backslashes", "The lamp is old. \\\\\nIt is lit.", "The lamp is old.\nIt is lit."},
		{"at the end", "The lamp is old. \\\\", "The lamp is old."},
		{"within a line", `Look at \\server\lamp now.`, `Look at \server\lamp now.`},
	})
}

func TestWikiLinks(t *testing.T) {
	checkMarkup(t, []markup{
		{"page", "See [[The lamp]] and [[pier/boats|the *boats*]] now.", "See The lamp and the *boats* now."},
		{"before a colon", "See [[The lamp]]: it is lit.", "See The lamp: it is lit."},
		{"comment", "Hello.\n\n%% not this %%\n%%\nnor\n\nthis\n%%\n\nBye, 5 %% and 6 %%.", "Hello.\n\nBye, 5 %% and 6 %%."},
		{"address", "See [[https://a.example/|the lamp]] now.", "See <a href=\"https://a.example/\">the lamp</a> now."},
		{"text first", "See [[the lamp|https://a.example/]] now.", "See <a href=\"https://a.example/\">the lamp</a> now."},
		{"inserted", "See ![[lamp.png]]this.", "See this."},
		{"link with brackets", "See [[MIR] A pass](https://a.example/) and [[1]](https://b.example/).", "See <a href=\"https://a.example/\">[MIR] A pass</a> and <a href=\"https://b.example/\">[1]</a>."},
		{"defined", "See [[lamp]] now.\n\n[lamp]: https://a.example/", "See [<a href=\"https://a.example/\">lamp</a>] now."},
		{"no pages", "Use if [[ -f x ]] and [[nodiscard]] and a[[1, 2]].", "Use if [[ -f x ]] and [[nodiscard]] and a[[1, 2]]."},
		{"in code", "Write `[[lamp]]` here.", "Write <code>[[lamp]]</code> here."},
	})
}

func TestLinksWithoutText(t *testing.T) {
	checkMarkup(t, []markup{
		{"address", "See [](https://a.example/b) now.", "See <a href=\"https://a.example/b\">a.example/b</a> now."},
		{"place within the page", "See [](#lamp)this.", "See this."},
	})
}

func TestAngleBrackets(t *testing.T) {
	checkMarkup(t, []markup{
		{"types", "The List<String> is now Map<K, V>, Vec<u8>, Box<dyn Error>, Set<Object> or Option<A>.",
			"The List&lt;String&gt; is now Map&lt;K, V&gt;, Vec&lt;u8&gt;, Box&lt;dyn Error&gt;, Set&lt;Object&gt; or Option&lt;A&gt;."},
		{"placeholders", "Write <name> and <your name> there.", "Write &lt;name&gt; and &lt;your name&gt; there."},
		{"elements", "A<b>b</b><br>c<BR>d<B>e</B> <u>f</u>.", "A<b>b</b>\nc\nd<b>e</b> <u>f</u>."},
		{"own elements", "A <lamp-post>b</lamp-post> <lamp>c</lamp> <lamp id=\"a\"> d.", "A b c d."},
		{"addresses", "See <https://a.example/> now.", "See <a href=\"https://a.example/\">a.example</a> now."},
		{"in code", "Write `List<String>` here.", "Write <code>List&lt;String&gt;</code> here."},
	})
}

func TestContentsMarks(t *testing.T) {
	for _, mark := range []string{"[TOC]", "[[_TOC_]]", "[[toc]]", "@[toc]", "<!-- toc -->\n\n- [News](#news)\n- [Books](#books)\n\n<!-- tocstop -->"} {
		issue := parse(t, "a.md", "# T\n\nHello.\n\n"+mark+"\n\n## News\n\n- a\n\n## Books\n\n- b\n")
		if got, want := shown(issue, ""), "Hello.\n\n• News\n• Books"; got != want {
			t.Errorf("%q gives\n%s, want\n%s", mark, got, want)
		}
	}
}

func TestDefinitionLists(t *testing.T) {
	checkMarkup(t, []markup{
		{"term", "Hello.\n\nWick\n: what burns\n\nOil\n:   what feeds it,\n    every day", "Hello.\n\n<b>Wick</b>\nwhat burns\n\n<b>Oil</b>\nwhat feeds it, every day"},
		{"colon within", "Hello: this\n:is no list.", "Hello: this :is no list."},
	})
}
