package document_test

import (
	"testing"

	"digestbot/digest"
	"digestbot/digest/digesttest"
	"digestbot/digest/document"

	"github.com/google/go-cmp/cmp"
)

// FuzzParse states what holds for every document: it is refused with an error,
// or gives issues whose messages are valid and within Telegram's limits, lose no
// text and no link, and are the same the next time.
func FuzzParse(f *testing.F) {
	for _, in := range goldenInputs(f) {
		f.Add(in.file, in.document)
	}
	for _, tt := range foreign {
		f.Add(tt.name, []byte(tt.document))
	}
	for _, w := range written {
		for _, label := range w.encodings {
			f.Add("doc", []byte(encode(f, label, "{\"title\": \""+w.sentences[0]+"\"}\n\n## "+w.sentences[1]+"\n\n"+w.sentences[2])))
		}
	}
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		issues, err := document.ParseAll(name, data)
		if err != nil {
			if len(issues) > 0 {
				t.Errorf("ParseAll returned %d issues with error %v", len(issues), err)
			}
			return
		}
		if len(issues) == 0 {
			t.Fatal("ParseAll returned no issue and no error")
		}
		again, err := document.ParseAll(name, data)
		if err != nil {
			t.Fatalf("second ParseAll = %v", err)
		}
		for i, issue := range issues {
			digesttest.CheckIssue(t, issue)
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
