package fields

import (
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
)

var yamlKeyLine = regexp.MustCompile(`^\s*["']?[\pL_][\pL\pN_ .-]*["']?\s*:(?:\s|$)`)

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

func decodeYAML(text string) (FrontMatter, error) {
	var root yaml.Node
	err := yaml.Unmarshal([]byte(text), &root)
	if spaced := spacesForTabs(text); err != nil && spaced != text {
		root = yaml.Node{}
		err = yaml.Unmarshal([]byte(spaced), &root)
	}
	if err != nil {
		return FrontMatter{}, err
	}
	front := FrontMatter{Metadata: Metadata{}}
	if len(root.Content) > 0 {
		front.addYAML("", root.Content[0], 0)
		front.takeSections(root.Content[0])
		front.Listed = listedIn(root.Content[0])
	}
	front.unwrap()
	return front, nil
}

// spacesForTabs replaces the tabs that indent lines, which YAML forbids.
func spacesForTabs(text string) string {
	var out strings.Builder
	for line := range strings.Lines(text) {
		rest := strings.TrimLeft(line, " \t")
		out.WriteString(strings.ReplaceAll(line[:len(line)-len(rest)], "\t", "  ") + rest)
	}
	return out.String()
}

// takeSections takes the value of the key for sections from a table of YAML.
func (f *FrontMatter) takeSections(table *yaml.Node) {
	if table.Kind != yaml.MappingNode {
		return
	}
	for i := 0; i+1 < len(table.Content); i += 2 {
		key := table.Content[i]
		if strings.EqualFold(key.Value, sectionsKey) {
			if table.Content[i+1].Decode(&f.Sections) == nil {
				f.SectionsLine = key.Line
			}
			return
		}
	}
}

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
