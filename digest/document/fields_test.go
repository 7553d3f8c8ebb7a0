package document_test

import (
	"strings"
	"testing"

	"digestbot/digest"
	"digestbot/digest/document/fields"
)

// TestFields looks each field up under each of its names, and under other spellings
// of a name.
func TestFields(t *testing.T) {
	understood := map[string]struct {
		value string
		get   func(*digest.Issue) string
	}{
		"title":    {"Harbour", func(i *digest.Issue) string { return i.Title }},
		"number":   {"12", func(i *digest.Issue) string { return strings.Repeat("x", i.Number) }},
		"date":     {"2026-11-20", day},
		"changed":  {"2026-11-20", day},
		"picture":  {"https://example.org/a.png", func(i *digest.Issue) string { return i.Image }},
		"address":  {"https://example.org/a", func(i *digest.Issue) string { return i.Original }},
		"key":      {"boats", func(i *digest.Issue) string { return i.Key }},
		"identity": {"boats", func(i *digest.Issue) string { return i.Key }},
		"language": {"", func(*digest.Issue) string { return "" }},
	}
	want := map[string]string{"number": strings.Repeat("x", 12)}
	for _, field := range fields.All() {
		f, ok := understood[field.Name]
		if !ok {
			t.Errorf("field %s is not tested", field.Name)
		}
		for _, key := range field.Keys {
			issue := parse(t, "a.md", "---\nx: 1\n\""+key+"\": "+f.value+"\n---\n\nText.\n")
			expected := f.value
			if w := want[field.Name]; w != "" {
				expected = w
			}
			if got := f.get(issue); got != expected {
				t.Errorf("%s under %q = %q, want %q", field.Name, key, got, expected)
			}
		}
	}
}

func TestFieldSpellings(t *testing.T) {
	for _, head := range []string{
		"publish-date: 2026-11-20", "publish_date: 2026-11-20", "publishDate: 2026-11-20", "Publish Date: 2026-11-20",
		"pubDatetime: 2026-11-20T02:02:03Z", "publishedAt: \"2026/11/20\"", "date_published: 2026-11-20",
		"extra:\n  published: 2026-11-20", "date:\n  published: 2026-11-20\n  updated: 2026-12-01",
		"params:\n  date: 2020-01-01\ndate: 2026-11-20", "lastmod: 2026-12-01\ncreated: 2026-11-20",
	} {
		if got := day(parse(t, "a.md", "---\n"+head+"\n---\n\nText.\n")); got != "2026-11-20" {
			t.Errorf("date of %q = %q, want 2026-11-20", head, got)
		}
	}
}

// Titles that a template makes are not known here.
func TestComputedTitle(t *testing.T) {
	for value, want := range map[string]string{"Ropes, boats": "Ropes, boats", "Issue {{ n }}": ""} {
		if got := parse(t, "a.md", "---\neleventyComputed:\n  title: \""+value+"\"\n---\n\nText.\n").Title; got != want {
			t.Errorf("title computed as %q = %q, want %q", value, got, want)
		}
	}
}

// TestDefinitions reads the front matter of Franklin.
func TestDefinitions(t *testing.T) {
	issue := parse(t, "a.md", "@def title = \"Harbour, May\"\n@def rss_pubdate = Date(2026, 6, 2)\n@def published = Date(2026, 6, 1)\n\nText.\n")
	if issue.Title != "Harbour, May" || day(issue) != "2026-06-01" || issue.Sections[0].Items[0].Text() != "Text." {
		t.Errorf("title %q, date %q, items %v", issue.Title, day(issue), issue.Sections[0].Items)
	}
}

// TestKeyOfFrontMatter: two issues with the same number are told apart by a line
// that the error about them asks for.
func TestKeyOfFrontMatter(t *testing.T) {
	issue := parse(t, "a.md", "---\ntitle: Harbour Weekly 12\nkey: second-twelve\n---\n\nText.\n")
	if issue.Key != "second-twelve" || issue.Number != 12 {
		t.Errorf("key %q, number %d; want second-twelve, 12", issue.Key, issue.Number)
	}
}
