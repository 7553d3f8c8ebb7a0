package site_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"digestbot/digest/document"
)

// The checker of the W3C finds no error on any page, whatever documents are in it.
// DIGESTBOT_VNU is its jar file: npm install vnu-jar.
func TestPagesAreValid(t *testing.T) {
	jar := os.Getenv("DIGESTBOT_VNU")
	if jar == "" {
		t.Skip("DIGESTBOT_VNU is not set to the vnu.jar of npm's vnu-jar")
	}
	w := newWorld(t)
	files, err := filepath.Glob("../../digest/document/testdata/*/*.in.*")
	if err != nil || len(files) < 5 {
		t.Fatalf("documents are %q, %v", files, err)
	}
	for i, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		issues, err := document.ParseAll(name, text)
		if err != nil {
			continue // some are there because they are refused
		}
		for n, issue := range issues {
			issue.Key = fmt.Sprintf("%d-%d", i, n)
			if _, _, err := w.store.SaveIssue(t.Context(), issue, name, []byte(issue.Key)); err != nil {
				t.Fatal(err)
			}
		}
	}
	for n, text := range []string{"# النشرة\n\n## أخبار\n\n### المكتبة\nنص.\n", "# <b>x</b> & \"y\"\n\nText with ||a [link](https://example.org/)|| in it.\n\n||secret||\n\n5. five\n6. six\n\n> quoted\n"} {
		w.save(9000+n, "2026-01-02", text)
	}
	dir := t.TempDir()
	done, err := newSite(t, w.store, publicURL, true).WriteTo(t.Context(), dir)
	if err != nil || done.Issues < 10 {
		t.Fatalf("WriteTo = %+v, %v", done, err)
	}
	for name, text := range map[string]string{"search.html": w.get("search/?q=the", 200), "served.html": w.get("", 200)} {
		write(t, dir, name, text)
	}
	out, err := exec.Command("java", "-jar", jar, "--errors-only", "--also-check-css", "--skip-non-html", "--format", "gnu", dir).CombinedOutput()
	if err != nil || strings.TrimSpace(string(out)) != "" {
		t.Errorf("%v\n%s", err, out)
	}
	t.Logf("%d issues are valid", done.Issues)
}
