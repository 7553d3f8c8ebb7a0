package bot

import (
	"io/fs"
	"log/slog"
	"os"
	"regexp"
	"strings"
	"testing"

	"digestbot/bot/talk"
	"go/ast"
	"go/parser"
	"go/token"
)

// Every action of a button is in the table, and the table has no other.
func TestEveryActionIsDone(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "talk/actions.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	table, actions := idleBot(t).pressTable(), 0
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || !strings.HasPrefix(spec.Names[0].Name, "Act") {
			return true
		}
		actions++
		name, _ := constant(spec.Values[0])
		if table[talk.Action(name)].run == nil {
			t.Errorf("nothing happens when a button %s is pressed", spec.Names[0].Name)
		}
		return true
	})
	if actions == 0 || actions != len(table) {
		t.Errorf("there are %d actions, and %d in the table", actions, len(table))
	}
}

// idleBot returns a Bot that talks to nobody.
func idleBot(t *testing.T) *Bot {
	t.Helper()
	b, err := New(Config{Token: "123456:AAtoken", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// deeds are the keys of the deeds that the audit may have.
func deeds() (all []string) {
	text, err := fs.ReadFile(os.DirFS(".."), "subscribers/audit.go")
	if err != nil {
		return nil
	}
	for _, match := range regexp.MustCompile(`Deed += "([a-z ]+)"`).FindAllStringSubmatch(string(text), -1) {
		all = append(all, strings.ReplaceAll(match[1], " ", "_"))
	}
	return all
}
