package document_test

import "testing"

func TestCallouts(t *testing.T) {
	const note = "Hello.\n<blockquote><b>Note</b>\n\nMind the <i>frost</i>.</blockquote>\nBye."
	const titled = "Hello.\n<blockquote><b>Take care</b>\n\nMind the <i>frost</i>.</blockquote>\nBye."
	const plain = "Hello.\n<blockquote>Mind the <i>frost</i>.</blockquote>\nBye."
	checkMarkup(t, []markup{
		{"MkDocs", "Hello.\n\n!!! note\n    Mind the *frost*.\n\nBye.", note},
		{"MkDocs, folded", "Hello.\n\n???+ note \"Take care\"\n\n    Mind the *frost*.\n\nBye.", titled},
		{"MkDocs, in line", "Hello.\n\n!!! note inline end \"Take care\"\n    Mind the *frost*.\n\nBye.", titled},
		{"MkDocs, without title", "Hello.\n\n!!! note \"\"\n    Mind the *frost*.\n\nBye.", plain},
		{"MkDocs, tabs", "Hello.\n\n=== \"Take care\"\n\n    Mind the *frost*.\n\nBye.", "Hello.\n\n<b>Take care</b>\nMind the <i>frost</i>.\n\nBye."},
		{"Docusaurus", "Hello.\n\n:::note\nMind the *frost*.\n:::\n\nBye.", note},
		{"Docusaurus, title", "Hello.\n\n:::tip Take care\n\nMind the *frost*.\n\n:::\n\nBye.", titled},
		{"Docusaurus, title in brackets", "Hello.\n\n:::tip[Take care]\nMind the *frost*.\n:::\nBye.", titled},
		{"VuePress", "Hello.\n\n::: details\nMind the *frost*.\n:::\n\nBye.", plain},
		{"Quarto", "Hello.\n\n::: {.callout-note title=\"Take care\"}\nMind the *frost*.\n:::\n\nBye.", titled},
		{"columns", "Hello.\n\n:::: {.columns}\n::: {.column width=\"50%\"}\nMind the *frost*.\n:::\n::::\n\nBye.", "Hello.\n\nMind the <i>frost</i>.\n\nBye."},
		{"GitHub", "Hello.\n\n> [!NOTE]\n> Mind the *frost*.\n\nBye.", note},
		{"Obsidian", "Hello.\n\n> [!tip]- Take care\n> Mind the *frost*.\n\nBye.", titled},
		{"one within another", "Hello.\n\n:::: note\n!!! tip\n    Mind it.\n\n::: info One\nTwo\n:::\nThree\n::::\n\nBye.",
			"Hello.\n<blockquote><b>Note</b>\n\n<b>Tip</b>\n\nMind it.\n\n<b>One</b>\n\nTwo\n\nThree</blockquote>\nBye."},
		{"with code", "Hello.\n\n:::note\n```\n:::\n```\n:::\n\nBye.", "Hello.\n<blockquote><b>Note</b></blockquote>\n\n<pre>:::</pre>\nBye."},
		{"with a list", "Hello.\n\n!!! note\n    - a\n    - b\n\nBye.", "Hello.\n<blockquote><b>Note</b>\n\n• a\n• b</blockquote>\nBye."},
		{"in a list", "- Hello.\n\n    !!! note\n        Mind the *frost*.\n\n- Bye.", "<b>Hello.</b>\n<blockquote><b>Note</b>\n\nMind the <i>frost</i>.</blockquote>\n\n<b>Bye.</b>"},
		{"not these", "Hello!!! What??? \n:::\nSo ::: it is.\n\n> [!] a [!b]", "Hello!!! What??? ::: So ::: it is.\n<blockquote>[!] a [!b]</blockquote>"},
		{"in code", "Hello.\n\n```\n!!! note\n    a\n:::tip\n```", "Hello.\n\n<pre>!!! note\n    a\n:::tip</pre>"},
	})
}

func TestFolds(t *testing.T) {
	checkMarkup(t, []markup{
		{"with a title", "Hello.\n\n<details><summary>Lamps</summary>\n\nMind the *frost*.\n\n</details>\n\nBye.", "Hello.\n\n<b>Lamps</b>\nMind the <i>frost</i>.\n\nBye."},
		{"that says only that it opens", "Hello.\n\n<details>\n<summary>▶ Click to expand…</summary>\n\nMind the *frost*.\n\n</details>\n\nBye.", "Hello.\n\nMind the <i>frost</i>.\n\nBye."},
		{"in Chinese", "Hello.\n\n<details><summary><b>点击展开</b> 👇</summary>Mind the frost.</details>\n\nBye.", "Hello.\n\nMind the frost.\n\nBye."},
	})
}

func TestCalloutAroundSections(t *testing.T) {
	issue := parse(t, "a.md", "# T\n\n::: tip\n\n## News\n\n- a\n\n## Books\n\n- b\n\n:::\n")
	if got, want := outline(issue), "T | 0 | \nNews (1, 0): a\nBooks (1, 0): b\n"; got != want {
		t.Errorf("got\n%s, want\n%s", got, want)
	}
}
