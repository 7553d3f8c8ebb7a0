package document_test

import (
	"strings"
	"testing"

	"digestbot/digest"
	"digestbot/digest/digesttest"
)

// markup are pieces of Markdown with syntax of the usual extensions, and what readers get
// of them.
type markup struct{ name, in, want string }

// checkMarkup shows each piece as the only item of a section.
func checkMarkup(t *testing.T, cases []markup) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			issue := parse(t, "a.md", "# T\n\n## S\n\n"+c.in+"\n")
			digesttest.CheckIssue(t, issue)
			if got := shown(issue, "s"); got != c.want {
				t.Errorf("%q is shown as\n%s, want\n%s", c.in, got, c.want)
			}
		})
	}
}

// shown returns what readers get of a section, without its heading; "" is the cover.
func shown(issue *digest.Issue, section string) string {
	for _, m := range issue.Messages() {
		if m.Section == section {
			_, text, _ := strings.Cut(m.HTML, "\n\n")
			return text
		}
	}
	return ""
}

func TestEmphasis(t *testing.T) {
	checkMarkup(t, []markup{
		{"colon within", "晚上**注意：**灯不亮。", "晚上<b>注意：</b>灯不亮。"},
		{"quotation marks within", "他说**“明天再来”**就走了。", "他说<b>“明天再来”</b>就走了。"},
		{"brackets within", "参见**（附录）**一文。", "参见<b>（附录）</b>一文。"},
		{"book title", "读*《海》*吧。", "读<i>《海》</i>吧。"},
		{"Japanese", "これは**「重要」**です。", "これは<b>「重要」</b>です。"},
		{"Korean", "그는 **'내일'**이라고 했다.", "그는 <b>'내일'</b>이라고 했다."},
		{"link within", "看**[灯](https://a.example/)**吧。", "看<a href=\"https://a.example/\"><b>灯</b></a>吧。"},
		{"struck out", "价格~~（旧）~~新。", "价格<s>（旧）</s>新。"},
		{"not in other languages", "Mind **the frost:**it comes.", "Mind **the frost:**it comes."},
		{"within a word", "The snake_case_name and 2*3*4.", "The snake_case_name and 2<i>3</i>4."},
		{"not beside spaces", "一 ** 二 ** 三。", "一 ** 二 ** 三。"},
		{"in code", "写 `**注意：**灯` 吧。", "写 <code>**注意：**灯</code> 吧。"},
	})
}

func TestMarks(t *testing.T) {
	checkMarkup(t, []markup{
		{"marked", "This is ==marked== here.", "This is marked here."},
		{"marked in Chinese", "这是==重点==内容。", "这是重点内容。"},
		{"inserted", "A ++new++ lamp.", "A <u>new</u> lamp."},
		{"spoiler", "It ends with ||a storm||.", "It ends with <tg-spoiler>a storm</tg-spoiler>."},
		{"comparison", "Here a == b and c == d, x==y or y==z.", "Here a == b and c == d, x==y or y==z."},
		{"increments", "Write ++i and j++, or C++ and D++.", "Write ++i and j++, or C++ and D++."},
		{"or", "Use a || b or c||d||e here.", "Use a || b or c||d||e here."},
		{"in code", "Use `==a== ++bb++ ||c||` here.", "Use <code>==a== ++bb++ ||c||</code> here."},
		{"longer runs", "A ===line=== and a +++line+++ here.", "A ===line=== and a +++line+++ here."},
	})
}

