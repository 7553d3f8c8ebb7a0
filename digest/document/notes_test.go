package document_test

import (
	"strings"
	"testing"

	"digestbot/digest/document"
)

// explanation returns what Explain says of the only issue of a document, a line for each
// note.
func explanation(t *testing.T, name, text string) string {
	t.Helper()
	all, err := document.Explain(name, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 1 {
		t.Fatalf("Explain gives notes for %d issues, want 1", len(all))
	}
	var lines []string
	for _, note := range all[0] {
		lines = append(lines, string(note.About)+": "+note.Text)
	}
	return strings.Join(lines, "\n")
}

func TestExplainWhatIsLeftOut(t *testing.T) {
	got := explanation(t, "a.html", `<ol class="toc"><li class="toc-item">Fog</li></ol><p>Snow fell over night, and it stays.</p><script>let a = 1</script><script>let b = 2</script><p hidden>Rain.</p>`)
	for _, want := range []string{`left out: <script>: 2`, `left out: hidden elements: 1, such as "Rain."`, `left out: furniture of the page, by its class: 1, such as "Fog"`} {
		if !strings.Contains(got, want) {
			t.Errorf("explanation lacks %q:\n%s", want, got)
		}
	}
}

// TestExplainWhatMarkdownLeavesOut: each kind with its count and examples.
func TestExplainWhatMarkdownLeavesOut(t *testing.T) {
	got := explanation(t, "a.mdx", `import Lamp from "./lamp"
export const meta = {
  a: 1,
}

# Quay 7

[TOC]

{/* a note */} {% comment %}not this{% endcomment %} <!-- nor this --> {::comment}nor that{:/comment}

%% hidden %%

## News
{: .wide }

- [a](https://a.example/1){:target="_blank"} and {{ site.title }} with {% include b.md %} {{< pier >}}
- <LampBox>b</LampBox> and ![[pier.png]] {::nomarkdown}
- Dear *|FNAME|*, look: [gallery ids="1,2"] there {% youtube abcdefghijk %}
`)
	for _, want := range []string{
		`left out: imports and exports of MDX: 2, such as "import Lamp from \"./lamp\"", "export const meta = { a: 1, }"`,
		`left out: marks of a table of contents: 1, such as "[TOC]"`,
		`left out: comments: 5, such as "{/* a note */}", "{% comment %}not this{% endcomment %}", "{::comment}nor that{:/comment}"`,
		`left out: attribute lists: 2, such as "{: .wide }", "{:target=\"_blank\"}"`,
		`left out: tags of templates: 4, such as "{{ site.title }}", "{% include b.md %}", "{{< pier >}}"`,
		`left out: tags of components: 1, such as "<LampBox>"`,
		`left out: pages and files of a wiki: 1, such as "pier.png"`,
		`left out: merge tags: 1, such as "*|FNAME|*"`,
		`left out: shortcodes: 1, such as "[gallery ids=\"1,2\"]"`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("explanation lacks %q:\n%s", want, got)
		}
	}
}

// TestExplainWhatToCheck: what may be meant is no warning, but stands here.
func TestExplainWhatToCheck(t *testing.T) {
	const document = "---\ntitle: T\ndate: 2026-11-20\n---\n## News\n\n- [a](https://a.example/1)\n- [b](https://a.example/2)\n\n## Essay\n\nIt snowed all week, and nobody went to the pier.\n\n## Quotes\n\n> Ahoy.\n\n> Land.\n\n## Books\n\n- [Knots](https://a.example/3)\n"
	got := explanation(t, "a.md", document)
	for _, want := range []string{
		`to check: one item only: section "Essay", section "Books"`,
		`to check: items without a title: 3, in section "Essay" (1), section "Quotes" (2)`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("explanation lacks %q:\n%s", want, got)
		}
	}
	if issue := parse(t, "a.md", document); len(issue.Warnings) > 0 {
		t.Errorf("warnings = %q, want none", issue.Warnings)
	}
	if got := explanation(t, "a.md", "---\ntitle: T\n---\n## News\n\n- a\n- b\n"); strings.Contains(got, "to check") {
		t.Errorf("nothing is to be checked:\n%s", got)
	}
}

func TestExplainADateOfTwoReadings(t *testing.T) {
	got := explanation(t, "a.md", "---\ntitle: T\ndate: 05/06/2026\n---\n## News\n\n- a\n")
	for _, want := range []string{"date: none: ", "may be 2026-06-05 or 2026-05-06"} {
		if !strings.Contains(got, want) {
			t.Errorf("explanation lacks %q:\n%s", want, got)
		}
	}
}

