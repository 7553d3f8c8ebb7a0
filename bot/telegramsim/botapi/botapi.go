// Package botapi reads requests to the Bot API and checks them against its published
// description. Telegram silently ignores what it does not know. Here every method, parameter
// and field is compared, however deep: names, types, what is required, arrays of arrays, no
// nulls, no name in another case, no body without content.
//
// The description is botapi.txt, with the methods that the simulator knows and the types that
// they reach. TestRenewBotAPI makes it anew for another version of the Bot API from the
// published api.json; botapi_additions.txt has what is missing there. For a new method, write
// its name into botapi_additions.txt and renew botapi.txt.
package botapi

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// Version is the newest Bot API of which the description knows something: what the program
// speaks. Older servers answer it too, with what they know.
const Version = "10.3"

// The description of the Bot API has a method or a type on each line:
//
//	method name!:Type name:[]Type name:Type|Type
//	Object name!:String="constant"
//	Union = Object Object
//
// An exclamation mark stands for a required field, "[]" for "Array of". botapi.txt is
// generated, see TestRenewBotAPI; botapi_additions.txt is kept by hand.
//
//go:embed botapi.txt
var botAPIText string

//go:embed botapi_additions.txt
var botAPIAdditions string

// apiObject is a method with its parameters, an object with its fields, or a union.
type apiObject struct {
	name   string
	fields []*apiField
	named  map[string]*apiField
	union  []string // names of the objects it may be
}

// apiField is a parameter of a method or a field of an object.
type apiField struct {
	name     string
	required bool
	constant string // the only value it may have
	types    []apiType
}

// apiType is a type that a value may have, within so many arrays.
type apiType struct {
	arrays  int
	name    string
	objects []*apiObject // the objects it may be; none for String and the like
}

// description is the Bot API as the two files describe it.
type description struct {
	methods map[string]*apiObject // by name in lower case
	objects map[string]*apiObject
}

// described reads the description once. Nothing changes it afterwards.
var described = sync.OnceValue(func() *description {
	api, err := parse(botAPIText, botAPIAdditions)
	if err != nil {
		panic("botapi: description: " + err.Error()) // it is part of the program
	}
	return api
})

// Methods returns the names of the methods that are described, in order.
func Methods() []string {
	methods := described().methods
	names := make([]string, 0, len(methods))
	for _, m := range methods {
		names = append(names, m.name)
	}
	slices.Sort(names)
	return names
}

// parse reads descriptions. Later ones add to the earlier ones.
func parse(texts ...string) (*description, error) {
	api := &description{methods: map[string]*apiObject{}, objects: map[string]*apiObject{}}
	for _, text := range texts {
		for line := range strings.Lines(text) {
			if words := strings.Fields(line); len(words) > 0 && words[0] != "#" {
				if err := api.add(words); err != nil {
					return nil, fmt.Errorf("line %q: %w", strings.TrimSpace(line), err)
				}
			}
		}
	}
	for _, o := range api.objects {
		api.resolve(o)
	}
	for _, m := range api.methods {
		api.resolve(m)
	}
	return api, nil
}

// add adds one line of a description.
func (a *description) add(words []string) error {
	name := words[0]
	table, key := a.objects, name
	if unicode.IsLower(rune(name[0])) {
		table, key = a.methods, strings.ToLower(name)
	}
	o := table[key]
	if o == nil {
		o = &apiObject{name: name, named: map[string]*apiField{}}
		table[key] = o
	}
	if len(words) > 1 && words[1] == "=" {
		o.union = append(o.union, words[2:]...)
		return nil
	}
	for _, word := range words[1:] {
		f, err := parseField(word)
		if err != nil {
			return err
		}
		o.set(f)
	}
	return nil
}

// set adds a field, or replaces the field of that name.
func (o *apiObject) set(f *apiField) {
	if i := slices.IndexFunc(o.fields, func(g *apiField) bool { return g.name == f.name }); i >= 0 {
		o.fields[i] = f
	} else {
		o.fields = append(o.fields, f)
	}
	o.named[f.name] = f
}

func parseField(word string) (*apiField, error) {
	name, types, ok := strings.Cut(word, ":")
	if !ok || name == "" {
		return nil, fmt.Errorf("field %q has no type", word)
	}
	f := &apiField{}
	f.name, f.required = strings.CutSuffix(name, "!")
	types, constant, _ := strings.Cut(types, "=")
	f.constant = strings.Trim(constant, `"`)
	for name := range strings.SplitSeq(types, "|") {
		t := apiType{name: strings.TrimLeft(name, "[]")}
		t.arrays = (len(name) - len(t.name)) / len("[]")
		f.types = append(f.types, t)
	}
	return f, nil
}

// resolve finds the objects behind the types of an object's fields.
func (a *description) resolve(o *apiObject) {
	for _, f := range o.fields {
		for i := range f.types {
			f.types[i].objects = a.members(f.types[i].name)
		}
	}
}

// members returns the objects that a type of that name may be.
func (a *description) members(name string) []*apiObject {
	o := a.objects[name]
	switch {
	case o == nil:
		return nil
	case len(o.union) == 0:
		return []*apiObject{o}
	}
	var all []*apiObject
	for _, name := range o.union {
		all = append(all, a.members(name)...)
	}
	return all
}
