package document_test

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
	"digestbot/digest/digesttest"
	"digestbot/digest/document"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// goldenInput is the document testdata/<group>/<name>.in.<ext>.
type goldenInput struct {
	name     string // <name>
	file     string // <name>.in.<ext>
	golden   string // path of the golden file
	document []byte
}

// goldenInputs reads all of them. It fails if there are none: a pattern that
// matches nothing would test nothing.
func goldenInputs(t testing.TB) []goldenInput {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("testdata", "*", "*.in.*"))
	if err != nil {
		t.Fatal(err)
	}
	if len(paths) == 0 {
		t.Fatal("no golden inputs found in testdata")
	}
	inputs := make([]goldenInput, len(paths))
	for i, path := range paths {
		document, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		base, _, _ := strings.Cut(path, ".in.")
		inputs[i] = goldenInput{filepath.Base(base), filepath.Base(path), base + ".golden", document}
	}
	return inputs
}

// golden is what a golden file records of an issue.
type golden struct {
	Key, Source string
	Preview     digest.Preview
}

// TestGolden compares the issues that documents become, and their messages, with
// the golden files beside them.
func TestGolden(t *testing.T) {
	for _, in := range goldenInputs(t) {
		t.Run(in.name, func(t *testing.T) {
			issues, err := document.ParseAll(in.file, in.document)
			if err != nil {
				t.Fatalf("ParseAll = %v", err)
			}
			records := make([]golden, len(issues))
			for i, issue := range issues {
				digesttest.CheckIssue(t, issue)
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
				if err := os.WriteFile(in.golden, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(in.golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got.String()); diff != "" {
				t.Errorf("%s (-want +got), go test -update accepts it:\n%s", in.golden, diff)
			}
		})
	}
}
