package subscribers_test

import (
	"maps"
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

// A table is changed either by this package, with its part roster, by the archive, by
// sourcestore, by feedback or by replies.
func TestTablesHaveOneWriter(t *testing.T) {
	ours, archives, sources := writtenTables(t, "."), writtenTables(t, "archive"), writtenTables(t, "sourcestore")
	maps.Copy(ours, writtenTables(t, "roster"))
	for table := range ours {
		if archives[table] || sources[table] {
			t.Errorf("subscribers and another package change %s", table)
		}
	}
	for table := range sources {
		if archives[table] {
			t.Errorf("both sourcestore and archive change %s", table)
		}
	}
	for table := range writtenTables(t, "feedback") {
		if ours[table] || archives[table] || sources[table] {
			t.Errorf("both feedback and another package change %s", table)
		}
	}
	letters := writtenTables(t, "replies")
	for table := range letters {
		if ours[table] || archives[table] || sources[table] || writtenTables(t, "feedback")[table] {
			t.Errorf("both replies and another package change %s", table)
		}
	}
	if !ours["deliveries"] || !ours["subscribers"] || !archives["issues"] || !archives["messages"] || !sources["entries"] || !letters["letters"] {
		t.Errorf("found that subscribers changes %v, archive %v and sourcestore %v", ours, archives, sources)
	}
}
