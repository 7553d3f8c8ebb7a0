package talk

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/language"
)

// A sentence in one script is for readers of the other rather than one for all.
func TestSentencesOfAnotherScript(t *testing.T) {
	all, err := ParseSentences([]string{"zh-Hans=来自花园的信", "Letters"})
	if err != nil {
		t.Fatal(err)
	}
	for tag, want := range map[string]string{"zh-Hans": "来自花园的信", "zh-Hant": "来自花园的信", "en": "Letters"} {
		if got := all.in(language.MustParse(tag)); got != want {
			t.Errorf("readers of %s see %q, want %q", tag, got, want)
		}
	}
}

func TestParseSentences(t *testing.T) {
	long := strings.Repeat("字", 300)
	for _, test := range []struct {
		lines []string
		want  string // as fmt writes it; an error begins with "!"
	}{
		{nil, "map[]"},
		{[]string{"", " \n "}, "map[]"},
		{[]string{"News, and more = less"}, "map[und:News, and more = less]"},
		{[]string{"E=mc²"}, "map[und:E=mc²]"},
		{[]string{"=AI=future"}, "map[und:AI=future]"},
		{[]string{" en=Letters\t from  a garden\r\nzh-CN=来自花园的信\n\nFor others"}, "map[und:For others en:Letters from a garden zh-Hans:来自花园的信]"},
		{[]string{"en=a", "zh=b"}, "map[en:a zh-Hans:b]"},
		{[]string{long}, "map[und:" + long + "]"},
		{[]string{long + "字"}, "!301 characters"},
		{[]string{"en=a", "en-GB=b"}, "!second text for the same readers"},
		{[]string{"a", "b"}, "!second text for the same readers"},
		{[]string{"eo=Saluton"}, `!language "eo": there are no texts in it; use one of en, `},
		{[]string{"AI=future"}, "!begin a text for all with ="},
		{[]string{"en="}, `!there is no text after "en="`},
		{[]string{"="}, `!there is no text after "="`},
		{[]string{"a\xff"}, "!not UTF-8"},
	} {
		all, err := ParseSentences(test.lines)
		want, fails := strings.CutPrefix(test.want, "!")
		switch {
		case fails && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("ParseSentences(%q) fails with %v, want %q", test.lines, err, want)
		case !fails && (err != nil || fmt.Sprint(map[language.Tag]string(all)) != want):
			t.Errorf("ParseSentences(%q) = %v, %v, want %s", test.lines, all, err, want)
		}
	}
}
