package document

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"digestbot/digest"
	"digestbot/digest/document/fields"
	"digestbot/digest/document/note"
	"digestbot/digest/document/plain"
)

// plan is what a front matter says of the sections, in the order in which it wants
// them. A plan without wishes leaves all as it is.
type plan struct {
	wishes  []wish
	ignored string // why what stands there is not taken for wishes
}

// wish is what a front matter says of one section.
type wish struct {
	name        string // as readers see it; "": as in the document
	from        []string
	own         string // key of its name, if the document may have a heading of it; "": none
	description string
	hide        bool
}

// planKeys are the keys of a wish.
var planKeys = []string{"name", "from", "description", "hide"}

// readPlan reads the list of sections in a front matter.
func readPlan(front fields.FrontMatter) (plan, error) {
	if front.SectionsLine == 0 {
		return plan{}, nil
	}
	p, err := makePlan(front.Sections)
	if err != nil {
		return plan{}, &fields.FrontMatterError{Line: front.SectionsLine, Err: fmt.Errorf("sections: %w", err)}
	}
	return p, nil
}

// makePlan reads the value of "sections". Other programs have a key of that name for
// other ends: what has nothing of a plan is ignored, with a warning.
func makePlan(value any) (plan, error) {
	list, ok := asList(value)
	if !ok {
		return plan{ignored: "it is no list, such as [News, Books]"}, nil
	}
	if len(list) > 0 && !slices.ContainsFunc(list, isWish) {
		return plan{ignored: "no entry is a name, or has one of " + strings.Join(planKeys, ", ")}, nil
	}
	var p plan
	takenBy := map[string]int{} // key of a heading, and which wish takes it
	for i, entry := range list {
		w, err := makeWish(entry)
		if err != nil {
			return plan{}, fmt.Errorf("entry %d: %w", i+1, err)
		}
		for _, heading := range w.from {
			key := digest.SectionKey(heading)
			if first, taken := takenBy[key]; taken {
				return plan{}, fmt.Errorf("entry %d: %q is in entry %d already: name each heading once", i+1, heading, first)
			}
			takenBy[key] = i + 1
		}
		p.wishes = append(p.wishes, w)
	}
	for i := range p.wishes {
		// A section would stand twice if the document has one of that name too.
		if key := digest.SectionKey(p.wishes[i].name); key != "" && takenBy[key] == 0 {
			p.wishes[i].own, takenBy[key] = key, i+1
		}
	}
	return p, nil
}

// asList returns the entries of a list; tables in TOML are lists of another type.
func asList(value any) ([]any, bool) {
	switch value := value.(type) {
	case []any:
		return value, true
	case []map[string]any:
		var list []any
		for _, entry := range value {
			list = append(list, entry)
		}
		return list, true
	}
	return nil, false
}

func isWish(entry any) bool {
	if table, ok := entry.(map[string]any); ok {
		return slices.ContainsFunc(slices.Collect(maps.Keys(lowerKeys(table))), isPlanKey)
	}
	_, ok := entry.(string)
	return ok
}

func isPlanKey(key string) bool { return slices.Contains(planKeys, key) }

// lowerKeys returns a table with its keys in lower case: capitals do not matter in any
// front matter.
func lowerKeys(table map[string]any) map[string]any {
	lower := map[string]any{}
	for key, value := range table {
		lower[strings.ToLower(key)] = value
	}
	return lower
}

func makeWish(entry any) (wish, error) {
	if name, ok := entry.(string); ok {
		entry = map[string]any{"from": name}
	}
	table, ok := entry.(map[string]any)
	if !ok {
		return wish{}, fmt.Errorf("%s is neither a name nor has it keys: write - News, or - name: News", brief(entry))
	}
	table = lowerKeys(table)
	for _, key := range slices.Sorted(maps.Keys(table)) {
		if !isPlanKey(key) {
			return wish{}, fmt.Errorf("%q is not known: the keys are %s", key, strings.Join(planKeys, ", "))
		}
	}
	var w wish
	var inName, inDescription, inFrom, inHide error
	w.name, inName = planText(table, "name")
	w.description, inDescription = planText(table, "description")
	w.from, inFrom = planTexts(table, "from")
	if hide, has := table["hide"]; has {
		if w.hide, ok = hide.(bool); !ok {
			inHide = fmt.Errorf("hide: %s is neither true nor false: write one of these, without quotation marks", brief(hide))
		}
	}
	if err := cmp.Or(inName, inDescription, inFrom, inHide); err != nil {
		return wish{}, err
	}
	if len(w.from) == 0 && w.name != "" {
		w.from = []string{w.name}
	}
	if len(w.from) == 0 {
		return wish{}, errors.New(`it names no section: give "name", or "from" with headings of the document`)
	}
	return w, nil
}

func planText(table map[string]any, key string) (string, error) {
	switch value := table[key].(type) {
	case nil:
		return "", nil
	case string:
		return plain.Title(value), nil
	case int, int64, float64, json.Number:
		return fmt.Sprint(value), nil
	default:
		return "", fmt.Errorf("%s: %s is no text: put it into quotation marks", key, brief(value))
	}
}

// planTexts reads a text or a list of texts.
func planTexts(table map[string]any, key string) ([]string, error) {
	list, ok := table[key].([]any)
	if !ok {
		list = []any{table[key]}
	}
	var texts []string
	for _, value := range list {
		text, err := planText(map[string]any{key: value}, key)
		if err != nil {
			return nil, err
		}
		if text != "" {
			texts = append(texts, text)
		}
	}
	return texts, nil
}

// brief shows a value in an error.
func brief(value any) string {
	if value == nil {
		return "an empty entry"
	}
	return digest.ShortenCharacters(fmt.Sprint(value), note.MaxExample)
}
