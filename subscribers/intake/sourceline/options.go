package sourceline

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"digestbot/digest"
	"digestbot/digest/spelling"

	"github.com/andybalholm/cascadia"
)

// option is what a line may say behind the folder or address.
type option struct {
	set     func(l *Line, value string) error
	bare    bool // it has no value
	forFile bool // folders may have it, too
	gathers bool // it needs "digest"
}

var options = map[string]option{
	"name":       {set: setName, forFile: true},
	"first":      {set: setFirst, forFile: true},
	"kind":       {set: setKind},
	"full":       {set: setFull},
	"link":       {set: setLink},
	"digest":     {set: func(l *Line, _ string) error { l.Digest = true; return nil }, bare: true},
	"every":      {set: func(l *Line, value string) (err error) { l.Every, err = parsePeriod(value); return err }, gathers: true},
	"section-by": {set: setSectionBy, gathers: true},
	"sections":   {set: setSections, gathers: true},
	"title":      {set: func(l *Line, value string) error { l.Title = strings.TrimSpace(value); return nil }, gathers: true},
	"number":     {set: setNumber, gathers: true},
}

// isOption reports whether a word is an option, perhaps a misspelt one.
func isOption(word string) bool {
	name, _, valued := strings.Cut(word, "=")
	o, known := options[name]
	return valued || known && o.bare
}

// withOptions returns the line with the options in a text.
func withOptions(line Line, text string) (Line, error) {
	words, err := split(text)
	if err != nil {
		return Line{}, err
	}
	return withOptionWords(line, words)
}

func withOptionWords(line Line, words []string) (Line, error) {
	said := map[string]bool{}
	for _, word := range words {
		name, value, valued := strings.Cut(word, "=")
		o, known := options[name]
		switch {
		case !known:
			return Line{}, unknown(name)
		case said[name]:
			return Line{}, fmt.Errorf("%s is given twice: leave one out", name)
		case line.Folder != "" && !o.forFile:
			return Line{}, fmt.Errorf("%s is not for folders: a folder may have name and first", name)
		case o.bare && valued:
			return Line{}, fmt.Errorf("%s takes no value: write %s", name, name)
		case !o.bare && strings.TrimSpace(value) == "":
			return Line{}, fmt.Errorf("%s needs a value, such as %s", name, examples[name])
		}
		said[name] = true
		if err := o.set(&line, value); err != nil {
			return Line{}, err
		}
	}
	return finish(line, said)
}

// examples show each option with a value.
var examples = map[string]string{
	"name": "name=News", "first": "first=all", "kind": "kind=feed", "full": "full=page", "link": `link="a.issue"`, "digest": "digest",
	"every": "every=week", "section-by": "section-by=category", "sections": `sections="Go=golang,go;Web=css,html"`, "title": `title="The week"`, "number": "number=12",
}

func unknown(name string) error {
	if strings.Contains(name, "://") {
		return errors.New("there are two addresses on this line: give each a --source of its own, or in the variable a line")
	}
	names := slices.Sorted(maps.Keys(options))
	if near := spelling.Nearest(strings.ToLower(name), names); near != "" {
		return fmt.Errorf("%q is no option: do you mean %s?", name, examples[near])
	}
	return fmt.Errorf("%q is no option: the options are %s; an address with a space in it stands in quotation marks", name, strings.Join(names, ", "))
}

// finish checks what options mean together, and fills in what was not said.
func finish(line Line, said map[string]bool) (Line, error) {
	for _, name := range slices.Sorted(maps.Keys(said)) {
		if options[name].gathers && !line.Digest {
			return line, fmt.Errorf("%s is about issues that are made of the entries of a feed: add digest, or leave it out", name)
		}
	}
	line.fillIn()
	return line, line.checkKind()
}

// fillIn adds what follows from what was said.
func (l *Line) fillIn() {
	if l.Link != "" && l.Kind == Guess {
		l.Kind = Index
	}
	l.ByTopic = l.ByTopic || l.Sections != nil
	if !l.Digest {
		return
	}
	if l.Kind == Guess {
		l.Kind = Feed
	}
	if l.Every == (Period{}) {
		l.Every = week
	}
	l.Number = max(l.Number, 1)
}

// checkKind returns what is wrong if options are not for the kind of the source.
func (l Line) checkKind() error {
	switch {
	case l.Kind == Index && l.Link == "":
		return fmt.Errorf("an index needs the CSS selector of its links to issues: add %s", examples["link"])
	case l.Link != "" && l.Kind != Index:
		return fmt.Errorf("link is for kind=index: leave out kind=%s", l.Kind)
	case (l.Digest || l.FullText) && l.Kind != Feed && l.Kind != Guess:
		return fmt.Errorf("digest and full are for feeds: leave out kind=%s", l.Kind)
	}
	return nil
}

func setName(l *Line, value string) error {
	l.Name = strings.Join(strings.Fields(value), " ")
	if len([]rune(l.Name)) > 60 {
		return errors.New("name is longer than 60 characters: shorten it")
	}
	return nil
}

// choose returns an error unless the value is one of those allowed.
func choose(name, value string, allowed ...string) error {
	if slices.Contains(allowed, value) {
		return nil
	}
	return fmt.Errorf("%s=%s is not known: write %s=%s", name, value, name, strings.Join(allowed, " or "+name+"="))
}

func setFirst(l *Line, value string) error {
	l.First = First(value)
	return choose("first", value, string(FirstNewest), string(FirstAll))
}

func setKind(l *Line, value string) error {
	l.Kind = Kind(value)
	return choose("kind", value, string(Feed), string(Page), string(Index))
}

func setFull(l *Line, value string) error {
	l.FullText = true
	return choose("full", value, "page")
}

func setSectionBy(l *Line, value string) error {
	l.ByTopic = true
	return choose("section-by", value, "category")
}

func setLink(l *Line, value string) error {
	if _, err := cascadia.ParseGroup(value); err != nil {
		return fmt.Errorf("link=%s is no CSS selector: write such as %s", value, examples["link"])
	}
	l.Link = value
	return nil
}

func setNumber(l *Line, value string) (err error) {
	l.Number, err = strconv.Atoi(value)
	if err != nil || l.Number < 1 || l.Number > maxNumber {
		return fmt.Errorf("number=%s is not a number from 1 to %d", value, maxNumber)
	}
	return nil
}

const maxNumber = 1_000_000

// setSections reads which categories become which section: "Go=golang,go;Web=css,html".
func setSections(l *Line, value string) error {
	taken := map[string]bool{}
	for part := range strings.SplitSeq(value, ";") {
		name, categories, _ := strings.Cut(part, "=")
		s := Section{Name: strings.TrimSpace(name)}
		for category := range strings.SplitSeq(categories, ",") {
			key := digest.SectionKey(category)
			if key == "" {
				continue
			}
			if taken[key] {
				return fmt.Errorf("sections: the category %q is named twice: leave one out", strings.TrimSpace(category))
			}
			taken[key] = true
			s.Categories = append(s.Categories, key)
		}
		if digest.SectionKey(s.Name) == "" || len(s.Categories) == 0 {
			return fmt.Errorf("sections: %q is not a section and its categories: write %s", strings.TrimSpace(part), examples["sections"])
		}
		l.Sections = append(l.Sections, s)
	}
	return nil
}
