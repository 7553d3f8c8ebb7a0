package talk

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

func TestClip(t *testing.T) {
	family := "👨‍👩‍👧"
	for _, test := range []struct{ name, in, want string }{
		{"empty", "", ""},
		{"short", "值得关注", "值得关注"},
		{"as long as it may be", strings.Repeat("值", 60), strings.Repeat("值", 60)},
		{"longer", strings.Repeat("值", 61), strings.Repeat("值", 59) + "…"},
		{"a space at the end", strings.Repeat("a", 58) + " bcd", strings.Repeat("a", 58) + "…"},
		{"one character of many", "a" + strings.Repeat("\u0301", 1000), "…"},
		{"characters of many", strings.Repeat(family, 61), strings.Repeat(family, maxNameBytes/len(family)) + "…"},
	} {
		if got := clip(test.in); got != test.want {
			t.Errorf("%s: clip = %q, want %q", test.name, got, test.want)
		}
	}
}

func FuzzClip(f *testing.F) {
	f.Add(strings.Repeat("e\u0301", 70))
	f.Fuzz(func(t *testing.T, name string) {
		got := clip(name)
		if len(got) > maxNameBytes+len("…") || uniseg.GraphemeClusterCount(got) > maxName+1 {
			t.Errorf("clip(%q) = %q is too long", name, got)
		}
		if utf8.ValidString(name) && !utf8.ValidString(got) {
			t.Errorf("clip(%q) = %q is broken", name, got)
		}
	})
}
