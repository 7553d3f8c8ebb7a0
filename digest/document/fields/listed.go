package fields

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// Listed is a list of links that a front matter holds: an issue whose text is its data.
type Listed struct {
	Name    string
	Entries []ListedEntry
}

// ListedEntry is one link of such a list. Text is Markdown.
type ListedEntry struct{ Title, Address, Text string }

// The names that such data has for its parts.
var (
	listedNames     = []string{"title", "name", "heading", "category", "section", "label"}
	listedTitles    = []string{"title", "name", "headline", "label", "text"}
	listedAddresses = []string{"url", "link", "href", "address"}
	listedTexts     = []string{"description", "summary", "comment", "excerpt", "note", "text", "content", "body", "blurb"}
)

// notListed are keys of lists that say who or what is around an issue.
var notListed = map[string]bool{
	"author": true, "authors": true, "contributors": true, "editors": true, "sponsors": true, "sponsor": true, "menu": true, "nav": true,
	"navigation": true, "social": true, "socials": true, "translations": true, "alternates": true, "related": true, "resources": true,
	"images": true, "gallery": true, "breadcrumbs": true, "actions": true, "buttons": true, "cta": true, sectionsKey: true,
}

// listedIn returns the lists of links in a table of YAML: those under its keys, which name
// them, and those in lists of named groups.
func listedIn(table *yaml.Node) []Listed {
	if table.Kind != yaml.MappingNode {
		return nil
	}
	var all []Listed
	for i := 0; i+1 < len(table.Content); i += 2 {
		key, value := table.Content[i].Value, table.Content[i+1]
		if value.Kind != yaml.SequenceNode || notListed[strings.ToLower(key)] {
			continue
		}
		if entries := listedEntries(value); len(entries) > 0 {
			all = append(all, Listed{Name: nameOfKey(key), Entries: entries})
			continue
		}
		for _, group := range value.Content {
			if l := listedGroup(group); len(l.Entries) > 0 {
				all = append(all, l)
			}
		}
	}
	return all
}

// listedGroup returns a group that has a name and one list of links.
func listedGroup(group *yaml.Node) Listed {
	l := Listed{Name: scalarUnder(group, listedNames)}
	if l.Name == "" {
		return Listed{}
	}
	for i := 1; i < len(group.Content); i += 2 {
		if entries := listedEntries(group.Content[i]); len(entries) > 0 {
			l.Entries = entries
		}
	}
	return l
}

// listedEntries returns the links of a list; none if one entry has no title or address.
func listedEntries(list *yaml.Node) []ListedEntry {
	if list.Kind != yaml.SequenceNode {
		return nil
	}
	var entries []ListedEntry
	for _, n := range list.Content {
		e := ListedEntry{Title: scalarUnder(n, listedTitles), Address: scalarUnder(n, listedAddresses), Text: scalarUnder(n, listedTexts)}
		if e.Title == "" || !strings.HasPrefix(e.Address, "http") {
			return nil
		}
		if e.Text == e.Title {
			e.Text = ""
		}
		entries = append(entries, e)
	}
	return entries
}

// scalarUnder returns the first text of a table that stands under one of some keys.
func scalarUnder(table *yaml.Node, keys []string) string {
	if table.Kind != yaml.MappingNode {
		return ""
	}
	for _, key := range keys {
		for i := 0; i+1 < len(table.Content); i += 2 {
			if value := table.Content[i+1]; strings.EqualFold(table.Content[i].Value, key) && value.Kind == yaml.ScalarNode {
				return strings.TrimSpace(value.Value)
			}
		}
	}
	return ""
}

// nameOfKey makes a name of a key: "newTools" and "new_tools" become "New tools".
func nameOfKey(key string) string {
	var out strings.Builder
	before := ' '
	for _, r := range key {
		switch {
		case r == '_' || r == '-':
			r = ' '
		case unicode.IsUpper(r) && unicode.IsLower(before):
			out.WriteRune(' ')
			r = unicode.ToLower(r)
		}
		out.WriteRune(r)
		before = r
	}
	first, size := utf8.DecodeRuneInString(out.String())
	return string(unicode.ToUpper(first)) + out.String()[size:]
}
