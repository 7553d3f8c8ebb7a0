package archive_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"digestbot/digest"
	"digestbot/digest/digesttest"
	"digestbot/subscribers/search"
)

// searchTarget is how long a search of ten years of a weekly may take.
const searchTarget = 50 * time.Millisecond

var (
	chinese = strings.Fields(`
		产品负责人在发布会上表示， 这项改动来自过去一年收集的三千多条用户意见， 团队先在两座城市试运行了六周， 确认稳定后才决定全面开放。
		按照公告，老用户不需要重新注册， 已有的数据会自动迁移， 迁移期间仍可以正常使用， 业内人士认为， 在增长放缓的背景下，
		把已有的功能做细比继续扩张更重要， 官方同时提醒， 旧版本将在明年三月底停止维护， 数据显示，上线首周使用人数达到4.6万，
		支持iOS和Android系统， 基于Linux内核开发， 其中八成以上来自移动端， 这也是多家同行近期的共同选择。`)
	english = strings.Fields(`
		The team behind the compiler has released a new version which makes builds of large programs faster by a third and keeps
		memory low; it works on Linux, Windows and phones. Readers of this weekly who maintain a library should test their code
		with the candidate before autumn because several functions that had been marked as old are gone for good now.`)
)

// tenYears fills an archive with 520 issues of 20 items, Chinese and English:
// bodies of 100 to 300 Chinese characters or 60 to 180 English words. One item
// in the middle has a word no other has.
func tenYears(tb testing.TB, path string) opened {
	tb.Helper()
	a := openAt(tb, path)
	r := rand.New(rand.NewPCG(1, 2))
	words := func(from []string, n int, between string) string {
		var b strings.Builder
		for range n {
			b.WriteString(from[r.IntN(len(from))] + between)
		}
		return b.String()
	}
	for number := range 520 {
		issue := digesttest.Issue(number + 1)
		issue.Date = time.Date(2016, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, 7*number) // issues dated ahead are not found
		for n := range 20 {
			if n%4 == 0 {
				name := fmt.Sprintf("栏目 %d", n/4)
				issue.Sections = append(issue.Sections, digest.Section{Key: digest.SectionKey(name), Name: name})
			}
			title, body := words(chinese, 1, ""), words(chinese, 7+r.IntN(13), "")
			if n%2 == 0 {
				title, body = words(english, 6, " "), words(english, 60+r.IntN(120), " ")
			}
			if number == 260 && n == 10 {
				body += "独一无二 singular"
			}
			section := &issue.Sections[n/4]
			section.Items = append(section.Items, digest.Item{
				Title: []digest.Span{{Text: title, Link: fmt.Sprintf("https://example.org/%d/%d", number, n)}},
				Body:  []digest.Block{{Kind: digest.Paragraph, Spans: []digest.Span{{Text: body}}}},
			})
		}
		saveIssue(tb, a, issue)
	}
	return a
}

// BenchmarkSearch searches ten years of a weekly for rare and frequent words.
func BenchmarkSearch(b *testing.B) {
	path := filepath.Join(b.TempDir(), "digestbot.db")
	a := tenYears(b, path)
	for _, test := range []struct {
		name, words string
		page        int
		least       int // hits
	}{
		{"rare/Chinese", "独一无二", 0, 1},
		{"rare/Latin", "singular", 0, 1},
		{"frequent/character", "的", 0, 5000},
		{"frequent/words", "用户意见", 0, 2000},
		{"frequent/letter", "t", 0, 5000},
		{"frequent/Latin", "linux", 0, 2000},
		{"several", "linux 用户 数据", 0, 100},
		{"several/letters", "a c f l o r t w", 0, 1000},
		{"page2", "的", 1, 5000},
		{"last", "的", 900, 5000},
		{"nothing", "没有这个词", 0, 0},
		{"everything", "", 0, 10400},
	} {
		b.Run(test.name, func(b *testing.B) {
			timeSearches(b, func() {
				items, total, err := a.Search(b.Context(), search.Parse(test.words), 5, 5*test.page)
				if err != nil || total < test.least || len(items) < min(test.least, 5) {
					b.Fatalf("Search(%q) = %d of %d items, %v, want at least %d", test.words, len(items), total, err, test.least)
				}
			})
		})
	}
	b.Run("first", func(b *testing.B) { // after a start
		timeSearches(b, func() {
			b.StopTimer()
			a := openAt(b, path)
			b.StartTimer()
			if _, total, err := a.Search(b.Context(), search.Parse("linux"), 5, 0); err != nil || total == 0 {
				b.Fatalf("Search = %d items, %v", total, err)
			}
		})
	})
}

func timeSearches(b *testing.B, once func()) {
	for b.Loop() {
		once()
	}
	mean := b.Elapsed() / time.Duration(b.N)
	b.ReportMetric(float64(mean.Microseconds())/1000, "ms/search")
	if mean > searchTarget {
		b.Logf("the target is missed: a search takes %v, want at most %v", mean, searchTarget)
	}
}
