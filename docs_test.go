package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// pages are what people read of the project.
func pages(t *testing.T) map[string]string {
	t.Helper()
	paths, err := filepath.Glob("docs/*.md")
	if err != nil || len(paths) == 0 {
		t.Fatalf("docs: %v, %v", paths, err)
	}
	all := make(map[string]string)
	for _, path := range append(paths, "README.md", "CHANGELOG.md") {
		all[path] = readText(t, path)
	}
	return all
}

func readText(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestLinksInTheDocsLeadSomewhere(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)#:]+)\)`)
	found := 0
	for page, text := range pages(t) {
		for _, m := range link.FindAllStringSubmatch(text, -1) {
			found++
			if _, err := os.Stat(filepath.Join(filepath.Dir(page), m[1])); err != nil {
				t.Errorf("%s: %v", page, err)
			}
		}
	}
	if found == 0 {
		t.Error("there are no links")
	}
}

// Every file in docs is linked from the README, pictures included.
func TestReadmeLinksAllOfTheDocs(t *testing.T) {
	readme := readText(t, "README.md")
	files, err := filepath.Glob("docs/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		mustContain(t, "README.md", readme, "]("+filepath.ToSlash(file)+")")
	}
}

// The docs say which test holds what, so that test must be there.
func TestTestsNamedInTheDocsExist(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", "{{$d := .Dir}}{{range .TestGoFiles}}{{$d}}/{{.}}\n{{end}}{{range .XTestGoFiles}}{{$d}}/{{.}}\n{{end}}", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var source strings.Builder
	for path := range strings.FieldsSeq(string(out)) {
		source.WriteString(readText(t, path))
	}
	name := regexp.MustCompile("`((?:Test|Fuzz)[A-Z][A-Za-z0-9]*)`")
	found := 0
	for page, text := range pages(t) {
		for _, m := range name.FindAllStringSubmatch(text, -1) {
			found++
			if !strings.Contains(source.String(), "\nfunc "+m[1]+"(") {
				t.Errorf("%s names %s, which is not there", page, m[1])
			}
		}
	}
	if found == 0 {
		t.Error("no tests are named")
	}
}

// The commands of the menu are those in the README.
func TestReadmeNamesEveryCommand(t *testing.T) {
	readme := readText(t, "README.md")
	_, menu, _ := strings.Cut(readText(t, "bot/talk/locales/active.en.toml"), "\n[menu]\n")
	menu, _, _ = strings.Cut(menu, "\n\n")
	lines := strings.Split(menu, "\n")
	if len(lines) < 10 {
		t.Fatalf("the menu is %q", menu)
	}
	for _, line := range lines {
		name, _, _ := strings.Cut(line, " = ")
		mustContain(t, "README.md", readme, "`/"+name)
	}
}

var (
	inBackticks = regexp.MustCompile("`([^`\\n]+)`")
	goName      = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.]*$`)
)

// Names and files that the page on the architecture speaks of are there.
func TestArchitectureIsTrue(t *testing.T) {
	declared, files := declaredNames(t)
	checked := 0
	for _, m := range inBackticks.FindAllStringSubmatch(readText(t, "docs/architecture.md"), -1) {
		name := m[1]
		switch {
		case strings.HasSuffix(name, ".go"), strings.HasSuffix(name, ".toml") && !strings.Contains(name, "<"):
			if !slices.ContainsFunc(files, func(file string) bool { return file == name || strings.HasSuffix(file, "/"+name) }) {
				t.Errorf("there is no file %s", name)
			}
		case strings.Contains(name, "/"):
			if _, err := os.Stat(name); err != nil && !strings.Contains(name, "<") {
				t.Errorf("there is no %s", name)
			}
		case goName.MatchString(name) && !strings.HasPrefix(name, "Test"):
			if last := name[strings.LastIndex(name, ".")+1:]; !declared[last] {
				t.Errorf("nothing is called %s", name)
			}
		default:
			continue
		}
		checked++
	}
	if checked < 50 {
		t.Errorf("%d names were checked; is this test looking in the right place?", checked)
	}
}

// declaredNames returns the names of everything that the source declares, packages
// included, and the paths of all files.
func declaredNames(t *testing.T) (declared map[string]bool, files []string) {
	t.Helper()
	declared = make(map[string]bool)
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		files = append(files, filepath.ToSlash(path))
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		declared[file.Name.Name] = true
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				declared[n.Name.Name] = true
			case *ast.TypeSpec:
				declared[n.Name.Name] = true
			case *ast.ValueSpec:
				for _, name := range n.Names {
					declared[name.Name] = true
				}
			case *ast.Field:
				for _, name := range n.Names {
					declared[name.Name] = true
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return declared, files
}
