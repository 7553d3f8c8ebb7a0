// Package sourceline reads what an operator writes of a source of issues: a folder or an
// address, and options behind it.
//
//	lines, err := sourceline.Parse("https://example.org/feed.xml digest every=week", sourceline.IsFolder)
//	...
//	fmt.Println(lines[0].Address, lines[0].Every)
//
// Words are separated by spaces; what stands in quotation marks, single or double, is one
// word. Errors name the cause and the cure. Nothing is opened or fetched.
package sourceline

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"digestbot/digest"
)

// Kind says what a source is.
type Kind string

// The kinds of sources.
const (
	Guess  Kind = ""       // an address whose content decides between Feed and Page
	Folder Kind = "folder" // its files are documents
	Feed   Kind = "feed"   // its entries are issues, or with Digest are gathered into issues
	Page   Kind = "page"   // one page, which shows the newest issue
	Index  Kind = "index"  // a page with links to issues
)

// Line is one source as it was written.
type Line struct {
	Folder  string // name of a folder; empty: it is an address
	Address string // http(s); empty: it is a folder
	Kind    Kind
	Name    string // what people call it; empty: nothing was said
	First   First

	Digest   bool // the entries of the feed are gathered into issues
	Every    Period
	ByTopic  bool      // the categories of entries become sections
	Sections []Section // which categories become which section, in their order; nil: each its own
	Title    string    // of gathered issues, before the dates; empty: that of the feed
	Number   int       // of the first gathered issue

	FullText bool   // entries are read from their pages
	Link     string // CSS selector of the links of an index
}

// First says which issues of the first look at a source count as new.
type First string

// What First can be.
const (
	FirstNewest First = "newest" // only the newest; all others are archive
	FirstAll    First = "all"
)

// Section is a section of gathered issues, and the categories that lead there.
type Section struct {
	Name       string
	Categories []string // as [digest.SectionKey] makes them
}

// Called returns what people call the source: its name, else the folder or address, without
// what may be secret in that.
func (l Line) Called() string {
	if l.Name != "" || l.Address == "" {
		return cmp.Or(l.Name, l.Folder)
	}
	u, err := url.Parse(l.Address)
	if err != nil {
		return WithoutSecrets(l.Address)
	}
	u.User, u.RawQuery, u.Fragment = nil, "", ""
	return u.String()
}

// Short is Called for a small place: of an address the host.
func (l Line) Short() string {
	if u, err := url.Parse(l.Address); err == nil && l.Name == "" && u.Host != "" {
		return strings.TrimPrefix(u.Host, "www.")
	}
	return cmp.Or(l.Name, filepath.Base(l.Folder))
}

// Place returns the folder or address.
func (l Line) Place() string { return cmp.Or(l.Folder, l.Address) }

// IsFolder reports whether there is a folder of that name.
func IsFolder(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}

// ParseAll reads the values of a setting. Each may have several lines, and an empty line
// means nothing. The error lists everything that is wrong, one source on each line.
func ParseAll(values []string, isFolder func(string) bool) ([]Line, error) {
	var all []Line
	var wrong []error
	for _, value := range values {
		for text := range strings.Lines(value) {
			lines, err := Parse(text, isFolder)
			if err != nil {
				wrong = append(wrong, err)
				continue
			}
			all = append(all, lines...)
		}
	}
	for i, line := range all {
		if slices.ContainsFunc(all[:i], func(other Line) bool { return other.Place() == line.Place() }) {
			wrong = append(wrong, fmt.Errorf("%s: it is named twice: leave one of them out", line.Called()))
		} else if slices.ContainsFunc(all[:i], func(other Line) bool { return other.Name != "" && other.Name == line.Name }) {
			wrong = append(wrong, fmt.Errorf("%s: another source has the name %q: give it another one", line.Called(), line.Name))
		}
	}
	return all, errors.Join(wrong...)
}

// Parse reads one line: an address and its options, or folders separated by commas. The
// name of a folder that exists wins over every other reading, whatever is in it.
func Parse(text string, isFolder func(string) bool) ([]Line, error) {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return nil, nil
	case len(text) > maxLine:
		return nil, fmt.Errorf("%s: the line is longer than %d bytes: shorten it", shown(text), maxLine)
	case isFolder(text):
		return []Line{folder(text)}, nil
	case beginsWithAddress(text):
		line, err := parseAddress(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", shown(text), err)
		}
		return []Line{line}, nil
	}
	return parseFolders(text, isFolder)
}

