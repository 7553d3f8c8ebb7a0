package botapi

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
)

// inspection checks one request against the description of the Bot API. There are two sorts
// of faults. Telegram refuses a field of the wrong type, see words.go. It ignores what it
// does not know, and the bot never learns that its request had no effect.
type inspection struct {
	method string
	wrong  []string // in plain words, with the place
}

// Inspect returns all that is wrong with a call of a method, named in lower case. If the
// call is refused for it, it also returns the words of the refusal.
func Inspect(method string, p Params) (wrong []string, refusal string) {
	m := described().methods[method]
	if m == nil {
		return []string{method + " is not a method the simulator knows"}, ""
	}
	in := inspection{method: m.name}
	words := ""
	known := 0
	for _, f := range m.fields {
		text, given := p.Values[f.name]
		_, uploaded := p.Files[f.name]
		switch {
		case given:
			known++
			words = cmp.Or(words, in.parameter(f, text, slices.Contains(p.nulls, f.name)))
		case f.required && !uploaded:
			in.blame("%s%s", f.name, missing) // the method itself has the words of the refusal
		}
	}
	unknown := false
	if known < len(p.Values) {
		unknown = in.strange("", m, slices.Sorted(maps.Keys(p.Values)))
	}
	switch {
	case words != "":
		return in.wrong, words
	case unknown || in.mistyped():
		return in.wrong, "the simulator refuses what Telegram would ignore: " + in.wrong[0]
	}
	return in.wrong, ""
}

const missing = " is missing"

// mistyped reports whether anything is wrong but parameters that are missing.
func (in *inspection) mistyped() bool {
	return slices.ContainsFunc(in.wrong, func(w string) bool { return !strings.HasSuffix(w, missing) })
}

func (in *inspection) blame(format string, args ...any) {
	in.wrong = append(in.wrong, in.method+": "+fmt.Sprintf(format, args...))
}

// strange blames names that an object does not have, and reports whether there were any.
func (in *inspection) strange(at string, o *apiObject, names []string) bool {
	before := len(in.wrong)
	for _, name := range names {
		if o.named[name] != nil {
			continue
		}
		other := ""
		for known := range o.named {
			if strings.EqualFold(known, name) {
				other = ", which is written " + known
			}
		}
		in.blame("%s%s is unknown in %s%s", at, name, o.name, other)
	}
	return len(in.wrong) > before
}

// parameter checks a parameter, which is a text, and returns Telegram's words if Telegram
// refuses it.
func (in *inspection) parameter(f *apiField, text string, null bool) string {
	if null {
		in.blame("%s is null", f.name)
	}
	structured := false
	for _, t := range f.types {
		switch {
		case t.arrays > 0 || t.objects != nil && t.name != "InputFile":
			structured = true
		case t.fitsText(text):
			return ""
		}
	}
	if text == "" {
		return "" // the same as if it were not there
	}
	if !structured {
		in.blame("%s is %q, which is no %s", f.name, text, f.names())
		return ""
	}
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		in.blame("%s is not JSON", f.name)
		return parameterWords(f.name).unreadable
	}
	return in.value(place{path: f.name}, f, v)
}

// fitsText reports whether a parameter's text is of a plain type.
func (t apiType) fitsText(text string) bool {
	switch t.name {
	case "String", "InputFile":
		return true
	case "Integer":
		_, err := strconv.ParseInt(text, 10, 64)
		return err == nil
	case "Float":
		_, err := strconv.ParseFloat(text, 64)
		return err == nil
	case "Boolean", "True":
		return text == "true" || text == "false"
	}
	return false
}

// place is where in a request a value stands.
type place struct {
	path   string
	in     *apiObject // the object with the field; nil for a parameter
	arrays int        // arrays of the field that the value stands in
}

