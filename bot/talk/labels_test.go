package talk

import (
	"regexp"
	"testing"
	"time"

	"github.com/BurntSushi/toml"
	"golang.org/x/text/language"

	"digestbot/subscribers/archive"
)

// A date that the title says is not said again.
func TestIssuesAreNamedWithOneDate(t *testing.T) {
	c, err := NewCatalog("")
	if err != nil {
		t.Fatal(err)
	}
	date := time.Date(2026, 11, 13, 0, 0, 0, 0, time.UTC)
	for _, test := range []struct{ language, title, want string }{
		{"en", "Harbour Weekly", "7 · <b>Harbour Weekly</b> · 13 November 2026"},
		{"en", "Harbour, 13 November 2026", "7 · <b>Harbour, 13 November 2026</b>"},
		{"en", "Harbour, 14 November 2026", "7 · <b>Harbour, 14 November 2026</b> · 13 November 2026"},
		{"en", "", "<b>issue 7</b> · 13 November 2026"},
		{"zh-Hans", "港口周刊第 7 期（20261113）", "<b>港口周刊第 7 期（20261113）</b>"},
		{"zh-Hans", "", "<b>第 7 期</b> · 2026年11月13日"},
	} {
		if got := ArchiveLine(c.Speaker(test.language, time.UTC), archive.Issue{Key: "7", Number: 7, Title: test.title, Date: date}); got != test.want {
			t.Errorf("%s: %q is named %q, want %q", test.language, test.title, got, test.want)
		}
	}
}

// Texts have dates as people write them, apart from what is to be typed; and Chinese
// numbers issues as Chinese does.
func TestTextsHaveNoForeignDatesAndNumbers(t *testing.T) {
	c, err := NewCatalog("")
	if err != nil {
		t.Fatal(err)
	}
	foreign := regexp.MustCompile(`№|[0-9]{4}-[0-9]{2}`)
	for _, tag := range c.Tags {
		file, err := locales.ReadFile("locales/active." + tag.String() + ".toml")
		if err != nil {
			t.Fatal(err)
		}
		var groups map[string]map[string]any
		if err := toml.Unmarshal(file, &groups); err != nil {
			t.Fatal(err)
		}
		for group, texts := range groups {
			for key, text := range texts {
				s, _ := text.(string)
				if found := foreign.FindString(s); found != "" && group+"."+key != "help.admin" && (found != "№" || baseOf(tag) == baseOf(language.Chinese)) {
					t.Errorf("%s: %s.%s has %q", tag, group, key, found)
				}
			}
		}
	}
}
