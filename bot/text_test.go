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

	"github.com/BurntSushi/toml"
	"github.com/google/go-cmp/cmp"
	"github.com/nicksnyder/go-i18n/v2/i18n"
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
var rooms = []string{"", "talk/", "reader/", "desk/"}

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

// askedKey returns the first argument of a call of plain or html.
func askedKey(n ast.Node) (string, bool) {
	call, ok := n.(*ast.CallExpr)
	if !ok || len(call.Args) == 0 {
		return "", false
	}
	method, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || method.Sel.Name != "Plain" && method.Sel.Name != "HTML" {
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
	for _, name := range append(slices.Clone(readerMenu), adminMenu...) {
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
