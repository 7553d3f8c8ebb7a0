package document

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"digestbot/digest"
	"digestbot/digest/document/encoding"
)

const (
	maxForeign = 64 << 10 // bytes of a document that are looked at
	maxSigns   = 50       // of a kind that are counted
)

// isForeign reports whether a document is in another language for texts.
func (s *source) isForeign() bool { return s.foreign() != nil }

// foreign returns the language in which the document is written, or nil if that is none of
// markups.
func (s *source) foreign() *markup {
	text := "\n" + s.body[:min(len(s.body), maxForeign)]
	if s.front.Get("mime-version") != "" { // the headers of a mail look like metadata
		text = "\n" + s.text[:min(len(s.text), maxForeign)]
	}
	var best *markup
	most := 0
	plain := "" // text without code, once it is needed
	for i := range markups {
		m := &markups[i]
		if !m.mayBe(text) {
			continue
		}
		if plain == "" {
			plain = withoutFences(text)
		}
		if weight := m.weigh(plain, s.name); weight > most {
			best, most = m, weight
		}
	}
	return best
}

// mayBe reports whether a text has the mark of a strong sign: without one it is not worth
// a closer look.
func (m *markup) mayBe(text string) bool {
	for _, s := range m.signs {
		if !s.weak && strings.Contains(text, s.mark) {
			return true
		}
	}
	return false
}

// weigh returns how much speaks for the language: 0 if that is not enough. There must be a
// strong sign and another, or the extension of the file; and more strong signs than marks
// of Markdown.
func (m *markup) weigh(text, name string) int {
	strong, kinds := m.count(text, false)
	if kinds == 0 {
		return 0
	}
	_, weak := m.count(text, true)
	weight := 2*kinds + weak
	named := hasExtension(name, m.extensions...)
	switch {
	case named, strong >= 2 && weight >= 3:
	default:
		return 0
	}
	if strong <= markdownMarks(text) && !named {
		return 0
	}
	return weight*100 + strong
}

// count returns how many weak or strong signs a text has, and of how many kinds.
func (m *markup) count(text string, weak bool) (signs, kinds int) {
	for _, s := range m.signs {
		if s.weak != weak {
			continue
		}
		if n := s.count(text); n > 0 {
			signs += n
			kinds++
		}
	}
	return signs, kinds
}

// markdownOnly matches what is written in Markdown only: headings of a hash and words,
// links and pictures.
var markdownOnly = regexp.MustCompile(`(?m)^#{1,6} \S.*$|\]\([^\s)]|^\[[^\]\n]+\]: |^> `)

// markdownMarks counts the marks of a text that only Markdown has.
func markdownMarks(text string) int {
	return len(markdownOnly.FindAllStringIndex(text, 4*maxSigns))
}

// withoutFences returns a text without its fenced code.
func withoutFences(text string) string {
	if !strings.Contains(text, "```") && !strings.Contains(text, "~~~") {
		return text
	}
	var out strings.Builder
	fence := ""
	for line := range strings.Lines(text) {
		bare := strings.TrimSpace(line)
		switch {
		case fence != "":
			if strings.HasPrefix(bare, fence) {
				fence = ""
			}
		case strings.HasPrefix(bare, "```"):
			fence = "```"
		case strings.HasPrefix(bare, "~~~") && strings.Trim(bare, "~") != "":
			fence = "~~~"
		default:
			out.WriteString(line)
		}
	}
	if fence != "" {
		return text // it was no fence
	}
	return out.String()
}

// hasExtension reports whether a file name ends with one of the extensions.
func hasExtension(name string, extensions ...string) bool {
	return slices.Contains(extensions, strings.ToLower(path.Ext(name)))
}

// refuseForeign says what to do with a document in another language.
func (s *source) refuseForeign() ([]*digest.Issue, error) {
	m := s.foreign()
	return nil, &encoding.FormatError{Format: m.name, Cure: m.cure}
}
