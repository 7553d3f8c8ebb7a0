package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"iter"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

// pages are what people read of the project.
func pages(t *testing.T) map[string]string {
	t.Helper()
	paths, err := filepath.Glob("docs/*.md")
	if err != nil || len(paths) == 0 {
		t.Fatalf("docs: %v, %v", paths, err)
	}
	deploy, err := filepath.Glob("deploy/*/README.md")
	if err != nil || len(deploy) == 0 {
		t.Fatalf("deploy: %v, %v", deploy, err)
	}
	all := make(map[string]string)
	for _, path := range slices.Concat(paths, deploy, readmes(), []string{"CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "deploy/README.md"}) {
		all[filepath.ToSlash(path)] = readText(t, path)
	}
	return all
}

// readmes are the README in each language, the English one first.
func readmes() []string { return []string{"README.md", "README.zh-CN.md"} }

// inEachReadme runs a test with each README.
func inEachReadme(t *testing.T, test func(t *testing.T, name, readme string)) {
	t.Helper()
	for _, name := range readmes() {
		t.Run(name, func(t *testing.T) { test(t, name, readText(t, name)) })
	}
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

// Every file in docs is linked from each README, pictures included, which it shows in its own
// language.
func TestReadmeLinksAllOfTheDocs(t *testing.T) {
	inEachReadme(t, func(t *testing.T, name, readme string) {
		files, err := filepath.Glob("docs/*")
		if err != nil || len(files) == 0 {
			t.Fatalf("docs: %v, %v", files, err)
		}
		for _, file := range files {
			if isChinese := strings.HasSuffix(file, "-zh.png"); strings.HasSuffix(file, ".png") && isChinese != (name == "README.zh-CN.md") {
				continue
			}
			mustContain(t, name, readme, "]("+filepath.ToSlash(file)+")")
		}
	})
}

// The READMEs have the same sections, with the same rows of tables, commands, settings, links
// and pictures in each.
func TestReadmesSayTheSame(t *testing.T) {
	want := outlineOf(t, "README.md")
	parts := 0
	for _, section := range want {
		parts += len(section)
	}
	if parts < 150 {
		t.Fatalf("%d parts were found; is this test looking in the right place?", parts)
	}
	if diff := gocmp.Diff(want, outlineOf(t, "README.zh-CN.md")); diff != "" {
		t.Errorf("README.zh-CN.md is not README.md in Chinese (-README.md +README.zh-CN.md):\n%s", diff)
	}
}

// outlineOf returns what is the same in each language of a README: for each section the level
// of its heading, and in alphabetical order, as languages put words in theirs, what else is.
func outlineOf(t *testing.T, name string) (sections [][]string) {
	t.Helper()
	heading := regexp.MustCompile(`(?m)^#+ `)
	fixed := regexp.MustCompile("(?m)^\\| *(`[^`]+`|\\[`[^`]+`\\]|\\d+)" + // first cell of a row
		`|\]\(([^)#]+)\)` + // link or picture
		"|`(/[a-z]+|--[a-z-]+|DIGESTBOT_[A-Z_]+|digestbot [a-z]+)" +
		`|^ *((?:\./|go )[^#\n]*)`) // command line
	text := strings.NewReplacer("-zh.png)", ".png)", "README.zh-CN.md", "", "README.md", "", "Asia/Shanghai", "Europe/Berlin").Replace(readText(t, name))
	levels := heading.FindAllString(text, -1)
	for i, section := range heading.Split(text, -1) {
		var parts []string
		for _, m := range fixed.FindAllStringSubmatch(section, -1) {
			parts = append(parts, strings.TrimSpace(strings.Join(m[1:], "")))
		}
		slices.Sort(parts)
		if i > 0 {
			parts = append([]string{strings.TrimSpace(levels[i-1])}, parts...)
		}
		sections = append(sections, parts)
	}
	return sections
}

// testSource returns the source of all tests in packages, which are named as on the command
// line of go: "./..." and "./bot", but no other patterns.
func testSource(t *testing.T, packages ...string) string {
	t.Helper()
	files, err := testFiles()
	if err != nil {
		t.Fatal(err)
	}
	var source strings.Builder
	for _, pack := range packages {
		for _, file := range files {
			if folder := path.Clean(strings.TrimSuffix(pack, "...")); pack == "./..." || path.Dir(file.path) == folder {
				source.WriteString(file.text)
			}
		}
	}
	return source.String()
}

// testFile is a file with tests; its path is relative to the top folder, with slashes.
type testFile struct{ path, text string }

// testFiles reads all files with tests, once.
var testFiles = sync.OnceValues(func() (files []testFile, err error) {
	err = filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		files = append(files, testFile{filepath.ToSlash(path), string(text)})
		return err
	})
	return files, err
})

