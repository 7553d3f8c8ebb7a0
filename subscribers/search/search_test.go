package search_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/rivo/uniseg"

	"digestbot/digest"
	"digestbot/subscribers/search"
)

func TestFold(t *testing.T) {
	for text, want := range map[string]string{
		"":                      "",
		"  ,. ":                 "",
		"Linux":                 " linux ",
		"The GNU/Linux kernel!": " the gnu linux kernel ",
		"ＬＩＮＵＸ　６．１":             " linux 6 1 ",
		"支持iOS 17系统":            "支持 ios 17 系统",
		"苹果，华为。":                "苹果 华为 ",
		"C++, C# and F#":        " c++ c# and f# ",
		"iOS+Android":           " ios+ android ",
		"+1 #tag":               " 1 tag ",
		"Straße ﬁn Ⅷ":           " strasse fin viii ",
		"caf\u00e9 cafe\u0301":  " caf\u00e9 caf\u00e9 ",
		"❤️ 👍🏽 👨‍👩‍👧":           "❤ 👍 👨👩👧",
		"コーヒー 々〇":               "コーヒー 々〇",
		"한국어 검색":                " 한국어 검색 ",
		"100% a_b 'x' \"y\"":    " 100 a b x y ",
		"a\u00adb\u200bc":       " abc ",
		"\u0301 a":              " a ",
		"Привет, Мир":           " привет мир ",
	} {
		if got := search.Fold(text); got != want {
			t.Errorf("Fold(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestParse(t *testing.T) {
	long := strings.Repeat("长", 150)
	for _, test := range []struct {
		words, want string
		terms       []string
	}{
		{"", "", nil},
		{" \t\n ", "", nil},
		{"%_'\"; --", "%_'\" --", nil},
		{"Linux 内核", "Linux 内核", []string{" linux", "内核"}},
		{"苹果，华为、小米", "苹果 华为 小米", []string{"苹果", "华为", "小米"}},
		{"iOS系统", "iOS系统", []string{" ios 系统"}},
		{"node.js C++", "node.js C++", []string{" node js", " c++"}},
		{"a A ａ", "a A ａ", []string{" a"}},
		{"A\u030a l\u0333 l\u030a", "Å l l", []string{" å", " l"}},
		{"x\x00y\u202ez\xff", "xyz", []string{" xyz"}},
		{"1 2 3 4 5 6 7 8 9 10", "1 2 3 4 5 6 7 8", []string{" 1", " 2", " 3", " 4", " 5", " 6", " 7", " 8"}},
		{long, long[:300], []string{long[:300]}},
		{strings.Repeat("word ", 30), "word word word word word word word word word word word word word word word word word word word word", []string{" word"}},
		{strings.Repeat("0123456789", 8) + " 0123456789012345678901234567890", strings.Repeat("0123456789", 8), []string{" " + strings.Repeat("0123456789", 8)}},
		{"a" + strings.Repeat("\u0301", 200), "", nil},
		{"🔥 <b>", "🔥 <b>", []string{"🔥", " b"}},
	} {
		q := search.Parse(test.words)
		var terms []string
		for _, term := range q.Terms() {
			terms = append(terms, term.Text)
		}
		if q.String() != test.want || !slices.Equal(terms, test.terms) || q.Empty() != (len(test.terms) == 0) {
			t.Errorf("Parse(%q) = %q with terms %q, want %q with %q", test.words, q, terms, test.want, test.terms)
		}
	}
}

// marked writes an excerpt with its hits in brackets.
func marked(pieces []search.Piece) string {
	var b strings.Builder
	for _, p := range pieces {
		if p.Hit {
			b.WriteString("[" + p.Text + "]")
		} else {
			b.WriteString(p.Text)
		}
	}
	return b.String()
}

func TestTermsKnowWholeWords(t *testing.T) {
	for words, want := range map[string]search.Term{
		"lin": {" lin", " lin "}, "C++!": {" c++", " c++ "}, "系统！": {"系统", "系统"}, "iOS系统": {" ios 系统", " ios 系统"}, "内核6": {"内核 6", "内核 6 "},
	} {
		if got := search.Parse(words).Terms(); len(got) != 1 || got[0] != want {
			t.Errorf("terms of %q are %q, want %q", words, got, want)
		}
	}
}

func TestExcerpt(t *testing.T) {
	for _, test := range []struct{ words, text, want string }{
		{"none", "Short.", "Short."},
		{"lin", "The  Linux\nkernel", "The [Lin]ux kernel"},
		{"ernel", "The kernel", "The kernel"},
		{"内核", "新的Linux内核来了", "新的Linux[内核]来了"},
		{"ＬＩＮＵＸ内核", "新的Linux 内核来了", "新的[Linux 内核]来了"},
		{"a b", "a b ab", "[a] [b] [a]b"},
		{"cafe\u0301", "Café!", "[Café]!"},
		{"e", "Le\u0301on e\u0301 e", "Le\u0301on e\u0301 [e]"},
		{"👨", "x 👨‍👩‍👧 y", "x [👨‍👩‍👧] y"},
		{"target", "One sentence goes on and on until it ends. Then the target is here and what follows is long enough to be cut.",
			"…Then the [target] is here and what follows is long…"},
		{"target", "onlyalongrunofwords without end before the target is here and so much more text to follow",
			"…before the [target] is here and so much more text…"},
		{"落点", "第一句话很长很长很长很长很长很长很长很长很长很长很长很长很长很长。第二句有落点在此，后面还有很长很长很长很长很长很长很长很长的话。",
			"…第二句有[落点]在此，后面还有很长很长很长很长很长很长很长很长的话。"},
		{"none", "A text without any hit at all begins with its beginning.", "A text without any hit at all begins with its…"},
		{"far near", "far " + strings.Repeat("filler ", 20) + "near and far together " + strings.Repeat("filler ", 9),
			"…filler [near] and [far] together filler filler…"},
	} {
		got := marked(search.Parse(test.words).Excerpt(test.text, 50))
		if got != test.want {
			t.Errorf("Excerpt of %q for %q is\n%q, want\n%q", test.text, test.words, got, test.want)
		}
	}
}

var hostile = []string{
	"", "linux", "内核", "%_", "'\"--", "<b>&amp;</b>", "a\u0301\u0301", "👨‍👩‍👧", "🇩🇪🇫🇷", "ﷺ", "\u202eabc", "x\xffy", "ß", "C++", "\u0301",
	"A\x10\u0301", "각\u11a8", "नमस्ते", "สวัสดี", "1️⃣", "ſﬀ", "\u1e9b\u0323", "Ꮁ", "A\x05\u0301\u0301",
}

func FuzzParse(f *testing.F) {
	for _, words := range hostile {
		f.Add(words)
		f.Add(strings.Repeat(words+" ", 60))
	}
	f.Fuzz(func(t *testing.T, words string) {
		q := search.Parse(words)
		if again := search.Parse(q.String()); again.String() != q.String() || !slices.Equal(again.Terms(), q.Terms()) {
			t.Errorf("Parse(%q) = %q %q, and of that %q %q", words, q, q.Terms(), again, again.Terms())
		}
		if n := digest.Units(q.String()); n > 100 || len(q.Terms()) > 8 {
			t.Errorf("Parse(%q) has %d units and %d terms", words, n, len(q.Terms()))
		}
		for _, term := range q.Terms() {
			if strings.Trim(term.Text, " ") == "" || strings.TrimSuffix(term.Word, " ") != term.Text {
				t.Errorf("Parse(%q) has the term %q", words, term)
			}
		}
	})
}

// A text is found by itself, and by each of its words.
func FuzzFindItself(f *testing.F) {
	for _, words := range hostile {
		f.Add(words)
	}
	f.Fuzz(func(t *testing.T, text string) {
		fold := search.Fold(text)
		for _, word := range strings.Fields(fold) {
			if term := strings.TrimSuffix(search.Fold(word), " "); !strings.Contains(" "+fold, term) {
				t.Errorf("the fold of %q is %q, in which its own word %q is not found as %q", text, fold, word, term)
			}
		}
	})
}

func FuzzExcerpt(f *testing.F) {
	for _, words := range hostile {
		for _, text := range hostile {
			f.Add(words, strings.Repeat(text+". ", 20)+words+strings.Repeat("，"+text, 20), uint8(40))
		}
	}
	f.Fuzz(func(t *testing.T, words, text string, size uint8) {
		units := 20 + int(size)
		q := search.Parse(words)
		pieces := q.Excerpt(text, units)
		line := strings.Join(strings.Fields(strings.ToValidUTF8(text, "")), " ")
		var shown strings.Builder
		hit := false
		for _, p := range pieces {
			hit = hit || p.Hit
			shown.WriteString(p.Text)
		}
		if n := digest.Units(shown.String()); n > units {
			t.Errorf("excerpt %q has %d units, want at most %d", shown.String(), n, units)
		}
		checkWhole(t, line, pieces)
		if wants(q, line, units/2) && !hit {
			t.Errorf("excerpt of %q for %q is %q, in which no hit is seen", line, q, marked(pieces))
		}
	})
}

// checkWhole finds excerpts that are not a part of the line, or cut a
// character of it.
func checkWhole(t *testing.T, line string, pieces []search.Piece) {
	t.Helper()
	bounds := map[int]bool{0: true}
	for g := uniseg.NewGraphemes(line); g.Next(); {
		_, to := g.Positions()
		bounds[to] = true
	}
	inner := slices.Clone(pieces)
	if len(inner) > 0 && inner[0] == (search.Piece{Text: "…"}) && !strings.HasPrefix(line, marked(pieces[:1])) {
		inner = inner[1:]
	}
	if n := len(inner); n > 0 && inner[n-1] == (search.Piece{Text: "…"}) && !strings.HasSuffix(line, "…") {
		inner = inner[:n-1]
	}
	var text string
	var ends []int
	for _, p := range inner {
		text += p.Text
		ends = append(ends, len(text))
	}
	for at := 0; ; at++ {
		next := strings.Index(line[at:], text)
		if next < 0 {
			t.Errorf("excerpt %q is nowhere in %q with whole characters", marked(pieces), line)
			return
		}
		at += next
		if bounds[at] && !slices.ContainsFunc(ends, func(end int) bool { return !bounds[at+end] }) {
			return
		}
	}
}

// wants reports whether a hit has to be shown: there is one, and no character of the
// line is too large to be shown.
func wants(q search.Query, line string, largest int) bool {
	for g := uniseg.NewGraphemes(line); g.Next(); {
		if digest.Units(g.Str()) > largest {
			return false
		}
	}
	fold := search.Fold(line)
	return slices.ContainsFunc(q.Terms(), func(term search.Term) bool { return strings.Contains(fold, term.Text) })
}
