package digest

import (
	"iter"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// tongue is how an issue writes its number and its date. Messages are the same for all
// readers, so that is a question of the language of the issue.
type tongue struct {
	before, after string // what stands around the number
	date          string // for time.Format
}

var (
	chinese  = tongue{"第 ", " 期", "2006年1月2日"}
	japanese = tongue{"第", "号", "2006年1月2日"}
	korean   = tongue{"제", "호", "2006년 1월 2일"}
	english  = tongue{"№ ", "", "2 January 2006"}
	neutral  = tongue{"№ ", "", time.DateOnly} // for every other language
)

// beginsWithNumber reports whether a heading begins with the number of an issue.
func beginsWithNumber(heading string) bool {
	for _, t := range []tongue{chinese, japanese, korean, neutral} {
		if rest, ok := strings.CutPrefix(heading, t.before); ok && rest != "" && rest[0] >= '0' && rest[0] <= '9' {
			return true
		}
	}
	return false
}

func (t tongue) number(n int) string { return t.before + strconv.Itoa(n) + t.after }

// tongue returns that of the language in which the issue names itself and its sections,
// or else of the language of its text.
func (i *Issue) tongue() tongue {
	var found letters
	for name := range i.names() {
		found.add(name)
	}
	if t, ok := found.eastAsian(); ok {
		return t
	}
	for text := range i.texts() {
		if found.add(text); found.words > enoughWords || found.all > 10*enoughWords {
			break
		}
	}
	if t, ok := found.eastAsian(); ok {
		return t
	}
	if found.english*40 > found.words {
		return english
	}
	return neutral
}

// enoughWords show in which language a text is.
const enoughWords = 500

// names yields the title of the issue and the names of its sections.
func (i *Issue) names() iter.Seq[string] {
	return func(yield func(string) bool) {
		if !yield(i.Title) {
			return
		}
		for n := range i.Sections {
			if !yield(i.Sections[n].Name) {
				return
			}
		}
	}
}

// texts yields the text of the issue in reading order.
func (i *Issue) texts() iter.Seq[string] {
	return func(yield func(string) bool) {
		spans := func(s Span) bool { return yield(s.Text) }
		if !eachSpan(i.Intro, spans) {
			return
		}
		for n := range i.Sections {
			s := &i.Sections[n]
			if !eachSpan(s.Intro, spans) {
				return
			}
			for k := range s.Items {
				if it := &s.Items[k]; !allSpans(it.Title, spans) || !eachSpan(it.Body, spans) {
					return
				}
			}
		}
	}
}

// letters counts the letters of a text by their scripts, and English words.
type letters struct {
	all, han, kana, hangul int
	words, english         int
}

// englishWords are frequent in English, and hardly ever in another language.
var englishWords = map[string]bool{"the": true, "and": true, "with": true, "that": true, "this": true, "from": true, "you": true}

func (l *letters) add(text string) {
	for _, r := range text {
		switch {
		case !unicode.IsLetter(r):
			continue
		case r < 0x1100:
		case unicode.Is(unicode.Han, r):
			l.han++
		case unicode.In(r, unicode.Hiragana, unicode.Katakana):
			l.kana++
		case unicode.Is(unicode.Hangul, r):
			l.hangul++
		}
		l.all++
	}
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.IsLetter(r) }) {
		l.words++
		if len(word) < 5 && englishWords[strings.ToLower(word)] {
			l.english++
		}
	}
}

// eastAsian returns the tongue of a text in Chinese, Japanese or Korean, a third of whose
// letters at least are of such a script: foreign names need more letters.
func (l *letters) eastAsian() (tongue, bool) {
	wide := l.han + l.kana + l.hangul
	switch {
	case wide == 0 || 3*wide < l.all:
		return tongue{}, false
	case 2*l.hangul > wide:
		return korean, true
	case 5*l.kana > wide:
		return japanese, true
	}
	return chinese, true
}