// value checks a JSON value of a field, and returns Telegram's words if Telegram refuses it.
func (in *inspection) value(at place, f *apiField, v any) string {
	switch v := v.(type) {
	case []any:
		return in.array(at, f, v)
	case map[string]any:
		return in.object(at, f, v)
	}
	for _, t := range f.types {
		if t.arrays != at.arrays {
			continue
		}
		if t.fits(v) {
			if text, ok := v.(string); ok && f.constant != "" && text != f.constant {
				in.blame("%s is %q, want %q", at.path, text, f.constant)
			}
			return ""
		}
		if t.bears(v) {
			in.blame("%s is %v, want %s", at.path, v, f.names())
			return ""
		}
	}
	return in.mismatch(at, f, v)
}

// mismatch blames a value of the wrong type.
func (in *inspection) mismatch(at place, f *apiField, v any) string {
	if v == nil {
		in.blame("%s is null", at.path)
	} else {
		in.blame("%s is %T, want %s", at.path, v, f.names())
	}
	return at.words(f)
}

func (in *inspection) array(at place, f *apiField, list []any) string {
	if !slices.ContainsFunc(f.types, func(t apiType) bool { return t.arrays > at.arrays }) {
		return in.mismatch(at, f, list)
	}
	words := ""
	for i, v := range list {
		inner := place{path: at.path + "[" + strconv.Itoa(i) + "]", in: at.in, arrays: at.arrays + 1}
		words = cmp.Or(words, in.value(inner, f, v))
	}
	return words
}

func (in *inspection) object(at place, f *apiField, fields map[string]any) string {
	t, o := f.choose(at.arrays, fields)
	if o == nil {
		return in.mismatch(at, f, fields)
	}
	words := ""
	known := 0
	for _, g := range o.fields {
		v, given := fields[g.name]
		switch {
		case given:
			known++
			words = cmp.Or(words, in.value(place{path: at.path + "." + g.name, in: o}, g, v))
		case g.required:
			in.blame("%s.%s%s", at.path, g.name, missing)
			if !mayLack(o.name) {
				words = cmp.Or(words, `Can't find field "`+g.name+`"`)
			}
		}
	}
	if known < len(fields) {
		in.strange(at.path+".", o, slices.Sorted(maps.Keys(fields)))
	}
	if words == "" {
		return ""
	}
	return prefixOf(t.name) + words
}

// choose returns the type that an object is meant to be: among those whose constant it has,
// the one with the most of its fields.
func (f *apiField) choose(arrays int, fields map[string]any) (found apiType, object *apiObject) {
	best := math.MinInt
	for _, t := range f.types {
		if t.arrays != arrays {
			continue
		}
		for _, o := range t.objects {
			if score := o.likeness(fields); score > best {
				best, found, object = score, t, o
			}
		}
	}
	return found, object
}

func (o *apiObject) likeness(fields map[string]any) int {
	score := 0
	for _, f := range o.fields {
		v, given := fields[f.name]
		switch {
		case given && f.constant != "" && v != f.constant:
			score -= 100
		case given:
			score++
		case f.required:
			score -= 2
		}
	}
	return score
}

// fits reports whether a JSON value is of a plain type.
func (t apiType) fits(v any) bool {
	switch v := v.(type) {
	case string:
		return t.name == "String" || t.name == "InputFile"
	case bool:
		return t.name == "Boolean" || t.name == "True"
	case float64:
		return t.name == "Float" || t.name == "Integer" && v == math.Trunc(v)
	}
	return false
}

// bears reports whether Telegram accepts a value of another type for this one: a number for
// a text, or a text for a number (tdlib/td, JsonBuilder.cpp).
func (t apiType) bears(v any) bool {
	switch v := v.(type) {
	case float64:
		return t.name == "String"
	case string:
		_, err := strconv.ParseInt(v, 10, 64)
		return t.name == "Integer" && err == nil
	}
	return false
}

// names lists the types of a field, as in the description.
func (f *apiField) names() string {
	var names []string
	for _, t := range f.types {
		names = append(names, strings.Repeat("Array of ", t.arrays)+t.name)
	}
	return strings.Join(names, " or ")
}
