package talk

import (
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// Sorted returns the languages there are texts in, in an order that does not
// depend on the operator.
func (c *Catalog) Sorted() []language.Tag {
	tags := slices.Clone(c.Tags)
	slices.SortFunc(tags, func(x, y language.Tag) int { return strings.Compare(x.String(), y.String()) })
	return tags
}

// SelfName names a language in that language, such as "简体中文".
func SelfName(tag language.Tag) string { return display.Self.Name(tag) }

// TagNumber writes a language's tag as a number, for the data of a button: its
// letters and digits are one in base 36. Unlike a position in a list it means
// the same language when there are more of them. 0: the tag is too long.
func TagNumber(tag language.Tag) int64 {
	n, err := strconv.ParseInt(strings.ReplaceAll(tag.String(), "-", ""), 36, 64)
	if err != nil {
		return 0
	}
	return n
}

// Numbered returns the language whose tagNumber is n.
func (c *Catalog) Numbered(n int64) (language.Tag, bool) {
	for _, tag := range c.Tags {
		if n != 0 && TagNumber(tag) == n {
			return tag, true
		}
	}
	return language.Und, false
}
