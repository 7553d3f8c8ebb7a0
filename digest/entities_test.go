package digest_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"digestbot/digest/digesttest"
)

// sectionHTML returns the parts of the one section of a document, without their headings.
func sectionHTML(t *testing.T, document string) []string {
	t.Helper()
	issue := parse(t, "doc.md", document)
	digesttest.CheckIssue(t, issue)
	var out []string
	for _, m := range issue.Messages()[1:] {
		_, body, _ := strings.Cut(m.HTML, "\n\n")
		out = append(out, body)
	}
	return out
}

// TestFoundEntitiesCount: what Telegram finds by itself, and what it splits, counts towards
// the hundred entities of a message.
func TestFoundEntitiesCount(t *testing.T) {
	tests := []struct {
		name, line string
		entities   int // of one line
	}{
		{"mentions", "hello @somebody%d", 1},
		{"hashtags", "a #tag%d", 1},
		{"cashtags", "a price in $USD %d", 1},
		{"addresses", "see example.com/%d", 1},
		{"mail", "to a%d@example.com", 1},
		{"cards", "4111 1111 1111 1111, %d", 1},
		{"in italics", "x *some @somebody%d some* y", 4},
		{"italics split by a link", "x *some [link](https://example.com/%d) some* y", 4},
		{"struck in italics", "x *some ~~both%d~~ some* y", 3},
		{"commands", "look into /usr%d", 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var document strings.Builder
			document.WriteString("# T\n\n## A\n\n")
			for n := range 120 {
				fmt.Fprintf(&document, "- "+tt.line+"\n", n)
			}
			for n, part := range sectionHTML(t, document.String()) {
				if got := tt.entities * strings.Count(part, "•"); got > 99 { // one is the heading's
					t.Errorf("part %d has %d entities:\n%.300s", n+1, got, part)
				}
			}
		})
	}
}

// TestPlainTextIsNotSplit: a word that only looks like an entity costs nothing.
func TestPlainTextIsNotSplit(t *testing.T) {
	line := "- Issue #123 of node-js, v1.2.3 and 1.5亿: up 3.5%, e.g. from $5 to $6 (50/50), and/or C++ at 10:30.\n"
	if parts := sectionHTML(t, "# T\n\n## A\n\n"+strings.Repeat(line, 40)); len(parts) != 1 {
		t.Errorf("the section has %d parts, want 1", len(parts))
	}
}

var asCode = regexp.MustCompile(`<code>([^<]*)</code>`)

// TestCommandsBecomeCode: a word that Telegram would make a command of the bot is set as
// code, and nothing else is.
func TestCommandsBecomeCode(t *testing.T) {
	tests := []struct {
		in   string
		want []string
	}{
		{"/usr is a folder", []string{"/usr"}},
		{"看 /help。", []string{"/help"}},
		{"(/help)", []string{"/help"}},
		{"edit ~/notes.txt now", []string{"~/notes.txt"}},
		{"/etc/hosts and /usr/bin/env", nil},
		{"/foo.bar/baz.", []string{"/foo.bar/baz"}},
		{"/start@some_bot", []string{"/start"}},
		{"and/or, 1/2, 24/7, w/o, //x, 中/文", nil},
		{"2026/11/29 and ./run.sh", []string{"./run.sh"}},
		{"x <u>some /usr some</u> y", []string{"/usr"}},
		{"*a /b c*", []string{"/b"}},
		{"[a /link here](https://example.com/x)", nil},
		{"`code /x`", []string{"code /x"}},
		{"https://example.com/start", nil},
		{"/" + strings.Repeat("x", 65), nil},
	}
	for _, tt := range tests {
		body := sectionHTML(t, "# T\n\n## A\n\n"+tt.in+"\n\nmore\n")[0]
		var got []string
		for _, m := range asCode.FindAllStringSubmatch(body, -1) {
			got = append(got, m[1])
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%q has code %q, want %q:\n%s", tt.in, got, tt.want, body)
		}
	}
}
