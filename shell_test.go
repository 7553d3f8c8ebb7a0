package main

import (
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

// shellCommands returns the words of each simple command in shell text, without quotation marks,
// comments and redirections. What is in $(…) or <(…) is one word. It knows as much of a shell as
// the docs need: bash itself reads their blocks, see TestBlocksOfTheDocs.
func shellCommands(text string) [][]string {
	s := &shellText{rest: strings.ReplaceAll(text, "\\\n", " ")}
	for s.rest != "" {
		s.next()
	}
	s.endCommand()
	return s.commands
}

type shellText struct {
	rest       string
	commands   [][]string
	command    []string
	word       strings.Builder
	inWord     bool
	redirected bool // the next word is the name of a file
}

// next reads the next character, or all that belongs together.
func (s *shellText) next() {
	c := s.rest[0]
	switch {
	case c == '\'', c == '"':
		s.quoted(c)
	case strings.HasPrefix(s.rest, "$("), strings.HasPrefix(s.rest, "<("):
		s.take(strings.IndexByte(s.rest, ')') + 1)
	case c == '\\' && len(s.rest) > 1:
		s.rest = s.rest[1:]
		s.take(1)
	case c == '#' && !s.inWord:
		s.rest = s.rest[max(0, strings.IndexByte(s.rest+"\n", '\n')):]
	case c == '<', c == '>':
		s.endWord()
		s.redirected = true
		s.rest = s.rest[1:]
	case strings.IndexByte("|&;()\n", c) >= 0:
		s.endCommand()
		s.rest = s.rest[1:]
	case c == ' ', c == '\t':
		s.endWord()
		s.rest = s.rest[1:]
	default:
		s.take(1)
	}
}

// take puts the next n bytes into the word; 0: all.
func (s *shellText) take(n int) {
	if n == 0 {
		n = len(s.rest)
	}
	s.word.WriteString(s.rest[:n])
	s.rest, s.inWord = s.rest[n:], true
}

// quoted puts what is between two marks into the word.
func (s *shellText) quoted(mark byte) {
	inside, rest, _ := strings.Cut(s.rest[1:], string(mark))
	s.word.WriteString(inside)
	s.rest, s.inWord = rest, true
}

func (s *shellText) endWord() {
	if s.inWord && !s.redirected {
		s.command = append(s.command, s.word.String())
	}
	if s.inWord {
		s.word.Reset()
		s.inWord, s.redirected = false, false
	}
}

func (s *shellText) endCommand() {
	s.endWord()
	if s.command != nil {
		s.commands, s.command = append(s.commands, s.command), nil
	}
	s.redirected = false
}

// ourArguments returns the arguments of a command if that is the program, also by way of sudo,
// ssh, Docker or go run, and with variables in front.
func ourArguments(words []string) (args []string, isOurs bool) {
	words = withoutPrefix(words)
	if len(words) >= 3 && slices.Equal(words[:3], []string{"go", "run", "."}) {
		return words[3:], true
	}
	if len(words) > 0 && slices.Contains([]string{"digestbot", "./digestbot", "/digestbot"}, words[0]) {
		return words[1:], true
	}
	return nil, false
}

// withoutPrefix leaves out what comes before a command.
func withoutPrefix(words []string) []string {
	for len(words) > 1 {
		switch name := words[0]; {
		case name == "sudo" && words[1] == "-u" && len(words) > 3:
			words = words[3:]
		case name == "sudo":
			words = words[1:]
		case name == "ssh" && len(words) > 2:
			words = words[2:]
		case name == "docker" && slices.Contains(words, "exec"):
			words = words[min(slices.Index(words, "exec")+2, len(words)):]
		case strings.HasPrefix(name, "DIGESTBOT_") && strings.Contains(name, "="):
			words = words[1:]
		default:
			return words
		}
	}
	return words
}

func TestShellCommands(t *testing.T) {
	tests := map[string][][]string{
		"go build # comment\n./digestbot preview a\\ b": {{"go", "build"}, {"./digestbot", "preview", "a b"}},
		"digestbot \\\n  --source 'a b' \"c d\"":        {{"digestbot", "--source", "a b", "c d"}},
		"digestbot backup - > copy.db && ls":            {{"digestbot", "backup", "-"}, {"ls"}},
		"digestbot restore - < copy.db; a | b":          {{"digestbot", "restore", "-"}, {"a"}, {"b"}},
		"digestbot preview <(make issue) x#y":           {{"digestbot", "preview", "<(make issue)", "x#y"}},
		"# only a comment":                              nil,
	}
	for text, want := range tests {
		if diff := gocmp.Diff(want, shellCommands(text)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

func TestOurArguments(t *testing.T) {
	for line, want := range map[string]string{
		"sudo -u digestbot digestbot export --config x":  "export --config x",
		"ssh bot.example.org digestbot backup -":         "backup -",
		"docker compose exec digestbot /digestbot check": "check",
		"DIGESTBOT_LAYOUT=rich ./digestbot preview x":    "preview x",
		"go run . demo":                         "demo",
		"sudo systemctl enable --now digestbot": "none",
		"journalctl -u digestbot -n 20":         "none",
		"go run ./tool":                         "none",
	} {
		args, isOurs := ourArguments(shellCommands(line)[0])
		if got := strings.Join(args, " "); isOurs != (want != "none") || isOurs && got != want {
			t.Errorf("%q: %q, %v; want %q", line, got, isOurs, want)
		}
	}
}