// beginsWithAddress reports whether the first word of a line, which may stand in quotation
// marks, is an address of the web.
func beginsWithAddress(text string) bool {
	return digest.IsWebAddress(withScheme(strings.TrimLeftFunc(text, isQuote)))
}

// withScheme returns a text with the scheme of an address in lower case, as it is compared.
func withScheme(text string) string {
	scheme, rest, ok := strings.Cut(text, "://")
	if !ok {
		return text
	}
	return strings.ToLower(scheme) + "://" + rest
}

// maxLine bounds a line, in bytes: a path may have 4096.
const maxLine = 8 << 10

func folder(name string) Line { return Line{Folder: name, Kind: Folder, First: FirstNewest} }

// parseFolders reads folders separated by commas. An address among them takes the rest.
func parseFolders(text string, isFolder func(string) bool) ([]Line, error) {
	var all []Line
	for text != "" {
		if beginsWithAddress(text) {
			lines, err := Parse(text, isFolder)
			return append(all, lines...), err
		}
		line, rest, err := cutFolder(text, isFolder)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", shown(text), err)
		}
		if line.Folder != "" { // else it is an empty place between commas
			all = append(all, line)
		}
		text = strings.TrimSpace(rest)
	}
	return all, nil
}

// cutFolder cuts the first folder, with its options, from a list. A name may have commas
// and spaces: the longest beginning that is a folder wins. If none is, the name ends at
// the first comma or at the first option.
func cutFolder(text string, isFolder func(string) bool) (line Line, rest string, err error) {
	for end := len(text); end > 0; end = strings.LastIndexAny(text[:end], ", ") {
		name := strings.TrimSpace(text[:end])
		if name == "" || !isFolder(name) {
			continue
		}
		options, rest := cutList(text[end:])
		line, err := withOptions(folder(name), options)
		return line, rest, err
	}
	part, rest := cutList(text)
	words, err := split(part)
	if err != nil {
		return Line{}, "", err
	}
	first := slices.IndexFunc(words, isOption)
	if first < 0 {
		first = len(words)
	}
	name := strings.Join(words[:first], " ")
	if name == "" && first < len(words) {
		return Line{}, "", errors.New("the folder or address is missing: it stands before the options")
	}
	if err := checkNoAddress(name); err != nil {
		return Line{}, "", err
	}
	line, err = withOptionWords(folder(name), words[first:])
	return line, rest, err
}

// likeAddress matches what people write for an address: without a scheme, or with another.
var likeAddress = regexp.MustCompile(`(?i)^(?:([a-z][a-z0-9+.-]*):(?:https?:)?//|feed:|www\.|(?:[a-z0-9-]+\.)+[a-z]{2,}/)`)

// checkNoAddress returns an error if the name of a folder that is not there may have been
// meant as an address.
func checkNoAddress(name string) error {
	parts := likeAddress.FindStringSubmatch(name)
	switch {
	case parts == nil:
		return nil
	case parts[1] != "" || strings.HasPrefix(strings.ToLower(name), "feed:"):
		return errors.New("only http and https addresses are fetched: write the address as https://example.org/feed.xml")
	}
	return fmt.Errorf("there is no such folder; if it is an address, write %s", WithoutSecrets("https://"+strings.Fields(name)[0]))
}

// cutList cuts a text at its first comma outside of quotation marks.
func cutList(text string) (part, rest string) {
	var quote rune
	for i, r := range text {
		switch {
		case quote != 0:
			if closes(quote, r) {
				quote = 0
			}
		case isQuote(r):
			quote = r
		case r == ',':
			return text[:i], text[i+1:]
		}
	}
	return text, ""
}

func parseAddress(text string) (Line, error) {
	words, err := split(text)
	if err != nil {
		return Line{}, err
	}
	line := Line{Address: withScheme(words[0]), First: FirstNewest}
	if err := checkAddress(line.Address); err != nil {
		return Line{}, err
	}
	return withOptionWords(line, words[1:])
}

func checkAddress(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		return errors.New("this is not an address, which looks like https://example.org/feed.xml")
	}
	if strings.Contains(address, ",http://") || strings.Contains(address, ",https://") {
		return errors.New("these are several addresses: give each a --source of its own, or in the variable a line; a comma within an address is written %2C")
	}
	if strings.HasSuffix(address, ",") {
		return errors.New("a comma stands behind the address: leave it out")
	}
	return nil
}
