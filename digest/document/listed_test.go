package document_test

import (
	"strings"
	"testing"
)

// TestListed reads issues whose text is in the front matter.
func TestListed(t *testing.T) {
	const groups = "---\ntitle: 87 / Lamps\nauthors:\n  - name: Ann\n    url: https://a.example/ann\ngroups:\n  - title: News\n    stories:\n      - title: \"[Old] *lamps* <b>\"\n        url: https://a.example/1\n        description: |\n          A text with a [link](https://a.example/2).\n\n          More.\n      - title: Oars\n        url: https://a.example/3\n  - title: Boats\n    stories:\n      - name: Sails\n        link: https://a.example/4\n---\n\n"
	checkOutlines(t, []struct{ name, file, document, want string }{
		{"groups", "letters-87.md", groups + "Hello.\n", "87 / Lamps | 87 | \nNews (2, 3): [Old] *lamps* <b>\nBoats (1, 1): Sails\n"},
		{"groups and no text", "letters-87.md", groups, "87 / Lamps | 87 | \nNews (2, 3): [Old] *lamps* <b>\nBoats (1, 1): Sails\n"},
		{"groups beside a text of its own", "letters-87.md", groups + "## Own\n\n- a\n", "87 / Lamps | 87 | \nOwn (1, 0): a\n"},
		{"lists with names of keys", "a.md", "---\ntitle: T\nnewTools:\n  - title: Lamp\n    url: https://a.example/1\nto_read:\n  - title: Oar\n    url: https://a.example/2\n---\n\nHello.\n",
			"T | 0 | \nNew tools (1, 1): Lamp\nTo read (1, 1): Oar\n"},
		{"one list", "a.md", "---\ntitle: T\nlinks:\n  - title: Lamp\n    url: https://a.example/1\n  - title: Oar\n    url: https://a.example/2\n---\n\nHello.\n",
			"T | 0 | \n (2, 2): Lamp\n"},
		{"what is around an issue", "a.md", "---\ntitle: T\nsponsors:\n  - title: Lamp\n    url: https://a.example/1\nsteps:\n  - title: Oar\n  - title: Sail\n---\n\nHello.\n",
			"T | 0 | \n (1, 0): Hello.\n"},
	})
}

// TestNotTheNumber: neither the year of an issue nor a rank in it is its number.
func TestNotTheNumber(t *testing.T) {
	for title, want := range map[string]int{"Harbour #2026 3/15": 0, "Harbour #2025": 2025, "Harbour #12": 12} {
		issue := parse(t, "a.md", "---\ntitle: \""+title+"\"\ndate: 2026-03-21\n---\n\n"+strings.Repeat("- a\n", 3))
		if issue.Number != want {
			t.Errorf("number of %q = %d, want %d", title, issue.Number, want)
		}
	}
	if issue := parse(t, "a.html", "<h1>Harbour</h1><p>#1</p><p>Lamps</p><p>#2</p><p>Oars</p>"); issue.Number != 0 {
		t.Errorf("number with ranks = %d, want 0", issue.Number)
	}
	if issue := parse(t, "a.md", "---\ntitle: \"Harbour #1\"\n---\n\n- a\n"); issue.Number != 1 {
		t.Errorf("number without a date = %d, want 1", issue.Number)
	}
}
