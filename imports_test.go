package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// allowedImports says which of our packages each may import, tests aside. No
// arrow points up or sideways; what would want one gets a function from main.
var allowedImports = map[string][]string{
	"digestbot": {
		"digestbot/bot", "digestbot/bot/demo", "digestbot/bot/settings", "digestbot/bot/talk", "digestbot/digest", "digestbot/scheduler",
		"digestbot/subscribers", "digestbot/subscribers/archive", "digestbot/subscribers/intake",
	},
	"digestbot/bot": {
		"digestbot/bot/delivery", "digestbot/bot/desk", "digestbot/bot/hosts", "digestbot/bot/reader", "digestbot/bot/sender", "digestbot/bot/talk", "digestbot/bot/times", "digestbot/digest",
		"digestbot/subscribers",
	},
	"digestbot/bot/desk":             {"digestbot/bot/delivery", "digestbot/bot/sender", "digestbot/bot/talk", "digestbot/digest", "digestbot/subscribers", "digestbot/subscribers/archive"},
	"digestbot/bot/reader":           {"digestbot/bot/delivery", "digestbot/bot/sender", "digestbot/bot/talk", "digestbot/bot/times", "digestbot/digest", "digestbot/subscribers", "digestbot/subscribers/archive", "digestbot/subscribers/search"},
	"digestbot/bot/hosts":            {"digestbot/bot/reader", "digestbot/bot/talk", "digestbot/digest", "digestbot/subscribers"},
	"digestbot/bot/times":            {"digestbot/bot/talk"},
	"digestbot/bot/talk":             {"digestbot/bot/sender", "digestbot/digest", "digestbot/subscribers", "digestbot/subscribers/archive"},
	"digestbot/bot/delivery":         {"digestbot/bot/sender", "digestbot/digest", "digestbot/subscribers", "digestbot/subscribers/archive", "digestbot/subscribers/search"},
	"digestbot/bot/sender":           {"digestbot/digest", "digestbot/subscribers"},
	"digestbot/bot/demo":             {"digestbot/bot/telegramsim"},
	"digestbot/bot/settings":         {"digestbot/bot", "digestbot/bot/talk", "digestbot/scheduler", "digestbot/subscribers", "digestbot/subscribers/intake"},
	"digestbot/digest":               {},
	"digestbot/scheduler":            {"digestbot/scheduler/walltime"},
	"digestbot/scheduler/walltime":   {},
	"digestbot/subscribers":          {"digestbot/digest", "digestbot/scheduler/walltime", "digestbot/subscribers/archive", "digestbot/subscribers/database", "digestbot/subscribers/search"},
	"digestbot/subscribers/archive":  {"digestbot/digest", "digestbot/subscribers/database", "digestbot/subscribers/search"},
	"digestbot/subscribers/database": {},
	"digestbot/subscribers/intake":   {"digestbot/digest", "digestbot/digest/document", "digestbot/subscribers", "digestbot/subscribers/archive"},
	"digestbot/subscribers/search":   {"digestbot/digest"},

	// The stages of reading a document.
	"digestbot/digest/document": {
		"digestbot/digest", "digestbot/digest/document/bounds", "digestbot/digest/document/cut", "digestbot/digest/document/encoding", "digestbot/digest/document/fields",
		"digestbot/digest/document/markdown", "digestbot/digest/document/note", "digestbot/digest/document/numbers", "digestbot/digest/document/outline",
		"digestbot/digest/document/page", "digestbot/digest/document/plain", "digestbot/digest/document/web",
	},
	"digestbot/digest/document/bounds":   {"digestbot/digest"},
	"digestbot/digest/document/cut":      {"digestbot/digest", "digestbot/digest/document/numbers", "digestbot/digest/document/outline", "digestbot/digest/document/page", "digestbot/digest/document/plain", "digestbot/digest/document/web"},
	"digestbot/digest/document/encoding": {},
	"digestbot/digest/document/fields":   {"digestbot/digest/document/bounds"},
	"digestbot/digest/document/markdown": {"digestbot/digest", "digestbot/digest/document/bounds", "digestbot/digest/document/note", "digestbot/digest/document/page", "digestbot/digest/document/plain"},
	"digestbot/digest/document/note":     {"digestbot/digest", "digestbot/digest/document/plain"},
	"digestbot/digest/document/numbers":  {"digestbot/digest", "digestbot/digest/document/plain"},
	"digestbot/digest/document/outline":  {"digestbot/digest", "digestbot/digest/document/numbers", "digestbot/digest/document/page", "digestbot/digest/document/plain"},
	"digestbot/digest/document/page":     {"digestbot/digest", "digestbot/digest/document/bounds", "digestbot/digest/document/fields", "digestbot/digest/document/note", "digestbot/digest/document/plain", "digestbot/digest/document/web"},
	"digestbot/digest/document/plain":    {"digestbot/digest"},
	"digestbot/digest/document/web":      {"digestbot/digest"},

	// The parts of the simulator.
	"digestbot/bot/telegramsim":        {"digestbot/bot/telegramsim/botapi", "digestbot/bot/telegramsim/markup", "digestbot/bot/telegramsim/speed"},
	"digestbot/bot/telegramsim/botapi": {},
	"digestbot/bot/telegramsim/markup": {},
	"digestbot/bot/telegramsim/speed":  {},

	// Only tests import these.
	"digestbot/bot/telegramsim/tdlib": {},
	"digestbot/digest/digesttest":     {"digestbot/digest"},
}

// listedPackage is what `go list -json` prints of a package.
type listedPackage struct {
	ImportPath string
	Imports    []string
}

func TestImportsGoOneWay(t *testing.T) {
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	seen := 0
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; seen++ {
		var p listedPackage
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		allowed, known := allowedImports[p.ImportPath]
		if !known {
			t.Errorf("%s is not in the table of allowed imports", p.ImportPath)
		}
		for _, imported := range p.Imports {
			ours := imported == "digestbot" || strings.HasPrefix(imported, "digestbot/")
			if ours && !slices.Contains(allowed, imported) {
				t.Errorf("%s imports %s, which it may not", p.ImportPath, imported)
			}
		}
	}
	if seen == 0 {
		t.Error("go list found no packages")
	}
}
