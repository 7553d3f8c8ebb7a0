package document_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"digestbot/digest"
	"digestbot/digest/document"
)

const planned = `
# Letters

## 📰 Latest

- Snow
- Rain

## Links

- [Knots](https://example.org/knots)

## Sponsor

Buy oil.

## What's new

- Frost
`

// outlineOf shows the sections of an issue and their items, with leads in brackets.
func outlineOf(issue *digest.Issue) string {
	var all []string
	for _, s := range issue.Sections {
		line := strings.TrimSpace(s.Emoji+" "+s.Name) + ":"
		for _, b := range s.Intro {
			line += " (" + digest.TextOf(b.Spans) + ")"
		}
		for i := range s.Items {
			for _, b := range s.Items[i].Lead {
				line += " [" + digest.TextOf(b.Spans) + "]"
			}
			line += " " + s.Items[i].Headline()
		}
		all = append(all, line)
	}
	return strings.Join(all, "; ")
}

// The front matter orders, renames, merges, describes and hides sections.
func TestSectionsOfFrontMatter(t *testing.T) {
	tests := []struct{ name, list, want string }{
		{"order", "sections: [Links, what's new]", "Links: Knots; What's new: Frost; 📰 Latest: Snow Rain; Sponsor: Buy oil."},
		{"rename", "sections:\n  - name: 🔗 Reading\n    from: Links", "🔗 Reading: Knots; 📰 Latest: Snow Rain; Sponsor: Buy oil.; What's new: Frost"},
		{"merge", "sections:\n  - name: News\n    from: [What's new, Latest]", "News: [What's new] Frost [📰 Latest] Snow Rain; Links: Knots; Sponsor: Buy oil."},
		{"merge under one of the names", "sections:\n  - from: [Latest, What's new]", "📰 Latest: Snow Rain [What's new] Frost; Links: Knots; Sponsor: Buy oil."},
		{"hide", "sections:\n  - from: Sponsor\n    hide: true", "📰 Latest: Snow Rain; Links: Knots; What's new: Frost"},
		{"describe", "sections:\n  - name: Links\n    description: For the evening", "Links: (For the evening) Knots; 📰 Latest: Snow Rain; Sponsor: Buy oil.; What's new: Frost"},
		{"written out", "sections:\n  - name: LATEST", "LATEST: Snow Rain; Links: Knots; Sponsor: Buy oil.; What's new: Frost"},
		{"with capitals", "Sections:\n  - From: Sponsor\n    Hide: true", "📰 Latest: Snow Rain; Links: Knots; What's new: Frost"},
		{"nothing", "sections: []", "📰 Latest: Snow Rain; Links: Knots; Sponsor: Buy oil.; What's new: Frost"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			issue := parse(t, "a.md", "---\n"+tt.list+"\n---\n"+planned)
			if got := outlineOf(issue); got != tt.want || len(issue.Warnings) > 0 {
				t.Errorf("sections %s, warnings %q, want %s", got, issue.Warnings, tt.want)
			}
		})
	}
}

// TOML says the same in its own way.
func TestSectionsOfTOML(t *testing.T) {
	for _, list := range []string{
		`sections = ["Links"]`,
		"[[sections]]\nname = \"Links\"",
		"[[sections]]\nfrom = [\"Links\"]\n[[sections]]\nfrom = \"Sponsor\"\nhide = false",
	} {
		issue, err := document.Parse("a.md", []byte("+++\n"+list+"\n+++\n"+planned))
		if err != nil || issue.Sections[0].Name != "Links" {
			t.Errorf("%s: %v, %v, want Links first", list, issue, err)
		}
	}
}

// JSON may stand in one line.
func TestSectionsOfJSON(t *testing.T) {
	for _, front := range []string{
		`{"title": "Letters", "sections": [{"from": "Sponsor", "hide": true}]}`,
		`{"sections": [{"from": "Sponsor", "hide": true}]}`,
		"{\n  \"sections\": [\n    {\"from\": \"Sponsor\", \"hide\": true}\n  ]\n}",
	} {
		issue := parse(t, "a.md", front+"\n"+planned)
		if got, want := outlineOf(issue), "📰 Latest: Snow Rain; Links: Knots; What's new: Frost"; got != want {
			t.Errorf("%s: sections %s, want %s", front, got, want)
		}
	}
}