func TestExplainEachEntryOfAFeed(t *testing.T) {
	feed := `<rss version="2.0"><channel><title>F</title>
		<item><title>One</title><description>&lt;p&gt;a&lt;/p&gt;&lt;script&gt;b&lt;/script&gt;</description></item>
		<item><title>Two</title><description>c</description></item></channel></rss>`
	all, err := document.Explain("f.xml", []byte(feed))
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 2 {
		t.Errorf("notes for %d entries, want 2", len(all))
	}
}

const explained = `---
title: Harbour Letters
number: 12
date: 2026-11-20
---
![](https://example.org/pier.jpg)

Good evening.

## News

- [The pier](https://example.org/pier) is open
- Snow

## Books

- [Knots](https://example.org/knots)

（完）

Written by the harbour master.
`

func TestExplain(t *testing.T) {
	got := explanation(t, "letters.md", explained)
	for _, want := range []string{
		"format: Markdown, by its content",
		"encoding: UTF-8",
		`title: "Harbour Letters", from the front matter's "title"`,
		`number: 12, from the front matter's "number"`,
		`date: 2026-11-20, from the front matter's "date": "2026-11-20"`,
		"picture: https://example.org/pier.jpg, the first picture of the text",
		"sections: made by headings of level 2: it is the highest level of headings",
		`items: "News": 2`,
		`moved: to the credits, at the end of the cover: "Written by the harbour master."`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("explanation lacks %q:\n%s", want, got)
		}
	}
}

func TestExplainWithoutFields(t *testing.T) {
	got := explanation(t, "2026-11-20-letters.md", "# Harbour Weekly 12\n\n## News\n\n- Snow\n")
	for _, want := range []string{
		`title: "Harbour Weekly 12", from the first heading`,
		"number: 12, from the title",
		`date: 2026-11-20, from the file name: "2026-11-20-letters.md"`,
		"picture: none",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("explanation lacks %q:\n%s", want, got)
		}
	}
}

func TestExplainTitle(t *testing.T) {
	for _, tt := range []struct{ name, file, document, want string }{
		{"file", "港口周刊-第7期：灯塔.md", "## 值得关注\n\n- 甲\n- 乙\n", `title: "港口周刊-第7期：灯塔", from the name of the file`},
		{"first line", "a.txt", "Quay Wire (2026.11.20)\n\n1. a\n2. b\n", `title: "Quay Wire (2026.11.20)", from the first line of the text`},
		{"teaser", "a.html", `<html><body><div style="display:none">Quay Wire #12</div><h1>The pier</h1><p>Fog.</p><h1>The boats</h1><p>Frost.</p></body></html>`, `title: "Quay Wire #12", from the hidden teaser of the mail`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := explanation(t, tt.file, tt.document); !strings.Contains(got, tt.want) {
				t.Errorf("explanation lacks %q:\n%s", tt.want, got)
			}
		})
	}
}

func TestExplainAMail(t *testing.T) {
	got := explanation(t, "mail.html", `<h1>Harbour Weekly 12</h1><p><a href="https://example.org/12">View in browser</a></p>
<h2>News</h2><p>Snow fell on the pier.</p><h2>Books</h2><p>A book of knots is out.</p>
<p><a href="https://example.org/u">Unsubscribe</a></p><p>Copyright 2026 Harbour Ltd</p>`)
	for _, want := range []string{
		`left out: lines around the text of a mail or page: 2, such as "View in browser", "Unsubscribe"`,
		`moved: to the credits, at the end of the cover: "Copyright 2026 Harbour Ltd"`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("explanation lacks %q:\n%s", want, got)
		}
	}
}

// TestExplainJoinedHeadings: the halves of a heading in two lines are not left out.
func TestExplainJoinedHeadings(t *testing.T) {
	got := explanation(t, "mail.html", `<h1>Quay</h1><h2>Meet the Harbour’s</h2><h2>New Lamp</h2><p>White.</p><h2>Tides</h2><p>High.</p><p><a href="https://example.org/u">Unsubscribe</a></p>`)
	if want := `left out: lines around the text of a mail or page: 1, such as "Unsubscribe"`; !strings.Contains(got, want) {
		t.Errorf("explanation lacks %q:\n%s", want, got)
	}
}

func TestExplainTheEncoding(t *testing.T) {
	const page = "<html><head><meta charset=\"windows-1251\"></head><body><h1>\xcf\xe8\xf1\xfc\xec\xe0</h1><p>\xd1\xed\xe5\xe3 \xe8\xe4\xb8\xf2 \xe2\xf2\xee\xf0\xee\xe9 \xe4\xe5\xed\xfc.</p></body></html>"
	if got, want := explanation(t, "a.html", page), "encoding: windows-1251, as it declares"; !strings.Contains(got, want) {
		t.Errorf("explanation lacks %q:\n%s", want, got)
	}
}
