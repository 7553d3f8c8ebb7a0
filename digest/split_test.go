package digest_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"digestbot/digest"
	"digestbot/digest/digesttest"
)

// TestSplitPlaces: where a section is divided into parts.
func TestSplitPlaces(t *testing.T) {
	sentence := func(n int) string { return strings.Repeat("Some words here, and an end. ", n) }
	item := func(n int) string {
		return "### Item\n\n" + strings.Repeat(sentence(20)+"\n\n", n) + sentence(12) + "Last of item.\n\n"
	}
	tests := []struct {
		name, document string
		ends           string // how every part but the last ends
	}{
		{"between items", "# T\n\n## A\n\n" + strings.Repeat("### Item\n\n"+sentence(60)+"Last of item.\n\n", 6), "Last of item."},
		{"between items of unequal length", "# T\n\n## A\n\n" + item(4) + item(2), "Last of item."},
		{"between paragraphs", "# T\n\n## A\n\n### Item\n\n" + strings.Repeat(sentence(20)+"Last of paragraph.\n\n", 12), "Last of paragraph."},
		{"between sentences", "# T\n\n## A\n\n" + sentence(400), "an end."},
		{"between Chinese sentences", "# T\n\n## A\n\n" + strings.Repeat("这是一句，不太长的话。", 1000), "的话。"},
		{"between words", "# T\n\n## A\n\n" + strings.Repeat("word ", 3000), "word"},
		{"between graphemes", "# T\n\n## A\n\n" + strings.Repeat("👩🏽‍💻", 2000), "👩🏽‍💻"},
		{"not within a link", "# T\n\n## A\n\n" + strings.Repeat("[some words of a link](https://a.example/1) [and of another](https://a.example/2) ", 150), "</a>"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			issue := parse(t, "doc.md", tt.document)
			digesttest.CheckIssue(t, issue)
			parts := issue.Messages()[1:]
			if len(parts) < 2 {
				t.Fatalf("the section has %d part, want several", len(parts))
			}
			for i, m := range parts[:len(parts)-1] {
				if text := strings.TrimSuffix(m.HTML, "</blockquote>"); !strings.HasSuffix(text, tt.ends) {
					t.Errorf("part %d ends with %q, want %q", i+1, text[len(text)-40:], tt.ends)
				}
				if strings.Contains(m.HTML, "\ufffd") {
					t.Errorf("part %d has a broken character", i+1)
				}
			}
		})
	}
}

// FuzzSplit makes issues of one paragraph: it is for the splitter alone.
func FuzzSplit(f *testing.F) {
	f.Add("A sentence. Another one, e.g. this! 第一句。第二句？", 300, true)
	f.Add("👩🏽‍💻e\u0301\u0302🇺🇳", 600, false)
	f.Add("word", 2000, true)
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
		digesttest.CheckIssue(t, issue)
	})
}
