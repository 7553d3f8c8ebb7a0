package document_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"digestbot/digest/document"
)

// TestFrontMatterInJSON reads what Hugo writes.
func TestFrontMatterInJSON(t *testing.T) {
	for _, text := range []string{
		"{\n  \"title\": \"Boat letters 12\",\n  \"Date\": \"2026-11-20T10:00:00Z\",\n  \"number\": 12,\n  \"draft\": false,\n  \"tags\": [\"a\", {\"b\": null}],\n  \"cover\": {\"image\": \"https://example.org/boat.png\"}\n}\n\n## Ropes\n\n- one\n- two\n",
		"\ufeff\n\n{\"title\":\"Boat letters 12\",\"date\":\"2026-11-20\",\"number\":12,\"cover\":{\"image\":\"https://example.org/boat.png\"}}\n<h2>Ropes</h2><ul><li>one</li><li>two</li></ul>",
	} {
		issue := parse(t, "doc.md", text)
		if issue.Title != "Boat letters 12" || issue.Number != 12 || day(issue) != "2026-11-20" || issue.Image != "https://example.org/boat.png" {
			t.Errorf("Parse(%q) = %q, %d, %v, %q", text, issue.Title, issue.Number, issue.Date, issue.Image)
		}
		if len(issue.Sections) != 1 || issue.Sections[0].Name != "Ropes" || len(issue.Intro) > 0 {
			t.Errorf("Parse(%q) has sections %v and intro %v, want Ropes only", text, issue.Sections, issue.Intro)
		}
	}
}

func TestFrontMatterInJSONErrors(t *testing.T) {
	_, err := document.Parse("doc.md", []byte("\n{\n  \"title\": \"Boat\",\n  \"date\": 2026-11-20\n}\n\nText.\n"))
	e, ok := errors.AsType[*document.FrontMatterError](err)
	if !ok || e.Line != 4 {
		t.Errorf("Parse = %v, want a FrontMatterError in line 4", err)
	}
}

// TestDataIsRefused holds that JSON and XML for programs are never shown.
func TestDataIsRefused(t *testing.T) {
	for _, text := range []string{
		`{"title": "Boat letters"}`,
		"\ufeff  \n[1, 2]",
		`[{"title": "Boat letters"}]`,
		`{"title": "Boat letters", "items": [{"name": "one"}, {"na`,
		`[{"title": "Boat le`,
		"{\n  \"items\": [\n" + strings.Repeat("    {\"name\": \"one\", \"text\": \"two\"},\n", 2000) + "    {}\n  ]\n}\n",
		`<?xml version="1.0"?><opml version="2.0"><body><outline text="x"/></body></opml>`,
		`<?xml version="1.0"?>`,
		`<?xm`,
	} {
		if _, err := document.ParseAll("doc", []byte(text)); !errors.Is(err, document.ErrNotFeed) {
			t.Errorf("ParseAll(%.60q) = %v, want ErrNotFeed", text, err)
		}
	}
}

// TestNotData holds that texts are read that begin with a bracket.
func TestNotData(t *testing.T) {
	for _, text := range []string{
		"[Boat letters](https://example.org/)\n",
		"{% include x.html %}\n\nText.\n",
		"{{< figure >}}\n\nText.\n",
		"{: .lead}\nText.\n",
		"{ropes} and more\n",
		"<?xml version=\"1.0\"?>\n<!DOCTYPE html>\n<html><body><p>Text.</p></body></html>",
		"Text.\n\n```xml\n<rss><channel><item><guid>1</guid></item></channel></rss>\n```\n",
		"# On feeds\n\nA feed ends so:\n\n    </item></channel></rss>\n\nand that is all.\n",
	} {
		if _, err := document.ParseAll("doc.md", []byte(text)); err != nil {
			t.Errorf("ParseAll(%q) = %v, want an issue", text, err)
		}
	}
}

// TestCutFeeds holds that no part of a feed is read as a text: neither its beginning, nor its
// end, nor what is between, and not behind what a faulty server may put before it.
func TestCutFeeds(t *testing.T) {
	for _, name := range []string{"podcast.in.xml", "atom.in.xml", "rdf.in.xml", "json.in.json"} {
		feed, err := os.ReadFile("testdata/feed/" + name)
		if err != nil {
			t.Fatal(err)
		}
		whole := strings.TrimSpace(string(feed))
		for _, before := range []string{"", "\ufeff", "\n \t\n", "\ufeff\ufeff\n", "\u00a0"} {
			for end := 20; end < len(whole); end += 37 {
				if issues, err := document.ParseAll("doc", []byte(before+whole[:end])); err == nil {
					t.Fatalf("ParseAll of %s up to %q = %d issues, want an error", name, whole[max(0, end-40):end], len(issues))
				}
			}
		}
		if strings.HasPrefix(whole, "{") {
			continue
		}
		for _, before := range []string{"<!-- made by hand -->\n", "\n<?xml version=\"1.0\"?>\n<!-- a --> <!-- b -->\n"} {
			_, body, _ := strings.Cut(whole, "?>")
			if issues, err := document.ParseAll("doc", []byte(before+body)); err != nil {
				t.Errorf("ParseAll of %s after %q = %d issues and %v, want all", name, before, len(issues), err)
			}
			if _, err := document.ParseAll("doc", []byte(before+body[:len(body)*2/3])); err == nil {
				t.Errorf("ParseAll of %s, cut, after %q = nil, want an error", name, before)
			}
		}
		for begin := 10; begin < len(whole)*3/4; begin += 37 {
			if issues, err := document.ParseAll("doc", []byte(whole[begin:])); err == nil {
				t.Fatalf("ParseAll of %s from %q = %d issues, want an error", name, whole[begin:begin+40], len(issues))
			}
		}
	}
}
