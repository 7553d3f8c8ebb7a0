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
		"digestbot/bot", "digestbot/bot/check", "digestbot/bot/demo", "digestbot/bot/metrics", "digestbot/bot/ping", "digestbot/bot/settings", "digestbot/bot/site", "digestbot/bot/sourcing", "digestbot/bot/supervisor", "digestbot/bot/talk", "digestbot/bot/telegramsim/botapi", "digestbot/digest", "digestbot/scheduler",
		"digestbot/subscribers", "digestbot/subscribers/amend", "digestbot/subscribers/archive", "digestbot/subscribers/backup", "digestbot/subscribers/database", "digestbot/subscribers/intake", "digestbot/subscribers/intake/fetch", "digestbot/subscribers/roster",
	},
	"digestbot/bot": {
		"digestbot/bot/corrections", "digestbot/bot/delivery", "digestbot/bot/desk", "digestbot/bot/drafts", "digestbot/bot/feedback", "digestbot/bot/figures", "digestbot/bot/hosts", "digestbot/bot/newcomers", "digestbot/bot/reader", "digestbot/bot/rendition", "digestbot/bot/replies", "digestbot/bot/revision", "digestbot/bot/sender", "digestbot/bot/sourcing", "digestbot/bot/staff", "digestbot/bot/talk", "digestbot/bot/times", "digestbot/digest",
		"digestbot/subscribers", "digestbot/subscribers/intake",
	},
	"digestbot/bot/metrics":             {"digestbot/bot", "digestbot/bot/delivery", "digestbot/bot/ping", "digestbot/bot/sender", "digestbot/bot/sourcing", "digestbot/scheduler", "digestbot/subscribers", "digestbot/subscribers/database", "digestbot/subscribers/intake"},
	"digestbot/bot/desk":                {"digestbot/bot/delivery", "digestbot/bot/rendition", "digestbot/bot/sender", "digestbot/bot/talk", "digestbot/digest", "digestbot/subscribers", "digestbot/subscribers/archive", "digestbot/subscribers/feedback"},
	"digestbot/bot/feedback":            {"digestbot/bot/talk", "digestbot/subscribers", "digestbot/subscribers/archive", "digestbot/subscribers/feedback"},
	"digestbot/bot/replies":             {"digestbot/bot/sender", "digestbot/bot/talk", "digestbot/digest", "digestbot/subscribers", "digestbot/subscribers/archive", "digestbot/subscribers/replies"},
	"digestbot/bot/corrections":         {"digestbot/bot/revision", "digestbot/bot/sender", "digestbot/bot/talk", "digestbot/digest", "digestbot/subscribers", "digestbot/subscribers/archive"},
	"digestbot/bot/drafts":              {"digestbot/bot/rendition", "digestbot/bot/sender", "digestbot/bot/talk", "digestbot/digest", "digestbot/digest/document", "digestbot/digest/document/encoding", "digestbot/digest/document/fields", "digestbot/digest/document/markdown", "digestbot/subscribers", "digestbot/subscribers/archive", "digestbot/subscribers/intake"},
	"digestbot/bot/sourcing":            {"digestbot/bot/sender", "digestbot/bot/talk", "digestbot/subscribers", "digestbot/subscribers/archive", "digestbot/subscribers/intake"},
	"digestbot/bot/reader":              {"digestbot/bot/delivery", "digestbot/bot/rendition", "digestbot/bot/sender", "digestbot/bot/talk", "digestbot/bot/times", "digestbot/digest", "digestbot/digest/numerals", "digestbot/subscribers", "digestbot/subscribers/archive", "digestbot/subscribers/search"},
	"digestbot/bot/staff":               {"digestbot/bot/talk", "digestbot/digest", "digestbot/subscribers"},
	"digestbot/bot/hosts":               {"digestbot/bot/reader", "digestbot/bot/talk", "digestbot/digest", "digestbot/subscribers"},
	"digestbot/bot/newcomers":           {"digestbot/bot/sender", "digestbot/bot/talk", "digestbot/subscribers", "digestbot/subscribers/roster"},
	"digestbot/bot/times":               {"digestbot/bot/talk"},
	"digestbot/bot/talk":                {"digestbot/bot/sender", "digestbot/digest", "digestbot/digest/dates", "digestbot/subscribers", "digestbot/subscribers/archive"},
	"digestbot/bot/delivery":            {"digestbot/bot/rendition", "digestbot/bot/sender", "digestbot/digest", "digestbot/subscribers", "digestbot/subscribers/archive"},
	"digestbot/bot/revision":            {"digestbot/bot/rendition", "digestbot/bot/sender", "digestbot/digest", "digestbot/subscribers", "digestbot/subscribers/archive"},
	"digestbot/bot/rendition":           {"digestbot/bot/sender", "digestbot/digest", "digestbot/subscribers", "digestbot/subscribers/archive", "digestbot/subscribers/search"},
	"digestbot/bot/sender":              {"digestbot/digest", "digestbot/subscribers"},
	"digestbot/bot/check":               {"digestbot/bot/ping", "digestbot/bot/sender", "digestbot/bot/settings", "digestbot/digest", "digestbot/subscribers", "digestbot/subscribers/backup", "digestbot/subscribers/intake", "digestbot/subscribers/intake/fetch", "digestbot/subscribers/intake/sourceline"},
	"digestbot/bot/demo":                {"digestbot/bot/telegramsim"},
	"digestbot/bot/ping":                {"digestbot/subscribers"},
	"digestbot/bot/supervisor":          {},
	"digestbot/bot/typeface":            {"digestbot/digest"},
	"digestbot/bot/site":                {"digestbot/bot/talk", "digestbot/bot/typeface", "digestbot/digest", "digestbot/digest/numerals", "digestbot/digest/webpage", "digestbot/subscribers/archive", "digestbot/subscribers/database", "digestbot/subscribers/search"},
	"digestbot/bot/settings":            {"digestbot/bot", "digestbot/bot/ping", "digestbot/bot/replies", "digestbot/bot/site", "digestbot/bot/talk", "digestbot/digest/document/bounds", "digestbot/digest/spelling", "digestbot/scheduler", "digestbot/subscribers", "digestbot/subscribers/intake", "digestbot/subscribers/intake/fetch", "digestbot/subscribers/intake/sourceline"},
	"digestbot/bot/figures":             {"digestbot/bot/talk", "digestbot/bot/typeface", "digestbot/digest", "digestbot/subscribers", "digestbot/subscribers/feedback", "digestbot/subscribers/figures", "digestbot/subscribers/spreadsheet"},
	"digestbot/digest":                  {"digestbot/digest/dates", "digestbot/digest/numerals"},
	"digestbot/digest/dates":            {"digestbot/digest/numerals"},
	"digestbot/digest/numerals":         {},
	"digestbot/digest/spelling":         {},
	"digestbot/digest/webpage":          {"digestbot/digest"},
	"digestbot/scheduler":               {"digestbot/scheduler/walltime"},
	"digestbot/scheduler/walltime":      {},
	"digestbot/subscribers":             {"digestbot/digest", "digestbot/scheduler/walltime", "digestbot/subscribers/archive", "digestbot/subscribers/database", "digestbot/subscribers/feedback", "digestbot/subscribers/replies", "digestbot/subscribers/search", "digestbot/subscribers/sourcestore"},
	"digestbot/subscribers/sourcestore": {"digestbot/digest", "digestbot/subscribers/archive", "digestbot/subscribers/database"},
	"digestbot/subscribers/amend":       {"digestbot/digest", "digestbot/subscribers", "digestbot/subscribers/archive"},
	"digestbot/subscribers/archive":     {"digestbot/digest", "digestbot/digest/numerals", "digestbot/subscribers/database", "digestbot/subscribers/search"},
	"digestbot/subscribers/backup":      {"digestbot/subscribers", "digestbot/subscribers/database"},
	"digestbot/subscribers/database":    {},
	"digestbot/subscribers/feedback":    {"digestbot/subscribers/database"},
	"digestbot/subscribers/replies":     {"digestbot/subscribers/database"},
	"digestbot/subscribers/intake":      {"digestbot/digest", "digestbot/digest/dates", "digestbot/digest/document", "digestbot/subscribers", "digestbot/subscribers/archive", "digestbot/subscribers/intake/fetch", "digestbot/subscribers/intake/identity", "digestbot/subscribers/intake/roundup", "digestbot/subscribers/intake/sourceline", "digestbot/subscribers/sourcestore"},
	"digestbot/subscribers/roster":      {"digestbot/digest", "digestbot/digest/document/encoding", "digestbot/digest/spelling", "digestbot/subscribers", "digestbot/subscribers/archive", "digestbot/subscribers/database", "digestbot/subscribers/spreadsheet"},
	"digestbot/subscribers/search":      {"digestbot/digest"},
	"digestbot/subscribers/spreadsheet": {},
	"digestbot/subscribers/figures":     {"digestbot/digest", "digestbot/subscribers", "digestbot/subscribers/archive", "digestbot/subscribers/database", "digestbot/subscribers/feedback", "digestbot/subscribers/replies"},

	"digestbot/subscribers/intake/fetch":      {},
	"digestbot/subscribers/intake/identity":   {"digestbot/digest/document", "digestbot/subscribers/sourcestore"},
	"digestbot/subscribers/intake/roundup":    {"digestbot/digest", "digestbot/subscribers/intake/sourceline"},
	"digestbot/subscribers/intake/sourceline": {"digestbot/digest", "digestbot/digest/spelling"},

	// The stages of reading a document.
	"digestbot/digest/document":          {"digestbot/digest", "digestbot/digest/dates", "digestbot/digest/document/bounds", "digestbot/digest/document/cut", "digestbot/digest/document/encoding", "digestbot/digest/document/fields", "digestbot/digest/document/markdown", "digestbot/digest/document/note", "digestbot/digest/document/numbers", "digestbot/digest/document/outline", "digestbot/digest/document/page", "digestbot/digest/document/plain", "digestbot/digest/document/web", "digestbot/digest/numerals"},
	"digestbot/digest/document/bounds":   {"digestbot/digest"},
	"digestbot/digest/document/cards":    {"digestbot/digest"},
	"digestbot/digest/document/cut":      {"digestbot/digest", "digestbot/digest/document/numbers", "digestbot/digest/document/outline", "digestbot/digest/document/page", "digestbot/digest/document/plain", "digestbot/digest/document/web"},
	"digestbot/digest/document/encoding": {},
	"digestbot/digest/document/fields":   {"digestbot/digest/document/bounds"},
	"digestbot/digest/document/markdown": {"digestbot/digest", "digestbot/digest/document/bounds", "digestbot/digest/document/note", "digestbot/digest/document/page", "digestbot/digest/document/plain"},
	"digestbot/digest/document/note":     {"digestbot/digest", "digestbot/digest/document/plain"},
	"digestbot/digest/document/numbers":  {"digestbot/digest", "digestbot/digest/dates", "digestbot/digest/document/plain", "digestbot/digest/numerals"},
	"digestbot/digest/document/outline":  {"digestbot/digest", "digestbot/digest/dates", "digestbot/digest/document/numbers", "digestbot/digest/document/page", "digestbot/digest/document/plain"},
	"digestbot/digest/document/page":     {"digestbot/digest", "digestbot/digest/dates", "digestbot/digest/document/bounds", "digestbot/digest/document/cards", "digestbot/digest/document/fields", "digestbot/digest/document/note", "digestbot/digest/document/plain", "digestbot/digest/document/web"},
	"digestbot/digest/document/plain":    {"digestbot/digest"},
	"digestbot/digest/document/web":      {"digestbot/digest"},

	// The parts of the simulator.
	"digestbot/bot/telegramsim":        {"digestbot/bot/telegramsim/botapi", "digestbot/bot/telegramsim/markup", "digestbot/bot/telegramsim/speed"},
	"digestbot/bot/telegramsim/botapi": {},
	"digestbot/bot/telegramsim/markup": {},
	"digestbot/bot/telegramsim/speed":  {},

	// Only tests import these.
	"digestbot/internal/longtest":     {},
	"digestbot/internal/pipenet":      {},
	"digestbot/bot/telegramsim/tdlib": {},
	"digestbot/digest/digesttest":     {"digestbot/digest"},
	"digestbot/subscribers/storetest": {"digestbot/subscribers"},
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

// .ci/run finds the tests that are to run long by calls of package longtest, so those stand in
// tests.
func TestLongTestsAreFound(t *testing.T) {
	found := 0
	files, err := testFiles()
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		function := ""
		for line := range strings.Lines(file.text) {
			if strings.HasPrefix(line, "func ") {
				function = line
			}
			if strings.Contains(line, "longtest.Only(") || strings.Contains(line, "longtest.Rounds(") || strings.Contains(line, "longtest.Rounds[") {
				found++
				if !strings.HasPrefix(function, "func Test") && file.path != "imports_test.go" {
					t.Errorf("%s: %q is called in %q, so it never runs long", file.path, strings.TrimSpace(line), strings.TrimSpace(function))
				}
			}
		}
	}
	if found < 10 {
		t.Errorf("%d calls were found; is this test looking in the right place?", found)
	}
}
