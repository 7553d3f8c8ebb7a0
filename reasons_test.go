package main

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

// Everything that somebody hostile may try has a test, which TestTestsNamedInTheDocsExist finds.
func TestSecurityHasTests(t *testing.T) {
	named := regexp.MustCompile("`(Test|Fuzz)[A-Z]")
	rows, tested := 0, false
	for line := range strings.Lines(readText(t, "docs/security.md")) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		last := strings.TrimSpace(cells[len(cells)-1])
		switch {
		case !strings.HasPrefix(line, "|"):
			tested = false
		case last == "test":
			tested = true
		case tested && !strings.HasPrefix(line, "|---"):
			if rows++; !named.MatchString(last) {
				t.Errorf("no test is named for %q", strings.TrimSpace(cells[0]))
			}
		}
	}
	if rows < 35 {
		t.Errorf("%d rows were found; is this test looking in the right place?", rows)
	}
}

// Each library that go.mod names has its reasons, and none is explained that is gone.
func TestDependenciesAreExplained(t *testing.T) {
	direct, _, _ := strings.Cut(readText(t, "go.mod"), "// indirect")
	named := regexp.MustCompile(`(?m)^\t(\S+) v\S+$`).FindAllStringSubmatch(direct, -1)
	rows := regexp.MustCompile("(?m)^\\| `([^`]+)` \\|").FindAllStringSubmatch(readText(t, "docs/dependencies.md"), -1)
	var want, got []string
	for _, m := range named {
		want = append(want, m[1])
	}
	for _, m := range rows {
		got = append(got, m[1])
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := gocmp.Diff(want, got); diff != "" || len(want) == 0 {
		t.Errorf("what docs/dependencies.md explains is not what go.mod asks for (-go.mod +docs):\n%s", diff)
	}
}
