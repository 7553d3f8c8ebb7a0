package document_test

import (
	"strings"
	"testing"

	"digestbot/digest/document"
)

// FuzzNumberAndDate puts a text where numbers and dates of issues are looked for: in
// the title, in the front matter, in the line above everything, in an item. What is
// found is a number that an issue can have, and a day that has been or may come.
func FuzzNumberAndDate(f *testing.F) {
	for _, text := range []string{
		"Boats #12 | November 20, 2026", "第一百二十三期", "12. sayı, 20 Kasım 2026", "۲۹ آبان ۱۴۰۵", "Nov 16–20, 2026", "05/06/2026", "Vol. 3, No. 5", "04 Oct: boats", "令和8年11月20日",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, in := range []string{"# " + text + "\n\nText.\n\n- " + text + "\n", "Text.\n\n" + text + "\n\nText.\n", "---\ntitle: Boats\ndate: |\n  " + strings.ReplaceAll(text, "\n", " ") + "\n---\nText.\n"} {
			issues, err := document.ParseAll("a.md", []byte(in))
			if err != nil {
				continue
			}
			for _, issue := range issues {
				if issue.Number < 0 || issue.Number > 99999 {
					t.Errorf("number %d of %q", issue.Number, in)
				}
				if y := issue.Date.Year(); !issue.Date.IsZero() && (y < 1990 || y > 2100) {
					t.Errorf("date %v of %q", issue.Date, in)
				}
			}
		}
	})
}
