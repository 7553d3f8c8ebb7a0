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
	"go.yaml.in/yaml/v3"
)

var (
	yamlKeyLine   = regexp.MustCompile(`^\s*["']?[\pL_][\pL\pN_ .-]*["']?\s*:(?:\s|$)`)
	pelicanLine   = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9_-]*):[ \t]*(.*)$`)
	pelicanKnown  = regexp.MustCompile(`(?i)^(?:title|date|number|issue|author|authors|category|tags|slug|summary|status|modified|lang)$`)
	yamlErrorLine = regexp.MustCompile(`line (\d+): `)
)

// Split separates metadata from body. Empty lines may stand before the
// metadata. A document without metadata is all body.
func Split(text string) (Metadata, string, error) {
	trimmed := strings.TrimLeft(text, " \t\n")
	skipped := strings.Count(text[:len(text)-len(trimmed)], "\n")
	if strings.HasPrefix(trimmed, "{") {
		return jsonFrontMatter(text, trimmed, skipped)
	}
	first, rest, _ := strings.Cut(trimmed, "\n")
	switch strings.TrimRight(first, " \t") {
	case "---":
		if !startsYAML(rest) {
			return nil, text, nil
		}
		return fenced(rest, skipped+1, []string{"---", "..."}, decodeYAML)
	case "+++":
		return fenced(rest, skipped+1, []string{"+++"}, decodeTOML)
	}
	if m := pelicanLine.FindStringSubmatch(first); m != nil && pelicanKnown.MatchString(m[1]) {
		return pelican(trimmed, skipped)
	}
	return nil, text, nil
}

// startsYAML reports whether a front matter, and not a text after a thematic
// break, follows "---": the first line that is no comment and not empty is a key
// or the closing fence.
func startsYAML(rest string) bool {
	for line := range strings.Lines(rest) {
		line = strings.TrimRight(line, " \t\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		return line == "---" || yamlKeyLine.MatchString(line)
	}
	return false
}

// fenced reads metadata up to a closing fence. rest is the document after the
// opening fence, and lines how many lines stand before it.
func fenced(rest string, lines int, fences []string, decode func(string) (Metadata, error)) (Metadata, string, error) {
	offset := 0
	for line := range strings.Lines(rest) {
		bare := strings.TrimRight(line, " \t\n")
		for _, fence := range fences {
			if bare != fence {
				continue
			}
			if offset > bounds.MaxFrontMatter {
				return nil, "", frontMatterTooLong(lines)
			}
			meta, err := decode(rest[:offset])
			if err != nil {
				return nil, "", atLine(err, lines)
			}
			return meta, rest[offset+len(line):], nil
		}
		offset += len(line)
	}
	return nil, "", &FrontMatterError{Line: lines, Err: fmt.Errorf("it is never closed: end it with a line %q", fences[0])}
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

func decodeYAML(text string) (Metadata, error) {
	var root yaml.Node
	if err := yaml.Unmarshal([]byte(text), &root); err != nil {
		return nil, err
	}
	meta := Metadata{}
	if len(root.Content) > 0 {
		meta.addYAML("", root.Content[0], 0)
	}
	meta.unwrap()
	return meta, nil
}

// maxMetaDepth is how deep nested tables are read. Nothing that this package
// looks for is deeper.
const maxMetaDepth = 4

func (m Metadata) addYAML(prefix string, n *yaml.Node, depth int) {
	if n.Kind != yaml.MappingNode || depth > maxMetaDepth {
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := prefix + strings.ToLower(n.Content[i].Value)
		value := n.Content[i+1]
		switch value.Kind {
		case yaml.ScalarNode:
			if value.Tag != "!!null" {
				m.Add(key, value.Value)
			}
		case yaml.MappingNode:
			m.addYAML(key+".", value, depth+1)
		}
	}
}

func decodeTOML(text string) (Metadata, error) {
	if err := checkTOML(text); err != nil {
		return nil, err
	}
	var table map[string]any
	if _, err := toml.Decode(text, &table); err != nil {
		return nil, err
	}
	return ofTable(table), nil
}

// ofTable returns what a decoded table of TOML or JSON says.
func ofTable(table map[string]any) Metadata {
	meta := Metadata{}
	meta.addTable("", table, 0)
	meta.unwrap()
	return meta
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

// pelican reads lines "Key: value" up to the first empty line. Indented lines
// continue the value before them. lines is how many lines stand before text.
func pelican(text string, lines int) (Metadata, string, error) {
	meta := Metadata{}
	offset, last := 0, ""
	var value []string // of last, line by line
	end := func() {
		if last != "" {
			meta.Add(last, strings.Join(value, " "))
		}
	}
	for line := range strings.Lines(text) {
		bare := strings.TrimRight(line, " \t\n")
		m := pelicanLine.FindStringSubmatch(bare)
		switch {
		case bare == "":
			end()
			return meta, text[offset+len(line):], nil
		case m != nil:
			end()
			last, value = strings.ToLower(m[1]), []string{m[2]}
		case last != "" && (line[0] == ' ' || line[0] == '\t'):
			value = append(value, strings.TrimSpace(bare))
		default:
			end()
			return meta, text[offset:], nil
		}
		if offset += len(line); offset > bounds.MaxFrontMatter {
			return nil, "", frontMatterTooLong(lines)
		}
	}
	end()
	return meta, "", nil
}
