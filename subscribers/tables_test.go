package subscribers_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// writtenTables returns the tables that the statements of a package change.
func writtenTables(t *testing.T, folder string) map[string]bool {
	t.Helper()
	tables := make(map[string]bool)
	statement := regexp.MustCompile(`(?:INSERT(?: OR [A-Z]+)? INTO|UPDATE(?: OR [A-Z]+)?|DELETE FROM) ([a-z_]+)`)
	for _, file := range must(filepath.Glob(filepath.Join(folder, "*.go")))(t) {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		for _, match := range statement.FindAllStringSubmatch(string(must(os.ReadFile(file))(t)), -1) {
			tables[match[1]] = true
		}
	}
	return tables
}

// A table is changed either by this package or by the archive.
func TestTablesHaveOneWriter(t *testing.T) {
	ours, archives := writtenTables(t, "."), writtenTables(t, "archive")
	for table := range ours {
		if archives[table] {
			t.Errorf("both subscribers and archive change %s", table)
		}
	}
	if !ours["deliveries"] || !ours["subscribers"] || !archives["issues"] || !archives["messages"] {
		t.Errorf("found that subscribers changes %v and archive %v", ours, archives)
	}
}