func TestSectionsNameAFlatDocument(t *testing.T) {
	issue := parse(t, "a.md", "---\ntitle: Letters\nsections: [📰 News]\n---\n\n- Snow\n- Rain\n")
	if got, want := outlineOf(issue), "📰 News: Snow Rain"; got != want {
		t.Errorf("sections %s, want %s", got, want)
	}
}

// What cannot be done has a warning that says what there is.
func TestSectionsThatAreNotThere(t *testing.T) {
	tests := []struct{ list, want string }{
		{"sections: [Links, Books]", `names "Books", which the document does not have; it has "Latest", "Links", "Sponsor", "What's new"`},
		{"sections: 3", `"sections" in the front matter is ignored: it is no list`},
		{"sections:\n  - block: hero\n  - block: cards", `"sections" in the front matter is ignored: no entry is a name, or has one of name, from, description, hide`},
	}
	for _, tt := range tests {
		issue := parse(t, "a.md", "---\n"+tt.list+"\n---\n"+planned)
		if !slices.ContainsFunc(issue.Warnings, func(w string) bool { return strings.Contains(w, tt.want) }) || len(issue.Warnings) != 1 {
			t.Errorf("%s: warnings %q, want only %q", tt.list, issue.Warnings, tt.want)
		}
	}
}

// A list that is meant and cannot be read is refused, with the line.
func TestSectionsThatCannotBeRead(t *testing.T) {
	tests := []struct{ entry, want string }{
		{"- name: News\n  hidden: true", `entry 2: "hidden" is not known: the keys are name, from, description, hide`},
		{"- name: News\n  hide: maybe", "entry 2: hide: maybe is neither true nor false"},
		{"- hide: true", `entry 2: it names no section: give "name", or "from" with headings of the document`},
		{"- name: [a, b]", "entry 2: name: [a b] is no text: put it into quotation marks"},
		{"- name: News\n  hide: 'true'", "entry 2: hide: true is neither true nor false: write one of these, without quotation marks"},
		{"-", "entry 2: an empty entry is neither a name nor has it keys"},
		{"- [a]", "entry 2: [a] is neither a name nor has it keys"},
		{"- from: [Links, links]", `entry 2: "Links" is in entry 1 already: name each heading once`},
	}
	for _, tt := range tests {
		front := "---\ntitle: Letters\nsections:\n- Links\n" + tt.entry + "\n---\n"
		_, err := document.Parse("a.md", []byte(front+planned))
		want := "parse a.md: front matter, line 3: sections: " + tt.want
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v, want %s", fmt.Sprintf("%q", tt.entry), err, want)
		}
	}
}

// The line is that of the document, also below empty lines and other keys of that name.
func TestLineOfSections(t *testing.T) {
	for _, tt := range []struct {
		front string
		line  int
	}{
		{"\n\n---\ntitle: Letters\nparams:\n  sections: 3\nsections:\n- Links\n- [a]\n---\n", 7},
		{"\n---\n# sections: none\n\"Sections\": [Links, [a]]\n---\n", 4},
		{"\n\n+++\ntitle = \"Letters\"\n\n[[sections]]\nname = \"Links\"\n[[sections]]\nhide = true\n+++\n", 6},
		{"+++\ntitle = \"Letters\"\nsections = [\"Links\", [\"a\"]]\n+++\n", 3},
		{"\n{\n  \"title\": \"Letters\",\n  \"sections\": [\"Links\", 3]\n}\n", 4},
	} {
		_, err := document.Parse("a.md", []byte(tt.front+planned))
		want := fmt.Sprintf("parse a.md: front matter, line %d: sections: entry 2: ", tt.line)
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v, want %s…", tt.front, err, want)
		}
	}
}
