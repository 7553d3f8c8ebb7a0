package fields

import (
	"regexp"
	"strings"

	"digestbot/digest/document/bounds"
)

var (
	// definition matches a line of Franklin, the site generator of Julia: @def title = "Boats".
	definition = regexp.MustCompile(`^@def[ \t]+([\pL_][\pL\pN_]*)[ \t]*=[ \t]*(.*)$`)
	juliaDate  = regexp.MustCompile(`^Date\((\d{4}),\s*(\d{1,2}),\s*(\d{1,2})\)$`)
)

// franklin reads lines "@def key = value" up to the first other line. lines is how many
// lines stand before text.
func franklin(text string, lines int) (FrontMatter, string, error) {
	meta := Metadata{}
	offset := 0
	for line := range strings.Lines(text) {
		m := definition.FindStringSubmatch(strings.TrimRight(line, " \t\n"))
		if m == nil {
			break
		}
		value := strings.Trim(m[2], `"`)
		if d := juliaDate.FindStringSubmatch(value); d != nil {
			value = d[1] + "-" + d[2] + "-" + d[3]
		}
		meta.Add(strings.ToLower(m[1]), value)
		if offset += len(line); offset > bounds.MaxFrontMatter {
			return FrontMatter{}, "", frontMatterTooLong(lines)
		}
	}
	return FrontMatter{Metadata: meta}, text[offset:], nil
}
