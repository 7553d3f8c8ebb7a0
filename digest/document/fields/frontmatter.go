package fields

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"digestbot/digest/document/bounds"

	"github.com/BurntSushi/toml"
)

var yamlErrorLine = regexp.MustCompile(`line (\d+): `)

// FrontMatter is what a document says for programs at its top.
type FrontMatter struct {
	Metadata
	// Sections is the value of the key "sections" at the top, as its language has it, and
	// SectionsLine the line of the document with the key; 0: there is none.
	Sections     any
	SectionsLine int
	Listed       []Listed // of YAML only: other languages do not keep the order
}

// moveDown counts the lines above the front matter, which whoever decoded it does not know.
func (f *FrontMatter) moveDown(lines int) {
	if f.SectionsLine > 0 {
		f.SectionsLine += lines
	}
}

// sectionsKey is the only key whose value is no text.
const sectionsKey = "sections"

// Split separates the front matter from the body. Empty lines may stand before it. A
// document without one is all body.
func Split(text string) (FrontMatter, string, error) {
	trimmed := strings.TrimLeft(text, " \t\n")
	skipped := strings.Count(text[:len(text)-len(trimmed)], "\n")
	if strings.HasPrefix(trimmed, "{") {
		return jsonFrontMatter(text, trimmed, skipped)
	}
	first, rest, _ := strings.Cut(trimmed, "\n")
	switch strings.TrimRight(first, " \t") {
	case "---":
		if !startsYAML(rest) {
			return FrontMatter{}, text, nil
		}
		return fenced(rest, skipped+1, []string{"---", "..."}, decodeYAML)
	case "+++":
		return fenced(rest, skipped+1, []string{"+++"}, decodeTOML)
	}
	if definition.MatchString(first) {
		return franklin(trimmed, skipped)
	}
	if m := assignmentLine.FindStringSubmatch(first); m != nil && knownKey.MatchString(m[1]) {
		return assignments(trimmed)
	}
	if m := pelicanLine.FindStringSubmatch(first); m != nil && knownKey.MatchString(m[1]) {
		return pelican(trimmed, skipped)
	}
	return FrontMatter{}, text, nil
}

// fenced reads metadata up to a closing fence. rest is the document after the
// opening fence, and lines how many lines stand before it.
func fenced(rest string, lines int, fences []string, decode func(string) (FrontMatter, error)) (FrontMatter, string, error) {
	offset := 0
	for line := range strings.Lines(rest) {
		bare := strings.TrimRight(line, " \t\n")
		for _, fence := range fences {
			if bare != fence {
				continue
			}
			if offset > bounds.MaxFrontMatter {
				return FrontMatter{}, "", frontMatterTooLong(lines)
			}
			front, err := decode(rest[:offset])
			if err != nil {
				return FrontMatter{}, "", atLine(err, lines)
			}
			front.moveDown(lines)
			return front, rest[offset+len(line):], nil
		}
		offset += len(line)
	}
	return FrontMatter{}, "", &FrontMatterError{Line: lines, Err: fmt.Errorf("it is never closed: end it with a line %q", fences[0])}
}

func frontMatterTooLong(lines int) error {
	return &FrontMatterError{Line: max(lines, 1), Err: fmt.Errorf("it is longer than %d KB: close it, or keep only title, number, date and picture in it", bounds.MaxFrontMatter>>10)}
}

// atLine returns a decoder's error with the line of the document and a cure. The
// YAML decoder does not name the first line, and its grammar, unlike its scanner,
// counts from 0.
func atLine(err error, lines int) error {
	if e, ok := errors.AsType[*FrontMatterError](err); ok {
		return &FrontMatterError{Line: lines + e.Line, Err: e.Err}
	}
	if e, ok := errors.AsType[*bounds.Error](err); ok {
		return &FrontMatterError{Line: lines + e.Line, Err: errors.New(e.What)}
	}
	if e, ok := errors.AsType[toml.ParseError](err); ok {
		return &FrontMatterError{Line: lines + e.Position.Line, Err: fmt.Errorf("%s: quote text values", e.Message)}
	}
	message := strings.TrimPrefix(err.Error(), "yaml: ")
	line := 1
	if m := yamlErrorLine.FindStringSubmatch(message); m != nil {
		message = strings.Replace(message, m[0], "", 1)
		line, _ = strconv.Atoi(m[1]) // the pattern has matched digits only
		if strings.HasPrefix(message, "did not find expected") {
			line++
		}
	}
	return &FrontMatterError{Line: lines + line, Err: fmt.Errorf("%s: quote values that contain ': ' or begin with a special character", message)}
}

// maxMetaDepth is how deep nested tables are read. Nothing that this package
// looks for is deeper.
const maxMetaDepth = 4

func decodeTOML(text string) (FrontMatter, error) {
	if err := bounds.CheckTOML(text); err != nil {
		return FrontMatter{}, err
	}
	var table map[string]any
	if _, err := toml.Decode(text, &table); err != nil {
		return FrontMatter{}, err
	}
	return ofTable(table, text), nil
}

// sectionsLine matches where the key for sections stands in TOML or JSON.
var sectionsLine = regexp.MustCompile(`(?im)(?:^|[{,])\s*(?:\[\[?\s*)?["']?` + sectionsKey + `["']?\s*[:=\].]`)

// ofTable returns what a table of TOML or JSON says that was decoded from a text.
func ofTable(table map[string]any, text string) FrontMatter {
	front := FrontMatter{Metadata: Metadata{}}
	front.addTable("", table, 0)
	front.unwrap()
	for _, key := range slices.Sorted(maps.Keys(table)) {
		if strings.EqualFold(key, sectionsKey) {
			front.Sections, front.SectionsLine = table[key], 1
			if at := sectionsLine.FindStringIndex(text); at != nil {
				front.SectionsLine += strings.Count(text[:at[1]], "\n")
			}
			break
		}
	}
	return front
}

func (m Metadata) addTable(prefix string, table map[string]any, depth int) {
	if depth > maxMetaDepth {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(table)) {
		key := prefix + strings.ToLower(name)
		switch value := table[name].(type) {
		case map[string]any:
			m.addTable(key+".", value, depth+1)
		case time.Time:
			m.Add(key, value.Format(time.DateOnly))
		case string, int64, float64, bool, json.Number:
			m.Add(key, fmt.Sprint(value))
		}
	}
}
