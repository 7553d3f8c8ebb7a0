package talk

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/language"

	"digestbot/digest"
)

// Sentences are what the operator says of the bot in the welcome, by the language of the
// reader. That of language.Und is for all whose language has none, not even in another
// script.
type Sentences map[language.Tag]string

// in returns the sentence for readers of a language; empty: there is none.
func (all Sentences) in(tag language.Tag) string {
	if own, ok := all[tag]; ok {
		return own
	}
	for other, sentence := range all { // there are no more than two scripts of a language
		if baseOf(other) == baseOf(tag) {
			return sentence
		}
	}
	return all[language.Und]
}

// baseOf is a language without its script and region.
func baseOf(tag language.Tag) language.Base {
	base, _ := tag.Base()
	return base
}

// maxSentence is how long such a sentence may be, in UTF-16 code units: on a phone the
// buttons below the welcome are to be seen without scrolling.
const maxSentence = 300

// sentenceTag is what stands before the sentence for one language. "=" alone is before one
// for all that looks as if it were for a language.
var sentenceTag = regexp.MustCompile(`^((?:[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)?)=`)

// ParseSentences reads what the operator says of the bot: a line is the sentence for all
// readers, or after "zh-Hans=" and the like for those of that language.
func ParseSentences(texts []string) (Sentences, error) {
	c, err := NewCatalog("")
	if err != nil {
		return nil, err
	}
	all := Sentences{}
	for line := range strings.Lines(strings.Join(texts, "\n")) {
		if strings.TrimSpace(line) == "" {
			continue
		}
		tag, text, err := c.parseSentence(strings.TrimSpace(line))
		if err != nil {
			return nil, err
		}
		if _, twice := all[tag]; twice {
			return nil, fmt.Errorf("%q is the second text for the same readers: give one for each language, such as en=…, and at most one for all others", Echo(line))
		}
		all[tag] = text
	}
	return all, nil
}

// parseSentence reads one line.
func (c *Catalog) parseSentence(line string) (tag language.Tag, text string, err error) {
	before := sentenceTag.FindStringSubmatch(line)
	if before != nil {
		line = line[len(before[0]):]
	}
	if before != nil && before[1] != "" {
		i, ok := 0, false
		if wanted, err := language.Parse(before[1]); err == nil {
			i, ok = c.find(wanted)
		}
		if !ok {
			return tag, "", fmt.Errorf("language %q: there are no texts in it; use one of %s, or begin a text for all with =", before[1], c.names())
		}
		tag = c.Tags[i]
	}
	text = strings.Join(strings.Fields(line), " ")
	switch n := digest.Units(text); {
	case !utf8.ValidString(text):
		return tag, "", fmt.Errorf("%q is not UTF-8", text)
	case text == "":
		return tag, "", fmt.Errorf("there is no text after %q", before[0])
	case n > maxSentence:
		return tag, "", fmt.Errorf("%q has %d characters: use at most %d", Echo(text), n, maxSentence)
	}
	return tag, text, nil
}
