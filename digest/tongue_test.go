package digest_test

import (
	"strings"
	"testing"
	"time"

	"digestbot/digest"
)

// An issue writes its number and date in its own language, and repeats no date that its
// title says.
func TestNumberAndDateInTheLanguageOfTheIssue(t *testing.T) {
	date := time.Date(2026, 11, 13, 0, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		name, title, section, text string
		cover, heading, dated      string // the line below the title; a section's heading, and without a number
	}{
		{"Chinese", "港口周刊", "新闻", "渡船", "第 7 期 · 2026年11月13日", "新闻 · 第 7 期", "新闻 · 2026年11月13日"},
		{"traditional Chinese", "港口週刊", "新聞", "渡船", "第 7 期 · 2026年11月13日", "新聞 · 第 7 期", "新聞 · 2026年11月13日"},
		{"Chinese with foreign names", "Python 潮流周刊：Django 发布了", "GitHub 项目", "Flask", "第 7 期 · 2026年11月13日", "GitHub 项目 · 第 7 期", "GitHub 项目 · 2026年11月13日"},
		{"Chinese under foreign names", "Weekly", "AI", "渡船夜里也开了", "第 7 期 · 2026年11月13日", "AI · 第 7 期", "AI · 2026年11月13日"},
		{"Japanese", "港のニュース", "新着", "船が来た", "第7号 · 2026年11月13日", "新着 · 第7号", "新着 · 2026年11月13日"},
		{"Korean", "항구 소식", "새 소식", "배", "제7호 · 2026년 11월 13일", "새 소식 · 제7호", "새 소식 · 2026년 11월 13일"},
		{"English", "Harbour", "News", "The ferry, and a lamp", "№ 7 · 13 November 2026", "News · № 7", "News · 13 November 2026"},
		{"English about Chinese", "Learning", "中文", "The words of the week, with sounds", "№ 7 · 13 November 2026", "中文 · № 7", "中文 · 13 November 2026"},
		{"German", "Hafen", "Neues", "Die Fähre und das Licht", "№ 7 · 2026-11-13", "Neues · № 7", "Neues · 2026-11-13"},
		{"no letters", "7!", "…", "12", "2026-11-13", "… · № 7", "… · 2026-11-13"},
		{"date in the title", "港口周刊 2026年11月13日", "新闻", "渡船", "第 7 期", "新闻 · 第 7 期", "新闻 · 2026年11月13日"},
	} {
		t.Run(test.name, func(t *testing.T) {
			issue := &digest.Issue{Key: "7", Number: 7, Title: test.title, Date: date, Sections: []digest.Section{{
				Key: digest.SectionKey(test.section), Name: test.section, Items: []digest.Item{{Title: []digest.Span{{Text: test.text}}}},
			}}}
			messages := issue.Messages()
			if got, _, _ := strings.Cut(strings.TrimPrefix(messages[0].Plain, test.title+"\n"), "\n"); got != test.cover {
				t.Errorf("the cover says %q, want %q", got, test.cover)
			}
			if got, _, _ := strings.Cut(messages[1].Plain, "\n"); got != test.heading {
				t.Errorf("the section is headed %q, want %q", got, test.heading)
			}
			issue.Number = 0
			if got, _, _ := strings.Cut(issue.Messages()[1].Plain, "\n"); got != test.dated {
				t.Errorf("without a number the section is headed %q, want %q", got, test.dated)
			}
		})
	}
}

// The name of the publication stands before a number without a dot, in all languages.
func TestTitledByNumber(t *testing.T) {
	for text, want := range map[string]string{"渡船": "Harbour 第 7 期", "Die Fähre": "Harbour № 7", "船が来た": "Harbour 第7号", "배": "Harbour 제7호"} {
		issue := &digest.Issue{Key: "7", Number: 7, Sections: []digest.Section{{Items: []digest.Item{{Title: []digest.Span{{Text: text}}}}}}}
		for _, m := range issue.Messages() {
			if got, _, _ := strings.Cut(m.Titled("Harbour").Plain, "\n"); got != want {
				t.Errorf("%s: the heading is %q, want %q", text, got, want)
			}
		}
	}
}
