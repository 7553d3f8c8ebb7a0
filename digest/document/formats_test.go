package document_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"digestbot/digest/document/fields"
)

// formatsPage is the description of how documents are read.
const formatsPage = "../../docs/formats.md"

var fencedExample = regexp.MustCompile("(?s)```(markdown|yaml)\n(.*?)```")

// The examples in the description are read as it says, and without a warning.
func TestExamplesOfTheDescription(t *testing.T) {
	page, err := os.ReadFile(formatsPage)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"markdown":      "News: The pier is open; Books: Knots",
		"[News, Books]": "News: Rain; Books: Knots; Latest: Snow; Sponsor: Oil; What's new: Frost",
		"from: Sponsor": "📰 News: Rain [What's new] Frost [Latest] Snow; Books: (For long evenings) Knots",
	}
	const text = "# Letters\n\n## Latest\n\n- Snow\n\n## News\n\n- Rain\n\n## Books\n\n- Knots\n\n## Sponsor\n\n- Oil\n\n## What's new\n\n- Frost\n"
	examples := fencedExample.FindAllStringSubmatch(string(page), -1)
	if len(examples) != len(want) {
		t.Fatalf("%d examples, want %d", len(examples), len(want))
	}
	for _, m := range examples {
		example := m[2]
		if m[1] == "yaml" {
			example = "---\n" + m[2] + "---\n" + text
		}
		issue := parse(t, "letters.md", example)
		for mark, outline := range want {
			if (m[1] == mark || strings.Contains(m[2], mark) && m[1] == "yaml") && (outlineOf(issue) != outline || len(issue.Warnings) > 0) {
				t.Errorf("%s\nis read as %s, warnings %q, want %s", m[2], outlineOf(issue), issue.Warnings, outline)
			}
		}
	}
}

// The description names all that is understood of a front matter.
func TestDescriptionNamesEveryField(t *testing.T) {
	page, err := os.ReadFile(formatsPage)
	if err != nil {
		t.Fatal(err)
	}
	for _, field := range fields.All() {
		for _, key := range field.Keys {
			if !strings.Contains(string(page), "`"+key+"`") {
				t.Errorf("%s lacks the key %q of the field %q", formatsPage, key, field.Name)
			}
		}
	}
}
