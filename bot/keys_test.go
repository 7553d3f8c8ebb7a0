package bot

import (
	"go/ast"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"digestbot/bot/talk"
	"digestbot/subscribers"
)

// builtKeys are the keys that are put together while the program runs: by what
// they begin with, what they can end with.
func builtKeys() map[string][]string {
	numbers := func(from, to int) []string {
		var all []string
		for n := from; n <= to; n++ {
			all = append(all, strconv.Itoa(n))
		}
		return all
	}
	return map[string][]string{
		"menu.":    slices.Concat(readerMenu, adminMenu, groupMenu),
		"profile.": {"about", "short"},
		"month.":   numbers(1, 12),
		"weekday.": numbers(0, 6),
		"words.":   wordCommands,

		"short_weekday.": numbers(0, 6),
		"layout_name.":   {string(subscribers.Sections), string(subscribers.Compact), string(subscribers.Rich)},
	}
}

// variableKeys are the functions that ask for a text by a key they were given;
// the keys are constants elsewhere, so that the test for those knows them.
var variableKeys = []string{"reason", "zoneView", "whyNothing"}

// functions calls f with every function of the package's source.
func functions(t *testing.T, f func(*ast.FuncDecl)) {
	t.Helper()
	for _, file := range sourceFiles(t) {
		for _, declaration := range file.Decls {
			if function, ok := declaration.(*ast.FuncDecl); ok {
				f(function)
			}
		}
	}
}

// askingCall tells whether a call asks for a text, and by which method.
func askingCall(n ast.Node) (call *ast.CallExpr, method string, ok bool) {
	call, ok = n.(*ast.CallExpr)
	if !ok || len(call.Args) == 0 {
		return nil, "", false
	}
	selector, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || selector.Sel.Name != "Plain" && selector.Sel.Name != "HTML" {
		return nil, "", false
	}
	if x, ok := selector.X.(*ast.Ident); ok && x.Name == "digest" {
		return nil, "", false // digest.HTML takes no key
	}
	return call, selector.Sel.Name, true
}

// Keys that are built at run time are all there, and no others in their groups.
func TestBuiltKeys(t *testing.T) {
	_, asked := usedKeys(t)
	keys := readLocales(t)["en"]
	built := builtKeys()
	for key := range asked {
		if strings.HasSuffix(key, ".") && built[key] == nil {
			t.Errorf("the source asks for %q and something: add to builtKeys what it can be", key)
		}
	}
	for prefix, names := range built {
		if !asked[prefix] {
			t.Errorf("nothing asks for %q and something", prefix)
		}
		var there []string
		for key := range keys {
			if name, ok := strings.CutPrefix(key, prefix); ok {
				there = append(there, name)
			}
		}
		slices.Sort(there)
		if diff := cmp.Diff(slices.Sorted(slices.Values(names)), there); diff != "" {
			t.Errorf("texts that %q can be (-) and those that there are (+):\n%s", prefix, diff)
		}
	}
}

// A key that is no constant where it is used escapes the other tests.
func TestKeysAreConstants(t *testing.T) {
	calls := 0
	functions(t, func(f *ast.FuncDecl) {
		ast.Inspect(f, func(n ast.Node) bool {
			call, _, ok := askingCall(n)
			if !ok {
				return true
			}
			calls++
			if _, known := askedKey(call); !known && !slices.Contains(variableKeys, f.Name.Name) {
				t.Errorf("%s asks for a text whose key is neither a constant nor one and something", f.Name.Name)
			}
			return true
		})
	})
	if calls < 100 {
		t.Errorf("there are %d calls that ask for texts; is this test looking in the right place?", calls)
	}
}

var keyShape = regexp.MustCompile(`^[a-z_]+(\.[a-z_0-9]+)+$`)

// A constant that looks like a key is one, such as those in tables of keys.
func TestConstantsThatLookLikeKeys(t *testing.T) {
	constants, _ := usedKeys(t)
	keys := readLocales(t)["en"]
	groups := make(map[string]bool)
	for key := range keys {
		group, _, _ := strings.Cut(key, ".")
		groups[group] = true
	}
	for _, c := range slices.Sorted(maps.Keys(constants)) {
		group, _, _ := strings.Cut(c, ".")
		if keyShape.MatchString(c) && groups[group] && keys[c] == nil {
			t.Errorf("%q looks like the key of a text, and there is none", c)
		}
	}
}

