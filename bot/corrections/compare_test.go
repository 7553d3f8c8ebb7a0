package corrections

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"digestbot/bot/talk"
	"digestbot/digest/document"
	"digestbot/subscribers/archive"
	"digestbot/subscribers/storetest"
)

const original = `---
title: Weekly
number: 7
---

What happened this week.

## News

### [Alpha](https://example.org/alpha)

It rained.

### [Beta](https://example.org/beta)

It snowed.

### [Gamma](https://example.org/gamma)

It hailed.

## Tools

### [Hammer](https://example.org/hammer)

It hits.

![A hammer](https://example.org/hammer.png)

## Quotes

### [Old](https://example.org/old)

It is said.
`

// Admins see of a correction what changed, by section and item, as short as it can be said.
func TestCompare(t *testing.T) {
	const longPath = "https://example.org/a/very/long/path/to/the/text/of/an/article/that/everybody/reads/"
	gamma := "\n### [Gamma](https://example.org/gamma)\n\nIt hailed.\n"
	for _, test := range []struct {
		name    string
		replace []string // as for strings.NewReplacer
		want    []string
	}{
		{"nothing", nil, nil},
		{"an item is changed", []string{"snowed", "thawed"}, []string{"✏️ <b>News</b>", "Beta It snowed. → Beta It thawed."}},
		{"an item is added", []string{"\n## Tools", "\n### Delta\n\nIt stormed.\n\n## Tools"}, []string{"✏️ <b>Cover</b>", "• News (3) → • News (4)", "✏️ <b>News</b>", "+ Delta It stormed."}},
		{"an item is removed", []string{gamma, ""}, []string{"✏️ <b>Cover</b>", "• News (3) → • News (2)", "✏️ <b>News</b>", "− Gamma It hailed."}},
		{"an item is moved within its section", []string{gamma, "", "### [Alpha]", gamma[1:] + "\n### [Alpha]"}, []string{"✏️ <b>News</b>", "the items are in another order"}},
		{
			"an item is moved into another section", []string{gamma, "", "### [Old]", gamma[1:] + "\n### [Old]"},
			[]string{"✏️ <b>Cover</b>", "• News (3) → • News (2)", "• Quotes → • Quotes (2)", "✏️ <b>News</b>", "− Gamma It hailed.", "✏️ <b>Quotes</b>", "+ Gamma It hailed."},
		},
		{
			"a section is renamed", []string{"## Tools", "## Gadgets"},
			[]string{"✏️ <b>Cover</b>", "", "✏️ <b>Tools</b> is now <b>Gadgets</b>"},
		},
		{"the cover", []string{"this week", "last week"}, []string{"✏️ <b>Cover</b>", "What happened this week. → What happened last week."}},
		{"only a link", []string{"org/beta", "org/better"}, []string{"✏️ <b>News</b>", "🔗 example.org/beta → example.org/better"}},
		{
			"links of two items", []string{"org/alpha", "com/alpha", "https://example.org/gamma", "http://example.org/gamma"},
			[]string{"✏️ <b>News</b>", "🔗 example.org/alpha → example.com/alpha", "🔗 https://example.org/gamma → http://example.org/gamma"},
		},
		{
			"a long address instead of a short one", []string{"https://example.org/old", longPath + "1", "https://example.org/hammer)", longPath + "2)"},
			[]string{"✏️ <b>Tools</b>", "🔗 example.org/hammer → example.org/a/very/long/path/to/the/text/of/an/article/that…", "✏️ <b>Quotes</b>", "🔗 example.org/old → example.org/a/very/long/path/to/the/text/of/an/article/that…"},
		},
		{"a link is taken out", []string{"[Beta](https://example.org/beta)", "Beta"}, []string{"✏️ <b>News</b>", "🔗 − https://example.org/beta"}},
		{"a link with markup in it", []string{"org/beta", "org/?a=1&b=<b>"}, []string{"✏️ <b>News</b>", ""}},
		{
			"nothing but a text is left", []string{original[strings.Index(original, "\n## News"):], "\nAll of it was wrong.\n"},
			[]string{"✏️ <b>Cover</b>", "", "", "", "", "✏️ <b>News</b> is now <b>Main part</b>", "", "", "", "➖ <b>Tools</b> was taken out", "➖ <b>Quotes</b> was taken out"},
		},
		{"only a picture", []string{"hammer.png", "mallet.png"}, []string{"✏️ <b>Tools</b>", "🖼 another picture, or none any more"}},
		{
			"a section is added and another taken out", []string{"## News", "## Events\n\nTonight.\n\n## News", "## Quotes\n\n### [Old](https://example.org/old)\n\nIt is said.\n", ""},
			[]string{"✏️ <b>Cover</b>", "", "➕ <b>Events</b> is new", "➖ <b>Quotes</b> was taken out"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			before, after := editions(t, original, strings.NewReplacer(test.replace...).Replace(original))
			text := compare(before, after).text(english(t))
			var got []string
			if text != "" {
				got = strings.Split(text, "\n")
			}
			for n := range test.want {
				if test.want[n] == "" && n < len(got) { // whatever it is
					got[n] = ""
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s\n%s", diff, text)
			}
		})
	}
}

// Of long addresses admins see where they differ.
func TestCompareShortensAddresses(t *testing.T) {
	path := "https://example.org/" + strings.Repeat("path/", 30)
	before, after := editions(t, strings.ReplaceAll(original, "https://example.org/beta", path+"1"), strings.ReplaceAll(original, "https://example.org/beta", path+"2"))
	const want = "✏️ <b>News</b>\n🔗 …path/path/path/path/1 → …path/path/path/path/2"
	if got := compare(before, after).text(english(t)); got != want {
		t.Errorf("got\n%s, want\n%s", got, want)
	}
}

// english speaks English, with times in UTC.
func english(t *testing.T) talk.Speaker {
	t.Helper()
	catalog, err := talk.NewCatalog("en")
	if err != nil {
		t.Fatal(err)
	}
	return catalog.Speaker("en", time.UTC)
}

// editions are the messages that an archive has of two editions of an issue.
func editions(t *testing.T, documents ...string) (before, after []archive.Message) {
	t.Helper()
	store, err := storetest.Open(t.Context(), filepath.Join(t.TempDir(), "digestbot.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	var all [2][]archive.Message
	for n, text := range documents {
		parsed, err := document.Parse("issue-7.md", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		row, _, err := store.SaveIssue(t.Context(), parsed, "issue-7.md", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if all[n], err = store.Messages(t.Context(), row.ID, row.Edition); err != nil {
			t.Fatal(err)
		}
	}
	return all[0], all[1]
}