func TestAttributes(t *testing.T) {
	checkMarkup(t, []markup{
		{"behind a link", "See [frost](https://a.example/){:target=\"_blank\"} now.", "See <a href=\"https://a.example/\">frost</a> now."},
		{"without a colon", "See [frost](https://a.example/){ .md-button .wide } now.", "See <a href=\"https://a.example/\">frost</a> now."},
		{"behind emphasis", "See **frost**{: .red} and *ice*{.blue} now.", "See <b>frost</b> and <i>ice</i> now."},
		{"behind code", "See `x`{.go} now.", "See <code>x</code> now."},
		{"behind an address", "See <https://a.example/>{rel=nofollow} now.", "See <a href=\"https://a.example/\">a.example</a> now."},
		{"behind a word", "The lamp is old.{: .note}", "The lamp is old."},
		{"of a block", "The lamp is old.\n{: .prompt-info }", "The lamp is old."},
		{"of a block without a colon", "The lamp is old.\n{ #lamp .wide }", "The lamp is old."},
		{"of a quotation", "> The lamp is old.\n{: .prompt-info }", "<blockquote>The lamp is old.</blockquote>"},
		{"within a quotation", "> The lamp is old.\n> {: .prompt-info }", "<blockquote>The lamp is old.</blockquote>"},
		{"reference", "The lamp is old.\n{:note}", "The lamp is old."},
		{"in code", "Write `[a](b){:c=d}` here.", "Write <code>[a](b){:c=d}</code> here."},
		{"in fenced code", "Write this:\n\n```\n{: .x}\n```", "Write this:\n\n<pre>{: .x}</pre>"},
		{"atoms", "It returns {:ok} or {:error, 1} today.", "It returns {:ok} or {:error, 1} today."},
		{"braces", "A set {1, 2}, [a](https://a.example/){x} and {#1} stay.", "A set {1, 2}, <a href=\"https://a.example/\">a</a>{x} and {#1} stay."},
	})
}

func TestAttributesOfHeadings(t *testing.T) {
	issue := parse(t, "a.md", "# T {: .title}\n\n## News {: #news .wide}\n\n- a\n\n## Books {#books}\n\n- b\n\n## Tools {-}\n\n- c\n")
	if got, want := outline(issue), "T | 0 | \nNews (1, 0): a\nBooks (1, 0): b\nTools (1, 0): c\n"; got != want {
		t.Errorf("got\n%s, want\n%s", got, want)
	}
}

// TestQuotedAddresses holds that quotation marks around a whole address are no part of it.
func TestQuotedAddresses(t *testing.T) {
	checkMarkup(t, []markup{
		{"one mark", "See [boats](\"https://example.org/a).", `See <a href="https://example.org/a">boats</a>.`},
		{"curly, in Markdown", "See [boats](“https://example.org/a”).", `See <a href="https://example.org/a">boats</a>.`},
		{"curly, in HTML", "See <a href=“https://example.org/a”>boats</a>.", `See <a href="https://example.org/a">boats</a>.`},
		{"within the address", "See [boats](https://example.org/“a”).", `See <a href="https://example.org/%E2%80%9Ca%E2%80%9D">boats</a>.`},
	})
}

func TestComments(t *testing.T) {
	checkMarkup(t, []markup{
		{"definitions", "Hello.\n\n[//]: # (not this)\n[comment]: <> \"nor this\"\n\nBye.", "Hello.\n\nBye."},
		{"behind a text", "Hello.\n[//]: # (not this)\n\nBye.", "Hello.\n\nBye."},
		{"without brackets", "Hello.\n\n[//]: # Not this.\n[//]: # [Nor](https://example.org/a) this.\n\nBye.", "Hello.\n\nBye."},
		{"in two lines", "Hello.\n\n[//]: # (not\nthis)\n\nBye.", "Hello.\n\nBye."},
		{"others", "See [_] and [_]: 1.\n\n[_]: https://example.org/a", "See <a href=\"https://example.org/a\">_</a> and <a href=\"https://example.org/a\">_</a>: 1."},
	})
}

// A link whose words are one letter is no box of a task list.
func TestTasks(t *testing.T) {
	checkMarkup(t, []markup{
		{"boxes", "- [x] Oil\n- [ ] Wick", "• ☑ Oil\n• ☐ Wick"},
		{"links of one letter", "- [X](https://x.example/pier)\n- [x][1]\n- [ ](https://a.example/2)\n\n[1]: https://a.example/1",
			"• <a href=\"https://x.example/pier\">X</a>\n• <a href=\"https://a.example/1\">x</a>\n• <a href=\"https://a.example/2\">a.example/2</a>"},
	})
}
