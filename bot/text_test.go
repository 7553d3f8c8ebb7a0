package bot

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/BurntSushi/toml"
	"github.com/google/go-cmp/cmp"
	"github.com/nicksnyder/go-i18n/v2/i18n"

	"digestbot/bot/talk"
	"digestbot/digest"
)

// readLocales returns the messages of every language by key.
func readLocales(t *testing.T) map[string]map[string]*i18n.Message {
	t.Helper()
	files, err := fs.Glob(source, "talk/locales/*.toml")
	if err != nil || len(files) < 2 {
		t.Fatalf("locales are %q, %v; want two at least", files, err)
	}
	all := make(map[string]map[string]*i18n.Message)
	for _, file := range files {
		text, err := fs.ReadFile(source, file)
		if err != nil {
			t.Fatal(err)
		}
		parsed, err := i18n.ParseMessageFileBytes(text, file, map[string]i18n.UnmarshalFunc{"toml": toml.Unmarshal})
		if err != nil {
			t.Fatal(err)
		}
		messages := make(map[string]*i18n.Message)
		for _, m := range parsed.Messages {
			messages[m.ID] = m
		}
		all[parsed.Tag.String()] = messages
	}
	return all
}

// forms are the plural forms a message has.
func forms(m *i18n.Message) map[string]string {
	all := map[string]string{"zero": m.Zero, "one": m.One, "two": m.Two, "few": m.Few, "many": m.Many, "other": m.Other}
	maps.DeleteFunc(all, func(_, text string) bool { return text == "" })
	return all
}

// source is the folder of this package, where its tests run.
var source = os.DirFS(".")

// rooms are the folders with source that asks for texts.
var rooms = []string{"", "talk/", "times/", "reader/", "hosts/", "desk/", "drafts/", "corrections/", "staff/", "sourcing/", "site/", "newcomers/", "figures/", "feedback/", "replies/"}

var placeholder = regexp.MustCompile(`{{\.(\w+)}}`)

func placeholders(text string) []string {
	var names []string
	for _, match := range placeholder.FindAllStringSubmatch(text, -1) {
		names = append(names, match[1])
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func TestLanguagesSayTheSame(t *testing.T) {
	all := readLocales(t)
	english := all["en"]
	for tag, messages := range all {
		if diff := cmp.Diff(slices.Sorted(maps.Keys(english)), slices.Sorted(maps.Keys(messages))); diff != "" {
			t.Errorf("keys of en (-) and %s (+):\n%s", tag, diff)
		}
		for key, m := range messages {
			if english[key] == nil {
				continue
			}
			if m.Other == "" {
				t.Errorf("%s: %s has no text", tag, key)
			}
			want := placeholders(english[key].Other)
			if strings.HasPrefix(key, "date.") { // not every language names the weekday
				want = placeholders(m.Other)
			}
			for form, text := range forms(m) {
				if got := placeholders(text); !slices.Equal(got, want) {
					t.Errorf("%s: %s (%s) has placeholders %q, want %q", tag, key, form, got, want)
				}
				if strings.Count(text, "{{") != len(placeholder.FindAllString(text, -1)) {
					t.Errorf("%s: %s (%s) = %q: a placeholder is not {{.Name}}", tag, key, form, text)
				}
			}
		}
	}
}

// sourceFiles parses the package's source, without its tests.
func sourceFiles(t *testing.T) (all []*ast.File) {
	t.Helper()
	var files []string
	for _, room := range rooms {
		its, err := fs.Glob(source, room+"*.go")
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, its...)
	}
	if len(files) < 40 {
		t.Fatalf("source files are %q", files)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := fs.ReadFile(source, file)
		if err != nil {
			t.Fatal(err)
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, text, 0)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, parsed)
	}
	return all
}

// usedKeys returns the string constants of the package's source, and the keys
// of the texts it asks for. A key that ends with a dot is the beginning of one.
func usedKeys(t *testing.T) (constants, asked map[string]bool) {
	t.Helper()
	constants, asked = make(map[string]bool), make(map[string]bool)
	for _, parsed := range sourceFiles(t) {
		ast.Inspect(parsed, func(n ast.Node) bool {
			if s, ok := constant(n); ok {
				constants[s] = true
			}
			if key, ok := askedKey(n); ok {
				asked[key] = true
			}
			return true
		})
	}
	return constants, asked
}

func constant(n ast.Node) (string, bool) {
	literal, ok := n.(*ast.BasicLit)
	if !ok || literal.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(literal.Value)
	return s, err == nil
}

// askers are the methods of talk.Speaker that ask for a text.
var askers = []string{"Plain", "HTML", "List"}

// askedKey returns the first argument of a call of one of askers.
func askedKey(n ast.Node) (string, bool) {
	call, ok := n.(*ast.CallExpr)
	if !ok || len(call.Args) == 0 {
		return "", false
	}
	method, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || !slices.Contains(askers, method.Sel.Name) {
		return "", false
	}
	argument := call.Args[0]
	if sum, ok := argument.(*ast.BinaryExpr); ok {
		argument = sum.X
	}
	return constant(argument)
}