// The docs say which test holds what, so that test must be there.
func TestTestsNamedInTheDocsExist(t *testing.T) {
	source := testSource(t, "./...")
	name := regexp.MustCompile("`((?:Test|Fuzz)[A-Z][A-Za-z0-9]*)`")
	found := 0
	for page, text := range pages(t) {
		for _, m := range name.FindAllStringSubmatch(text, -1) {
			found++
			if !strings.Contains(source, "\nfunc "+m[1]+"(") {
				t.Errorf("%s names %s, which is not there", page, m[1])
			}
		}
	}
	if found == 0 {
		t.Error("no tests are named")
	}
}

// Each fault of the machine and the network that is documented has a test.
func TestEveryFaultHasATest(t *testing.T) {
	_, table, _ := strings.Cut(readText(t, "docs/operating-faults.md"), "|---|---|---|---|---|\n")
	table, _, _ = strings.Cut(table, "\n\n")
	rows := 0
	for line := range strings.Lines(table) {
		rows++
		if cells := strings.Split(line, " | "); len(cells) != 5 || !strings.Contains(cells[4], "`Test") {
			t.Errorf("the row %q has no test, or not what the bot does, what admins see and what to do", line)
		}
	}
	if rows < 10 {
		t.Errorf("the table has %d rows", rows)
	}
}

// What breaks comes first in each part of the changelog, as the page on upgrading says.
func TestChangelogSaysWhatBreaks(t *testing.T) {
	mustContain(t, "docs/upgrading.md", readText(t, "docs/upgrading.md"), "*Breaking*")
	releases := strings.Split(readText(t, "CHANGELOG.md"), "\n## ")[1:]
	if len(releases) == 0 {
		t.Fatal("there are no releases")
	}
	for _, release := range releases {
		name, text, _ := strings.Cut(release, "\n")
		if text = strings.TrimSpace(text); !strings.HasPrefix(text, "### Breaking\n") {
			t.Errorf("%s: before anything else say what breaks under ### Breaking, also if nothing does", name)
		}
	}
}

// The program logs what the operating guide says that it logs, word by word.
func TestLogInTheGuideIsTrue(t *testing.T) {
	_, table, _ := strings.Cut(readText(t, "docs/operating.md"), "| it says | it means | you do |\n")
	table, _, _ = strings.Cut(table, "\n\n")
	_, files := declaredNames(t)
	var source strings.Builder
	for _, file := range files {
		if strings.HasSuffix(file, ".go") && !strings.HasSuffix(file, "_test.go") {
			source.WriteString(readText(t, file))
		}
	}
	rows := 0
	for line := range strings.Lines(table) {
		says, _, _ := strings.Cut(strings.TrimPrefix(line, "| "), " | ")
		for _, m := range inBackticks.FindAllStringSubmatch(says, -1) {
			rows++
			mustContain(t, "the source", source.String(), `("`+m[1]+`"`)
		}
	}
	if rows < 10 {
		t.Errorf("the table has %d messages", rows)
	}
}

// The commands of the menu are those in the README.
func TestReadmeNamesEveryCommand(t *testing.T) {
	inEachReadme(t, func(t *testing.T, name, readme string) {
		for _, command := range menuNames(t) {
			mustContain(t, name, readme, "`/"+command)
		}
	})
}

// menuNames returns the names of the bot's commands.
func menuNames(t *testing.T) (names []string) {
	t.Helper()
	_, menu, _ := strings.Cut(readText(t, "bot/talk/locales/active.en.toml"), "\n[menu]\n")
	menu, _, _ = strings.Cut(menu, "\n\n")
	for line := range strings.Lines(menu) {
		name, _, _ := strings.Cut(line, " = ")
		names = append(names, name)
	}
	if len(names) < 10 {
		t.Fatalf("the menu is %q", menu)
	}
	return names
}

