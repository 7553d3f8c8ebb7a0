package digest_test

import (
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"digestbot/digest"

	"github.com/rivo/uniseg"
)

func TestUnits(t *testing.T) {
	tests := []struct {
		text string
		want int
	}{{"", 0}, {"abc", 3}, {"周报", 2}, {"é", 1}, {"e\u0301", 2}, {"🔥", 2}, {"👩🏽‍💻", 7}, {"🇺🇳", 4}}
	for _, tt := range tests {
		if got := digest.Units(tt.text); got != tt.want {
			t.Errorf("Units(%q) = %d, want %d", tt.text, got, tt.want)
		}
	}
}

func TestSliceUnits(t *testing.T) {
	for _, tt := range []struct {
		offset, length int
		want           string
		ok             bool
	}{
		{0, 1, "a", true}, {1, 2, "🔥", true}, {3, 1, "b", true}, {0, 4, "a🔥b", true}, {4, 0, "", true},
		{1, 1, "\ufffd", true}, {0, 5, "", false}, {5, 0, "", false}, {-1, 1, "", false}, {1, -1, "", false},
	} {
		if got, ok := digest.SliceUnits("a🔥b", tt.offset, tt.length); got != tt.want || ok != tt.ok {
			t.Errorf("SliceUnits(%d, %d) = %q, %t, want %q, %t", tt.offset, tt.length, got, ok, tt.want, tt.ok)
		}
	}
}

func TestFirstUnits(t *testing.T) {
	for _, tt := range []struct {
		text  string
		units int
		want  string
	}{
		{"", 5, ""}, {"abc", 3, "abc"}, {"abc", 2, "ab"}, {"a🔥b", 2, "a"}, {"a🔥b", 3, "a🔥"}, {"e\u0301e\u0301", 3, "e\u0301"}, {"👩🏽‍💻", 6, ""}, {"abc", 0, ""},
	} {
		if got := digest.FirstUnits(tt.text, tt.units); got != tt.want {
			t.Errorf("FirstUnits(%q, %d) = %q, want %q", tt.text, tt.units, got, tt.want)
		}
	}
}

func TestShortenUnits(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"", ""}, {"ten chars!", "ten chars!"}, {"eleven char", "eleven ch…"}, {"ends with a space", "ends with…"}, {" two\n lines ", "two lines"},
		{"👨‍👩‍👧👨‍👩‍👧", "👨‍👩‍👧…"}, {"a" + strings.Repeat("\u0301", 20), "…"}, {"b\xffroken", "broken"},
	} {
		if got := digest.ShortenUnits(tt.text, 10); got != tt.want {
			t.Errorf("ShortenUnits(%q, 10) = %q, want %q", tt.text, got, tt.want)
		}
	}
}

func TestShortenCharacters(t *testing.T) {
	family := "👨‍👩‍👧" // 18 bytes
	for _, tt := range []struct{ name, text, want string }{
		{"empty", "", ""},
		{"as long as it may be", strings.Repeat("值", 60), strings.Repeat("值", 60)},
		{"longer", strings.Repeat("值", 61), strings.Repeat("值", 59) + "…"},
		{"a space at the end", strings.Repeat("a", 58) + " bcd", strings.Repeat("a", 58) + "…"},
		{"one character of many", "a" + strings.Repeat("\u0301", 1000), "…"},
		{"characters of many", strings.Repeat(family, 61), strings.Repeat(family, 8*60/len(family)) + "…"},
	} {
		if got := digest.ShortenCharacters(tt.text, 60); got != tt.want {
			t.Errorf("%s: ShortenCharacters = %q, want %q", tt.name, got, tt.want)
		}
	}
}

// FuzzMeasures states what holds of every text: what is cut is its beginning, within the
// limit, breaks no character, and loses nothing that there is room for.
func FuzzMeasures(f *testing.F) {
	f.Add("A sentence. 第一句。", uint8(10))
	f.Add("👩🏽‍💻e\u0301\u0302🇺🇳", uint8(9))
	f.Add("a \xff\n b", uint8(2))
	f.Fuzz(func(t *testing.T, text string, size uint8) {
		limit := 2 + int(size)
		if units := len(utf16.Encode([]rune(text))); digest.Units(text) != units {
			t.Errorf("Units(%q) = %d, want %d", text, digest.Units(text), units)
		}
		head := digest.FirstUnits(text, limit)
		rest, ok := strings.CutPrefix(text, head)
		if !ok || digest.Units(head) > limit || uniseg.GraphemeClusterCount(head)+uniseg.GraphemeClusterCount(rest) != uniseg.GraphemeClusterCount(text) {
			t.Errorf("FirstUnits(%q, %d) = %q", text, limit, head)
		}
		if next, _, _, _ := uniseg.FirstGraphemeClusterInString(rest, -1); rest != "" && digest.Units(head+next) <= limit {
			t.Errorf("FirstUnits(%q, %d) = %q leaves out %q", text, limit, head, next)
		}
		if got := digest.ShortenUnits(text, limit); digest.Units(got) > limit || !utf8.ValidString(got) || strings.Contains(got, "\n") {
			t.Errorf("ShortenUnits(%q, %d) = %q", text, limit, got)
		}
		got := digest.ShortenCharacters(text, limit)
		if len(got) > 8*limit+len("…") || uniseg.GraphemeClusterCount(got) > limit || utf8.ValidString(text) && !utf8.ValidString(got) {
			t.Errorf("ShortenCharacters(%q, %d) = %q", text, limit, got)
		}
	})
}