func TestEveryKeyIsThereAndUsed(t *testing.T) {
	constants, asked := usedKeys(t)
	keys := readLocales(t)["en"]
	if len(asked) < 50 {
		t.Fatalf("the source asks for %d keys; is this test looking in the right place?", len(asked))
	}
	for key := range asked {
		if keys[key] == nil && !strings.HasSuffix(key, ".") {
			t.Errorf("the source asks for %q, which no language has", key)
		}
	}
	for key := range keys {
		group, _, _ := strings.Cut(key, ".")
		if !constants[key] && !asked[group+"."] {
			t.Errorf("%q is not used", key)
		}
	}
	for _, name := range slices.Concat(readerMenu, adminMenu, ownerMenu) {
		if keys["menu."+name] == nil {
			t.Errorf("/%s has no description", name)
		}
	}
}

// Limits of Telegram: core.telegram.org/bots/api, setMyCommands, answerCallbackQuery,
// setMyDescription, setMyShortDescription.
func TestTextsAreWithinLimits(t *testing.T) {
	limits := map[string]int{"menu.": 256, "press.": 200, "rights.": 200, "status.": 200, "profile.about": 512, "profile.short": 120}
	for tag, messages := range readLocales(t) {
		for key, m := range messages {
			for prefix, limit := range limits {
				if strings.HasPrefix(key, prefix) && len([]rune(m.Other)) > limit {
					t.Errorf("%s: %s has %d characters, want at most %d", tag, key, len([]rune(m.Other)), limit)
				}
			}
		}
	}
}

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
		"menu.":       slices.Concat(readerMenu, adminMenu, ownerMenu, groupMenu),
		"profile.":    {"about", "short"},
		"month.":      numbers(1, 12),
		"weekday.":    numbers(0, 6),
		"words.":      wordCommands,
		"length.":     {"day", "week", "month", "year"},
		"often_name.": {"every", "second", "fourth", "monthly"},
		"deed.":       append(deeds(), "pause_canary", "pause_program", "remove_self"),

		"reply_failed.":  {"uncopied", "muted"},
		"answer_failed.": {"uncopied", "blocked"},
		"short_weekday.": numbers(0, 6),
		"layout_name.":   {string(digest.LayoutSections), string(digest.LayoutAuto), string(digest.LayoutCompact), string(digest.LayoutRich)},
	}
}

// variableKeys are the functions that ask for a text by a key they were given;
// the keys are constants elsewhere, so that the test for those knows them.
var variableKeys = []string{"editorsView", "reason", "zoneView", "whyNothing", "List"}

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

// askingCall reports whether a call asks for a text, and by which method.
func askingCall(n ast.Node) (call *ast.CallExpr, method string, ok bool) {
	call, ok = n.(*ast.CallExpr)
	if !ok || len(call.Args) == 0 {
		return nil, "", false
	}
	selector, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || !slices.Contains(askers, selector.Sel.Name) {
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
var withoutPlural = []string{"button.canary", "draft.more_warnings", "status.unconfirmed"}

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
			if strings.HasPrefix(key, "profile.") || key == "zone.names" || messages[key] == nil {
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

// Texts registered with Telegram are within its limits in every language:
// core.telegram.org/bots/api, setMyCommands, setMyDescription and
// setMyShortDescription.
func TestRegisteredTextsAreWithinLimits(t *testing.T) {
	c, err := talk.NewCatalog("")
	if err != nil {
		t.Fatal(err)
	}
	b := &registrar{talk: &talk.Talker{Catalog: c}}
	menu := slices.Concat(readerMenu, adminMenu, ownerMenu, groupMenu)
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
		if todo.by >= botEditors {
			menu, help = adminMenu, "help.admin"
		}
		if todo.by == botOwners {
			menu, help = ownerMenu, "help.owner"
		}
		if name == "start" { // Telegram shows a button for it
			continue
		}
		if !slices.Contains(menu, name) && !slices.Contains(groupMenu, name) {
			t.Errorf("/%s is not in the menu", name)
		}
		for _, tag := range c.Tags {
			if s := c.SpeakerOf(tag, nil); !strings.Contains(s.HTML(help)+s.HTML("help.hosts"), "/"+name) {
				t.Errorf("%s: help does not mention /%s", tag, name)
			}
		}
	}
}

// The line about hidden items fits into the room that messages keep for it.
func TestHiddenLineFits(t *testing.T) {
	c, err := talk.NewCatalog("")
	if err != nil {
		t.Fatal(err)
	}
	for _, tag := range c.Tags {
		line := c.SpeakerOf(tag, time.UTC).Plain("keywords.hidden", talk.Values{"Count": 99_999})
		if n := digest.Units(line); n > digest.MaxHidden || !strings.Contains(line, "99") {
			t.Errorf("%s: %q has %d units, room is for %d", tag, line, n, digest.MaxHidden)
		}
	}
}

// Layouts have names of their own: none is called as the button that chooses sections.
func TestLayoutsAreNotCalledSections(t *testing.T) {
	for tag, messages := range readLocales(t) {
		of := map[string]string{digest.SectionKey(messages["button.sections"].Other): "the button of sections"}
		for _, name := range builtKeys()["layout_name."] {
			key := digest.SectionKey(messages["layout_name."+name].Other)
			if other := of[key]; other != "" {
				t.Errorf("%s: layout %s and %s are both called %q", tag, name, other, key)
			}
			of[key] = "layout " + name
		}
	}
}
