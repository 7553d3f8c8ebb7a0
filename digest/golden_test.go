package digest_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"digestbot/digest"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// goldenInputs returns testdata/<group>/<name>.in.<ext>. It fails when there
// are none: a pattern that matches nothing would test nothing.
func goldenInputs(t testing.TB) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("testdata", "*", "*.in.*"))
	if err != nil {
		t.Fatal(err)
	}
	if len(paths) == 0 {
		t.Fatal("no golden inputs found in testdata")
	}
	return paths
}

// golden is what a golden file records of an issue.
type golden struct {
	Key, Source string
	Preview     digest.Preview
}

// TestGolden compares what documents are parsed to, and the messages they
// become, with the files beside them.
func TestGolden(t *testing.T) {
	for _, path := range goldenInputs(t) {
		base, _, _ := strings.Cut(path, ".in.")
		t.Run(filepath.Base(base), func(t *testing.T) {
			document, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			issues, err := digest.ParseAll(filepath.Base(path), document)
			if err != nil {
				t.Fatalf("ParseAll = %v", err)
			}
			records := make([]golden, len(issues))
			for i, issue := range issues {
				checkIssue(t, issue)
				records[i] = golden{issue.Key, issue.Original, issue.Preview(time.Now())}
			}
			var got bytes.Buffer
			encoder := json.NewEncoder(&got)
			encoder.SetEscapeHTML(false)
			encoder.SetIndent("", "  ")
			if err := encoder.Encode(records); err != nil {
				t.Fatal(err)
			}
			if *update {
				if err := os.WriteFile(base+".golden", got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(base + ".golden")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got.String()); diff != "" {
				t.Errorf("%s (-want +got), go test -update accepts it:\n%s", path, diff)
			}
		})
	}
}
