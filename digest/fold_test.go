package digest_test

import (
	"testing"

	"digestbot/digest"
)

func TestFoldCase(t *testing.T) {
	for _, same := range [][]string{
		{"news", "News", "ＮＥＷＳ"},
		{"straße", "STRASSE"},
		{"值得关注", "值得关注"},
		{"ꮁ", "Ꮁ"}, // Cherokee, whose capitals are older than its small letters
		{"ᏸ", "Ᏸ"},
		{"ﷺ", "ﷺ"},
	} {
		want := digest.FoldCase(same[0])
		for _, text := range same {
			if got := digest.FoldCase(text); got != want || digest.FoldCase(got) != got {
				t.Errorf("FoldCase(%q) = %q, and of that %q; want %q", text, got, digest.FoldCase(got), want)
			}
		}
	}
}