// withoutPlural are texts with a number that no word has to agree with.
var withoutPlural = []string{"button.canary"}

func TestNumbersHavePlurals(t *testing.T) {
	plurals := 0
	for key, m := range readLocales(t)["en"] {
		counts := strings.Contains(m.Other, "{{.Count}}")
		if counts && m.One == "" && !slices.Contains(withoutPlural, key) {
			t.Errorf("%s has a number and no plural", key)
		}
		if m.One != "" {
			plurals++
		}
		if m.One != "" && !counts {
			t.Errorf("%s has a plural and no number", key)
		}
	}
	if plurals < 5 {
		t.Errorf("%d texts have a plural; is this test looking in the right place?", plurals)
	}
}

// maxNotice is how long the answer to a press may be, in characters
// (core.telegram.org/bots/api#answercallbackquery).
const maxNotice = 200

// Every text without markup can be the answer to a press, apart from those that
// are registered with Telegram, and words. Values may make it longer.
func TestPlainTextsFitNotices(t *testing.T) {
	plain := make(map[string]bool)
	functions(t, func(f *ast.FuncDecl) {
		ast.Inspect(f, func(n ast.Node) bool {
			if call, method, ok := askingCall(n); ok && method == "Plain" {
				if key, ok := askedKey(call); ok {
					plain[key] = true
				}
			}
			return true
		})
	})
	for tag, messages := range readLocales(t) {
		for key := range plain {
			if strings.HasPrefix(key, "profile.") || messages[key] == nil {
				continue
			}
			for form, text := range forms(messages[key]) {
				if n := utf8.RuneCountInString(text); n > maxNotice {
					t.Errorf("%s: %s (%s) has %d characters, want at most %d", tag, key, form, n, maxNotice)
				}
			}
		}
	}
}

var commandShape = regexp.MustCompile(`^[a-z0-9_]{1,32}$`)

// What is registered with Telegram is within its limits in every language:
// core.telegram.org/bots/api, setMyCommands, setMyDescription and
// setMyShortDescription.
func TestRegisteredTextsAreWithinLimits(t *testing.T) {
	c, err := talk.NewCatalog("")
	if err != nil {
		t.Fatal(err)
	}
	b := &registrar{talk: &talk.Talker{Catalog: c}}
	menu := slices.Concat(readerMenu, adminMenu, groupMenu)
	if len(menu) > 100 {
		t.Errorf("the menu has %d commands, want at most 100", len(menu))
	}
	within := func(what, text string, limit int) {
		if n := utf8.RuneCountInString(text); n < 1 || n > limit || strings.ContainsAny(text, "<>{}\n") {
			t.Errorf("%s is %q, want 1 to %d characters in one line without markup", what, text, limit)
		}
	}
	for _, r := range b.registrations() {
		s := c.SpeakerOf(r.tag, nil)
		if r.code != "" && len(r.code) != 2 {
			t.Errorf("%s is registered as %q, want two letters", r.tag, r.code)
		}
		for _, name := range menu {
			if !commandShape.MatchString(name) {
				t.Errorf("/%s is no name for a command", name)
			}
			within(r.tag.String()+" description of /"+name, s.Plain("menu."+name), 256)
		}
		within(r.tag.String()+" description", s.Plain("profile.about"), 512)
		within(r.tag.String()+" short description", s.Plain("profile.short"), 120)
	}
}

// The menu has the commands there are, and help says what they do.
func TestMenuAndHelpHaveAllCommands(t *testing.T) {
	c, err := talk.NewCatalog("")
	if err != nil {
		t.Fatal(err)
	}
	for name, todo := range idleBot(t).commandTable() {
		menu, help := readerMenu, "help.reader"
		if todo.admin {
			menu, help = adminMenu, "help.admin"
		}
		if name == "start" { // Telegram shows a button for it
			continue
		}
		if !slices.Contains(menu, name) && !slices.Contains(groupMenu, name) {
			t.Errorf("/%s is not in the menu", name)
		}
		for _, tag := range c.Tags {
			if s := c.SpeakerOf(tag, nil); !strings.Contains(s.HTML(help), "/"+name) {
				t.Errorf("%s: help does not mention /%s", tag, name)
			}
		}
	}
}
