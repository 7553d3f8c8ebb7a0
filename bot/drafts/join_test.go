package drafts

import (
	"errors"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"digestbot/subscribers"
)

func TestJoin(t *testing.T) {
	text := func(content string) subscribers.Part { return subscribers.Part{Content: []byte(content)} }
	file := func(content string) subscribers.Part {
		return subscribers.Part{Name: "part.md", Content: []byte(content)}
	}
	chinese, err := simplifiedchinese.GBK.NewEncoder().String("## 书\n\n- 今天的蔬菜和花园\n- 明天的天气")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name     string
		parts    []subscribers.Part
		title    string
		sections string // names, separated by commas
	}{
		{"texts", []subscribers.Part{text("<h1>W 5</h1>\n<p>Intro</p>"), text("<h1>News</h1>\n<p>a</p>"), text("<h1>Tools</h1>\n<p>b</p>")}, "W 5", "News,Tools"},
		{"a text without a title first", []subscribers.Part{text("<p>Hello</p>"), text("<h1>News</h1>\n<p>a</p>"), text("<h1>Tools</h1>\n<p>b</p>")}, "", "News,Tools"},
		{"a text above a file", []subscribers.Part{text("<h1>W 5</h1>\n<p>Intro</p>"), text("<p>More</p>"), file("## News\n\n- [a](https://example.org/a)\n- b")}, "W 5", "News"},
		{"a file above a text", []subscribers.Part{file("# W 5\n\n## News\n\n- a\n- b"), text("<h1>Tools</h1>\n<ul><li>c</li>\n<li>d</li></ul>")}, "W 5", "News,Tools"},
		{"the title in a file below a text", []subscribers.Part{text("<p>Hello</p>"), file("# W 5\n\n## News\n\n- a\n- b")}, "W 5", "News"},
		{"files with a title each", []subscribers.Part{file("# W 5\n\n## News\n\n- a\n- b"), file("# Tools\n\n```\n# no heading\n```\n"), file("# People\n\n- c\n- d")}, "W 5", "News,Tools,People"},
		{"code in code", []subscribers.Part{file("# W 5\n\n## News\n\n- a\n- b"), file("# Tools\n\n~~~\n```\n# no heading\n~~~\n"), file("# People\n\n````\n```\n# none\n````\n")}, "W 5", "News,Tools,People"},
		{"sections of the first level", []subscribers.Part{file("# News\n\n- a\n- b\n\n# Tools\n\n- c\n- d"), file("# People\n\n- e\n- f")}, "", "News,Tools,People"},
		{"a front matter below a text", []subscribers.Part{text("<p>Hello</p>"), file("---\ntitle: W 5\ndate: 2026-11-20\n---\n\n## News\n\n- a\n- b")}, "W 5", "News"},
		{"another encoding", []subscribers.Part{text("<h1>第 5 期</h1>"), file("## 新闻\n\n- 一\n- 二"), file(chinese)}, "第 5 期", "新闻,书"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			name, data, err := join(tt.parts, time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC))
			if err != nil {
				t.Fatal(err)
			}
			batch, err := parse(name, data)
			if err != nil {
				t.Fatal(err)
			}
			issue := batch.Issues[0]
			var names []string
			for i := range issue.Sections {
				names = append(names, issue.Sections[i].Name)
			}
			if got := strings.Join(names, ","); issue.Title != tt.title || got != tt.sections {
				t.Errorf("the issue is %q with %q, not %q with %q, from\n%s", issue.Title, got, tt.title, tt.sections, data)
			}
			if strings.Contains(tt.name, "front matter") && issue.Date.Day() != 20 {
				t.Errorf("the date is %v", issue.Date)
			}
		})
	}
	page := subscribers.Part{Name: "x.html", Content: []byte("<p>x</p>")}
	for _, parts := range [][]subscribers.Part{{page, text("<p>y</p>")}, {file("y"), page}} {
		if _, _, err := join(parts, time.Now()); !errors.Is(err, errPage) {
			t.Errorf("with a page: %v", err)
		}
	}
	if _, _, err := join([]subscribers.Part{file("---\ntitle: a\n---\nx"), file("---\ntitle: b\n---\ny")}, time.Now()); !errors.Is(err, errFronts) {
		t.Errorf("two front matters: %v", err)
	}
}