// The bot has the commands that the docs name. The others are of BotFather, or paths.
func TestCommandsInTheDocsExist(t *testing.T) {
	known := append(menuNames(t), "start", "newbot", "setinline", "setdescription", "revoke", "healthz", "metrics", "usr", "fail", "data", "etc", "mybots", "deletebot")
	command := regexp.MustCompile(`^/([a-z]+)( .*)?$`)
	found := 0
	for page, code := range codeInDocs(t) {
		if m := command.FindStringSubmatch(code); m != nil {
			found++
			if !slices.Contains(known, m[1]) {
				t.Errorf("%s names /%s, which is no command", page, m[1])
			}
		}
	}
	if found == 0 {
		t.Error("no commands are named")
	}
}

// codeInDocs yields every page with each code in it: what is in backticks, and each line
// of a block.
func codeInDocs(t *testing.T) iter.Seq2[string, string] {
	t.Helper()
	all := pages(t)
	block := regexp.MustCompile("(?s)```[a-z]*\n(.*?)```")
	return func(yield func(page, code string) bool) {
		for page, text := range all {
			var codes []string
			for _, m := range block.FindAllStringSubmatch(text, -1) {
				codes = append(codes, strings.Split(strings.ReplaceAll(m[1], "\\\n", ""), "\n")...)
			}
			for _, m := range inBackticks.FindAllStringSubmatch(block.ReplaceAllString(text, ""), -1) {
				codes = append(codes, m[1])
			}
			for _, code := range codes {
				if !yield(page, strings.TrimSpace(code)) {
					return
				}
			}
		}
	}
}

// Files and checks that the docs name are there.
func TestFilesNamedInTheDocsExist(t *testing.T) {
	_, files := declaredNames(t)
	checks := readText(t, ".ci/run")
	found := 0
	for page, code := range codeInDocs(t) {
		check, isCheck := strings.CutPrefix(code, ".ci/run ")
		folder, _, _ := strings.Cut(code, "/")
		switch {
		case isCheck:
			mustContain(t, ".ci/run, which "+page+" names,", checks, "check_"+check+"()")
		case strings.Contains(code, " "), strings.ContainsAny(code, "<*"):
			continue
		case strings.HasSuffix(code, ".go"), strings.HasPrefix(code, "botapi"):
			if !slices.ContainsFunc(files, func(file string) bool { return file == code || strings.HasSuffix(file, "/"+code) }) {
				t.Errorf("%s names %s, which is not there", page, code)
			}
		case slices.Contains([]string{"bot", "deploy", "digest", "docs", "scheduler", "subscribers"}, folder):
			if _, err := os.Stat(code); err != nil {
				t.Errorf("%s names a file that is not there: %v", page, err)
			}
		default:
			continue
		}
		found++
	}
	if found < 20 {
		t.Errorf("%d files were found; is this test looking in the right place?", found)
	}
}

// The page on the architecture has every package, and where to find what only tests import.
func TestArchitectureHasEveryPackage(t *testing.T) {
	var rooms strings.Builder
	for _, row := range regexp.MustCompile("(?m)^\\| (`[^|]+) \\|").FindAllStringSubmatch(readText(t, "docs/architecture.md"), -1) {
		rooms.WriteString(row[1])
	}
	for pack := range allowedImports {
		if folder, ok := strings.CutPrefix(pack, "digestbot/"); ok {
			mustContain(t, "the rooms of docs/architecture.md", rooms.String(), "`"+folder+"`")
		}
	}
}

// The README has the folders of the code, and the exit codes are those of the program.
func TestReadmeTablesAreComplete(t *testing.T) {
	inEachReadme(t, func(t *testing.T, name, readme string) {
		for pack := range allowedImports {
			if folder, ok := strings.CutPrefix(pack, "digestbot/"); ok {
				folder, _, _ = strings.Cut(folder, "/")
				mustContain(t, name, readme, "| [`"+folder+"`]("+folder+") |")
			}
		}
		var codes []string
		for _, m := range regexp.MustCompile(`(?m)^\| (\d+) \|`).FindAllStringSubmatch(readme, -1) {
			codes = append(codes, m[1])
		}
		want := []string{"0"}
		for _, code := range []int{exitFault, exitConflict, exitToken, exitSettings} {
			want = append(want, strconv.Itoa(code))
		}
		if diff := gocmp.Diff(want, codes); diff != "" {
			t.Errorf("exit codes of %s (-want +got):\n%s", name, diff)
		}
		mustContain(t, name, readme, fmt.Sprintf("`RestartPreventExitStatus=%d %d`", exitToken, exitSettings),
			"`Restart=on-failure`")
	})
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
