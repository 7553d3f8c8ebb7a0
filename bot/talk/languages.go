package talk

import (
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// Languages returns the languages there are texts in, in an order that does not
// depend on the operator.
func (c *Catalog) Languages() []language.Tag {
	tags := slices.Clone(c.Tags)
	slices.SortFunc(tags, func(x, y language.Tag) int { return strings.Compare(x.String(), y.String()) })
	return tags
}

// LanguageName names a language in that language, such as "简体中文".
func LanguageName(tag language.Tag) string { return display.Self.Name(tag) }

// LanguageNumber writes a language's tag as a number, for the data of a button: it reads
// the tag's letters and digits in base 36. Unlike a position in a list, the number means
// the same language when new ones are added. 0: the tag is too long.
func LanguageNumber(tag language.Tag) int64 {
	n, err := strconv.ParseInt(strings.ReplaceAll(tag.String(), "-", ""), 36, 64)
	if err != nil {
		return 0
	}
	return n
}

// Language returns the language whose LanguageNumber is n.
func (c *Catalog) Language(n int64) (language.Tag, bool) {
	for _, tag := range c.Tags {
		if n != 0 && LanguageNumber(tag) == n {
			return tag, true
		}
	}
	return language.Und, false
}
