package digest_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"digestbot/digest"

	"github.com/google/go-cmp/cmp"
)

// FuzzParse states what holds for every document: it is refused with an error,
// or gives issues whose messages are valid and within Telegram's limits, which
// lose no text and no link, and which come out the same the next time.
func FuzzParse(f *testing.F) {
	for _, path := range goldenInputs(f) {
		document, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(filepath.Base(path), document)
	}
	f.Fuzz(func(t *testing.T, name string, document []byte) {
		issues, err := digest.ParseAll(name, document)
		if err != nil {
			if len(issues) > 0 {
				t.Errorf("ParseAll returned %d issues with error %v", len(issues), err)
			}
			return
		}
		if len(issues) == 0 {
			t.Fatal("ParseAll returned no issue and no error")
		}
		again, err := digest.ParseAll(name, document)
		if err != nil {
			t.Fatalf("second ParseAll = %v", err)
		}
		for i, issue := range issues {
			checkIssue(t, issue)
			if diff := cmp.Diff(issue.Messages(), again[i].Messages()); diff != "" {
				t.Errorf("second ParseAll gives other messages (-first +second):\n%s", diff)
			}
			for _, s := range issue.Sections {
				if key := digest.SectionKey(s.Key); key != s.Key && s.Key != "" {
					t.Errorf("SectionKey(%q) = %q, want the same", s.Key, key)
				}
			}
		}
	})
}

// FuzzSplit feeds one paragraph in a section: the splitter alone.
func FuzzSplit(f *testing.F) {
	f.Add("A sentence. Another one, e.g. this! 第一句。第二句？", 300, true)
	f.Add("👩🏽‍💻e\u0301\u0302🇺🇳", 1500, false)
	f.Add("word", 5000, true)
	f.Fuzz(func(t *testing.T, text string, times int, linked bool) {
		if len(text) == 0 || times < 0 || times*len(text) > 1<<17 || !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl) {
			return // the parser lets no control characters through
		}
		span := digest.Span{Text: text}
		if linked {
			span.Link = "https://example.com/?" + "q"
		}
		var spans []digest.Span
		for i := range times {
			span.Style = digest.Style(i) & (digest.Bold | digest.Italic | digest.Monospace)
			spans = append(spans, span)
		}
		issue := &digest.Issue{Key: "k", Title: "T", Sections: []digest.Section{{
			Key: "s", Name: "S", Items: []digest.Item{{Body: []digest.Block{{Kind: digest.Paragraph, Spans: spans}}}},
		}}}
		checkIssue(t, issue)
	})
}
