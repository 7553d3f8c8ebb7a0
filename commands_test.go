package main

import (
	"cmp"
	"io"
	"maps"
	"os"
	"path/filepath"

	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"digestbot/bot/settings"
	"digestbot/internal/longtest"
)

// block is a block of shell commands in the docs.
type block struct {
	page string
	text string
}

// name tells blocks apart: the page and the first command, without its comment.
func (b block) name() string {
	line, _, _ := strings.Cut(b.text, "\n")
	line, _, _ = strings.Cut(line, " #")
	return b.page + ": " + strings.TrimSpace(line)
}

// shellBlocks returns the blocks of commands on all pages, in their order.
func shellBlocks(t *testing.T) (blocks []block) {
	t.Helper()
	fence := regexp.MustCompile("(?ms)^( *)```sh\n(.*?)^ *```$")
	all := pages(t)
	for _, page := range slices.Sorted(maps.Keys(all)) {
		for _, m := range fence.FindAllStringSubmatch(all[page], -1) {
			blocks = append(blocks, block{page, strings.ReplaceAll("\n"+m[2], "\n"+m[1], "\n")[1:]})
		}
	}
	if len(blocks) < 20 {
		t.Fatalf("%d blocks were found; is this test looking in the right place?", len(blocks))
	}
	return blocks
}

// understood reads the arguments of the program as it does itself, and returns the command.
func understood(args []string) (command string, err error) {
	parser, err := kong.New(&commandLine{}, kong.Vars{"version": ""}, settings.Durations(), kong.Writers(io.Discard, io.Discard), kong.Exit(func(int) {}))
	if err != nil {
		return "", err
	}
	read, err := parser.Parse(args)
	if err != nil {
		return "", err
	}
	return read.Selected().Name, nil
}

// The program understands each command line of its own that a page shows. In a sentence a command
// may stand without its arguments.
func TestCommandLinesInTheDocsExist(t *testing.T) {
	found := 0
	for page, code := range codeInDocs(t) {
		for _, words := range shellCommands(code) {
			args, isOurs := ourArguments(words)
			if !isOurs || len(args) == 0 {
				continue
			}
			found++
			if _, err := understood(args); err != nil && !(lacksArguments(args) && strings.HasPrefix(err.Error(), "expected ")) {
				t.Errorf("%s: the program does not understand %q: %v", page, code, err)
			}
		}
	}
	if found < 100 {
		t.Errorf("%d command lines were found; is this test looking in the right place?", found)
	}
}

// What pages show of files of settings is right.
func TestSettingsInTheDocsAreRight(t *testing.T) {
	fence := regexp.MustCompile("(?ms)^( *)```toml\n(.*?)^ *```$")
	found := 0
	for page, text := range pages(t) {
		for _, m := range fence.FindAllStringSubmatch(text, -1) {
			found++
			dir := t.TempDir()
			write(t, dir, "token", fakeToken+"\n")
			if err := os.Mkdir(filepath.Join(dir, "issues"), 0o700); err != nil {
				t.Fatal(err)
			}
			text := strings.ReplaceAll(strings.ReplaceAll("\n"+m[2], "\n"+m[1], "\n"), "/srv/digestbot/", "")
			file := write(t, dir, "digestbot.toml", text)
			if got := runWithToken(t, "config", "--config", file); got.failure != nil {
				t.Errorf("%s: %v: %s", page, got.failure, m[2])
			}
		}
	}
	if found < 5 {
		t.Errorf("%d files of settings were found; is this test looking in the right place?", found)
	}
}

// lacksArguments reports whether there are only a command and flags.
func lacksArguments(args []string) bool {
	return !slices.ContainsFunc(args[1:], func(arg string) bool { return !strings.HasPrefix(arg, "--") })
}

// The program has the flags that pages name by themselves, and the environment the variables.
func TestFlagsInTheDocsExist(t *testing.T) {
	parser, err := kong.New(&commandLine{}, kong.Vars{"version": ""})
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{"DIGESTBOT_TOKEN": true, "DIGESTBOT_WEBHOOK_SECRET": true, "DIGESTBOT_TDLIB": true, longtest.Variable: true} // the last two are of tests
	for _, node := range append(parser.Model.Children, parser.Model.Node) {
		for _, flag := range node.Flags {
			known["--"+flag.Name], known[settings.Variable(flag.Name)] = true, true
		}
	}
	word := regexp.MustCompile(`^--[a-z][a-z-]*|DIGESTBOT_[A-Z_]+`)
	found := 0
	for page, code := range codeInDocs(t) {
		for _, name := range word.FindAllString(code, -1) {
			found++
			if !known[name] {
				t.Errorf("%s: %q has %s, which the program does not know", page, code, name)
			}
		}
	}
	if found < 50 {
		t.Errorf("%d flags and variables were found; is this test looking in the right place?", found)
	}
}

// The commands that run tests and benchmarks find some, with flags that exist.
func TestGoTestsInTheDocsFindSome(t *testing.T) {
	folder := regexp.MustCompile(`^\.(/[a-z/]+)?$`)
	parameters := map[string]string{"-run": `\w*\(t `, "-bench": `\w*\(b `, "-fuzz": `\w*\(f `}
	flags := []string{"-benchtime", "-fuzztime", "-race", "-short", "-v"}
	for _, m := range regexp.MustCompile(`flag\.\w+\("([\w.-]+)"`).FindAllStringSubmatch(testSource(t, "./..."), -1) {
		flags = append(flags, "-"+m[1])
	}
	found := 0
	for page, code := range codeInDocs(t) {
		_, command, isTest := strings.Cut(code, "go test ")
		if !isTest && !strings.HasPrefix(code, "-bench ") {
			continue
		}
		found++
		words := strings.Fields(strings.ReplaceAll(cmp.Or(command, code), "=", " "))
		folders := slices.DeleteFunc(slices.Clone(words), func(word string) bool { return !folder.MatchString(word) })
		if len(folders) == 0 {
			folders = []string{"./..."}
		}
		source := testSource(t, folders...)
		for i, word := range words {
			switch {
			case parameters[word] != "" && words[i+1] != "'^$'":
				if !regexp.MustCompile(`\nfunc \w*` + words[i+1] + parameters[word]).MatchString(source) {
					t.Errorf("%s: %q finds no %s", page, code, words[i+1])
				}
			case parameters[word] == "" && strings.HasPrefix(word, "-") && !slices.Contains(flags, word):
				t.Errorf("%s: %q has %s, which is no flag", page, code, word)
			}
		}
	}
	if found == 0 {
		t.Error("no commands are there")
	}
}
