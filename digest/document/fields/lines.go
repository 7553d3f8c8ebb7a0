package fields

import (
	"regexp"
	"strings"

	"digestbot/digest/document/bounds"
)

var (
	pelicanLine = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9_-]*):[ \t]*(.*)$`)
	// assignmentLine matches a line of metadata as scalalaz writes it, "title=News".
	assignmentLine = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9_.-]*)=(.*)$`)
	// knownKey matches the keys of which one must stand in the first of such lines.
	knownKey = regexp.MustCompile(`(?i)^(?:title|date|number|issue|author|authors|category|tags|slug|summary|status|modified|lang)$`)
	dashes   = regexp.MustCompile(`^-{3,}$`)
)

// pelican reads lines "Key: value" up to the first empty line. Indented lines
// continue the value before them. lines is how many lines stand before text.
func pelican(text string, lines int) (FrontMatter, string, error) {
	meta := Metadata{}
	offset, last := 0, ""
	var value []string // of last, line by line
	end := func() {
		if last != "" {
			meta.Add(last, unquoted(strings.Join(value, " ")))
		}
	}
	for line := range strings.Lines(text) {
		bare := strings.TrimRight(line, " \t\n")
		m := pelicanLine.FindStringSubmatch(bare)
		switch {
		case bare == "":
			end()
			return FrontMatter{Metadata: meta}, text[offset+len(line):], nil
		case m != nil:
			end()
			last, value = strings.ToLower(m[1]), []string{m[2]}
		case last != "" && (line[0] == ' ' || line[0] == '\t'):
			value = append(value, strings.TrimSpace(bare))
		default:
			end()
			return FrontMatter{Metadata: meta}, text[offset:], nil
		}
		if offset += len(line); offset > bounds.MaxFrontMatter {
			return FrontMatter{}, "", frontMatterTooLong(lines)
		}
	}
	end()
	return FrontMatter{Metadata: meta}, "", nil
}

// unquoted returns a value without the quotation marks around it, which YAML would need.
func unquoted(value string) string {
	if n := len(value); n > 1 && (value[0] == '"' || value[0] == '\'') && value[n-1] == value[0] && strings.Count(value, value[:1]) == 2 {
		return value[1 : n-1]
	}
	return value
}

// assignments reads lines "key=value" up to a line of dashes. Without one they are text.
func assignments(text string) (FrontMatter, string, error) {
	meta := Metadata{}
	offset := 0
	for line := range strings.Lines(text[:min(len(text), bounds.MaxFrontMatter)]) {
		offset += len(line)
		bare := strings.TrimRight(line, " \t\n")
		if dashes.MatchString(bare) {
			return FrontMatter{Metadata: meta}, text[offset:], nil
		}
		m := assignmentLine.FindStringSubmatch(bare)
		if m == nil {
			break
		}
		meta.Add(strings.ToLower(m[1]), strings.TrimSpace(m[2]))
	}
	return FrontMatter{}, text, nil
}
